"""Why a stop is where it is: what it costs there, and what it would cost elsewhere.

Every other trip, a further trip of every vehicle on the road and one idle
vehicle of each kind are tried, at every place of the trip. Costs are those of
the vehicle's whole day, so the waiting, overtime and lateness that a stop
brings to others count as its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, Trip, evaluate_duty
from fulfillment.routing.violations import ViolationCode

# Broken at one place of a trip, these are broken at every other.
_ANYWHERE = frozenset(
    {
        ViolationCode.OVER_WEIGHT,
        ViolationCode.OVER_TOTES,
        ViolationCode.OVER_VOLUME,
        ViolationCode.OVER_COLD,
        ViolationCode.VEHICLE_TOO_LARGE,
        ViolationCode.VEHICLE_NOT_ALLOWED,
        ViolationCode.PAIR_FORBIDDEN,
        ViolationCode.TRIPS_TOO_MANY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """The best place for the stop on another trip.

    Parameters
    ----------
    vehicle_key, trip, position
        Where: trip and place on it count from 1.
    is_new_trip
        Whether the trip begins with this stop; of idle vehicles alike, one
        stands for all.
    extra_fen
        What the plan would cost more than now; below 0 it would be cheaper.
    rule
        The first rule that forbids it; None where nothing does.
    """

    vehicle_key: str
    trip: int
    position: int
    is_new_trip: bool
    extra_fen: int
    rule: ViolationCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAlone:
    """What stops vehicles of one kind from serving the stop, even alone; None if nothing does."""

    vehicle_keys: tuple[str, ...]
    rule: ViolationCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a stop is where it is.

    Parameters
    ----------
    vehicle_key, trip, position
        Where it is served; None and zeros where no trip serves it.
    serving_fen
        What its vehicle's day costs with it above the same day without it.
    options
        Every other place: those allowed first, the cheapest first.
    kinds
        For a stop on no trip, what stops each kind of vehicle; else empty.
    is_closed
        Its trip is loaded or on the road.
    is_fixed
        Its place on the trip is locked or closed.
    is_locked
        Only some vehicles may serve it.
    is_familiar
        Its vehicle is the usual one; None where no vehicle is.
    """

    stop_key: str
    vehicle_key: str | None
    trip: int
    position: int
    serving_fen: int
    options: tuple[Option, ...]
    kinds: tuple[KindAlone, ...]
    is_closed: bool
    is_fixed: bool
    is_locked: bool
    is_familiar: bool | None


def explain_stop(problem: RoutingProblem, duties: Iterable[Duty], node: int) -> Explanation:
    """Explain where `node` is in `duties`, or why it is in none of them."""
    days = {duty.vehicle: tuple(trip for trip in duty.trips if trip) for duty in duties}
    stop = problem.stop_at(node)
    seat = _seat(days, node)
    serving_fen, bare = 0, days
    if seat is not None:
        vehicle = seat[0]
        bare = {**days, vehicle: _without(days[vehicle], node)}
        serving_fen = _cost_fen(problem, vehicle, days[vehicle])
        serving_fen -= _cost_fen(problem, vehicle, tuple(filter(None, bare[vehicle])))
    options = [
        replace(option, extra_fen=option.extra_fen - serving_fen)
        for option in _options(problem, bare, node, seat)
    ]
    options.sort(key=_rank)
    vehicle_key = None if seat is None else problem.vehicles[seat[0]].key
    fixed = [entry for entry in problem.fixed if node in entry.nodes]
    usual = stop.usual_vehicle_key
    return Explanation(
        stop_key=stop.key,
        vehicle_key=vehicle_key,
        trip=0 if seat is None else seat[1] + 1,
        position=0 if seat is None else seat[2] + 1,
        serving_fen=serving_fen,
        options=tuple(options),
        kinds=() if seat is not None else tuple(_kinds_alone(problem, node)),
        is_closed=any(entry.is_closed for entry in fixed),
        is_fixed=bool(fixed),
        is_locked=stop.vehicle_keys is not None,
        is_familiar=None if usual is None or seat is None else usual == vehicle_key,
    )


def _seat(days: dict[int, tuple[Trip, ...]], node: int) -> tuple[int, int, int] | None:
    """Return vehicle, trip and place of a node, all from 0."""
    for vehicle, trips in days.items():
        for number, trip in enumerate(trips):
            if node in trip:
                return vehicle, number, trip.index(node)
    return None


def _without(trips: Sequence[Trip], node: int) -> tuple[Trip, ...]:
    """Return the trips without a node; one that served nothing else stays, empty."""
    return tuple(tuple(other for other in trip if other != node) for trip in trips)


def _options(
    problem: RoutingProblem,
    days: dict[int, tuple[Trip, ...]],
    node: int,
    seat: tuple[int, int, int] | None,
) -> Iterator[Option]:
    idle_seen: set[tuple[object, ...]] = set()
    stop = problem.stop_at(node)
    for position, vehicle in enumerate(problem.vehicles):
        trips = days.get(position, ())
        if not any(trips) and (seat is None or seat[0] != position):
            allowed = stop.vehicle_keys is None or vehicle.key in stop.vehicle_keys
            alike = (vehicle.kind, allowed)
            if alike in idle_seen:
                continue
            idle_seen.add(alike)
        for number in range(len(trips) + 1):
            is_here = seat is not None and (position, number) == seat[:2]
            # A trip that this stop alone makes cannot be followed by a new one.
            is_after_emptied = number == len(trips) and bool(trips) and not trips[-1]
            is_beyond = number == len(trips) >= vehicle.max_trips
            if not (is_here or is_after_emptied or is_beyond):
                yield _best_place(problem, position, trips, number, node)


def _best_place(
    problem: RoutingProblem, vehicle: int, trips: tuple[Trip, ...], number: int, node: int
) -> Option:
    """Return the cheapest allowed place on a trip, or the cheapest one and what forbids it."""
    base_fen = _cost_fen(problem, vehicle, tuple(filter(None, trips)))
    trip = trips[number] if number < len(trips) else ()
    tried: list[Option] = []
    for place in range(len(trip) + 1):
        longer = (*trip[:place], node, *trip[place:])
        day = tuple(filter(None, (*trips[:number], longer, *trips[number + 1 :])))
        evaluation = evaluate_duty(problem, Duty(vehicle, day))
        rule = next(iter(evaluation.broken), None)
        option = Option(
            vehicle_key=problem.vehicles[vehicle].key,
            trip=number + 1,
            position=place + 1,
            is_new_trip=not trip,
            extra_fen=evaluation.costs.total_fen - base_fen,
            rule=rule,
        )
        tried.append(option)
        if rule in _ANYWHERE:
            break
    return min(tried, key=_rank)


def _rank(option: Option) -> tuple[bool, int]:
    return option.rule is not None, option.extra_fen


def _cost_fen(problem: RoutingProblem, vehicle: int, trips: tuple[Trip, ...]) -> int:
    return evaluate_duty(problem, Duty(vehicle, trips)).costs.total_fen if trips else 0


def _kinds_alone(problem: RoutingProblem, node: int) -> Iterator[KindAlone]:
    """Try the stop alone on an empty vehicle of each kind, allowed and not allowed apart."""
    allowed = problem.stop_at(node).vehicle_keys
    for positions in problem.vehicles_by_kind().values():
        keys = [problem.vehicles[position].key for position in positions]
        free = [key for key in keys if allowed is None or key in allowed]
        barred = [key for key in keys if key not in free]
        for group in filter(None, (free, barred)):
            at = positions[keys.index(group[0])]
            evaluation = evaluate_duty(problem, Duty(at, ((node,),)))
            rule = next(iter(evaluation.broken), None)
            yield KindAlone(vehicle_keys=tuple(group), rule=rule)
