"""Random small problems under every rule there is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from fulfillment.routing.problem import RoutingProblem, Stop, Vehicle
from fulfillment.routing.rules import Break, FixedTrip, Traffic
from fulfillment.routing.schedule import Duty, evaluate_duty
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, micro_van, on_a_map, van

_SIZES = st.sampled_from([1, 2, 3])
_HALF_HOURS = 30 * MINUTE_S


@st.composite
def rich_problems(draw: st.DrawFn, *, max_stops: int = 6) -> RoutingProblem:
    """A town of a few stops with up to three vehicles, rules drawn one by one.

    What is fixed can be driven: a vehicle that drives its fixed trips and
    nothing else breaks no rule.
    """
    fleet = [draw(_vehicles(f"V{number}")) for number in range(draw(st.integers(1, 3)))]
    keys = [vehicle.key for vehicle in fleet]
    stops = [draw(_stops(f"S{number}", keys)) for number in range(draw(st.integers(1, max_stops)))]
    side = st.integers(-15, 15)
    points = [(draw(side), draw(side)) for _ in stops]
    problem = on_a_map(points, stops, fleet)
    pairs = [(here, there) for there in problem.nodes for here in range(1, there)]
    problem = replace(
        problem,
        forbidden_pairs=draw(st.frozensets(st.sampled_from(pairs), max_size=2))
        if pairs
        else frozenset(),
        traffic=draw(st.none() | traffics()),
    )
    return replace(problem, fixed=draw(_fixed(problem)))


@st.composite
def rich_duties(draw: st.DrawFn, *, max_stops: int = 6) -> tuple[RoutingProblem, tuple[Duty, ...]]:
    """A rich problem with some of its stops in random trips behind what is fixed."""
    problem = draw(rich_problems(max_stops=max_stops))
    fixed = {node for trip in problem.fixed for node in trip.nodes}
    nodes = draw(st.permutations([node for node in problem.nodes if node not in fixed]))
    duties: list[Duty] = []
    for position, vehicle in enumerate(problem.vehicles):
        trips = list(fixed_duty(problem, position).trips)
        closed = [trip.is_closed for trip in problem.fixed if trip.vehicle == position]
        for number in range(vehicle.max_trips):
            size = draw(st.integers(0, min(3, len(nodes))))
            if number < len(closed) and closed[number]:
                continue
            if number < len(trips):
                trips[number] = (*trips[number], *nodes[:size])
            else:
                trips.append(tuple(nodes[:size]))
            nodes = nodes[size:]
        duties.append(Duty(position, tuple(trips)))
    return problem, tuple(duties)


def fixed_duty(problem: RoutingProblem, position: int) -> Duty:
    """Return what is fixed to a vehicle and nothing else."""
    own = sorted(
        (trip for trip in problem.fixed if trip.vehicle == position), key=lambda trip: trip.trip
    )
    return Duty(position, tuple(trip.nodes for trip in own))


@st.composite
def traffics(draw: st.DrawFn) -> Traffic:
    """A day that slows down and speeds up a few times between 04:00 and 14:00."""
    turns = draw(st.sets(st.integers(8, 28), max_size=4))
    starts = [0, *(turn * _HALF_HOURS for turn in sorted(turns))]
    return Traffic(tuple((start_s, draw(st.integers(70, 250))) for start_s in starts))


@st.composite
def _stops(draw: st.DrawFn, key: str, vehicle_keys: list[str]) -> Stop:
    opens_s = draw(st.integers(8, 20)) * _HALF_HOURS
    closes_s = opens_s + draw(st.integers(0, 240)) * MINUTE_S
    totes = draw(st.integers(0, 40))
    changes: dict[str, Any] = {
        "weight_g": draw(st.integers(0, 600)) * 1_000,
        "totes": totes,
        "volume_ml": draw(st.integers(0, 2_000)) * 1_000,
        "cold_totes": draw(st.integers(0, min(totes, 8))),
        "opens_s": opens_s,
        "closes_s": closes_s,
        "service_s": draw(st.integers(0, 30)) * MINUTE_S,
    }
    if draw(st.booleans()):
        changes["prefers_until_s"] = draw(st.integers(opens_s, closes_s))
        changes["lateness_fen_per_hour"] = draw(st.sampled_from([600, 2_000, 9_001]))
    if draw(st.integers(0, 3)) == 0:
        changes["largest_size"] = draw(_SIZES)
    if draw(st.integers(0, 3)) == 0:
        changes["trucks_from_s"] = draw(st.integers(12, 18)) * _HALF_HOURS
    if draw(st.integers(0, 3)) == 0:
        changes["vehicle_keys"] = frozenset(draw(st.sets(st.sampled_from(vehicle_keys))))
    if draw(st.booleans()):
        changes["usual_vehicle_key"] = draw(st.sampled_from(vehicle_keys))
        changes["change_penalty_fen"] = draw(st.integers(0, 5_000))
    return drop(key, **changes)


@st.composite
def _vehicles(draw: st.DrawFn, key: str) -> Vehicle:
    make: Callable[..., Vehicle] = draw(st.sampled_from([van, micro_van]))
    overtime_s = draw(st.sampled_from([0, 0, HOUR_S]))
    return make(
        key,
        size=draw(_SIZES),
        capacity_ml=draw(st.sampled_from([2_000_000, 6_000_000])),
        capacity_cold_totes=draw(st.sampled_from([0, 10, 30])),
        max_trips=draw(st.integers(1, 3)),
        overtime_s=overtime_s,
        overtime_fen_per_hour=draw(st.sampled_from([0, 4_500])) if overtime_s else 0,
        breaks=draw(_breaks()),
    )


@st.composite
def _breaks(draw: st.DrawFn) -> tuple[Break, ...]:
    found: list[Break] = []
    from_s = 6 * HOUR_S
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        from_s += draw(st.integers(0, 4)) * _HALF_HOURS
        until_s = from_s + draw(st.integers(0, 4)) * _HALF_HOURS
        minutes = draw(st.integers(5, 45))
        found.append(Break(duration_s=minutes * MINUTE_S, from_s=from_s, until_s=until_s))
        from_s = until_s + minutes * MINUTE_S
    return tuple(found)


@st.composite
def _fixed(draw: st.DrawFn, problem: RoutingProblem) -> tuple[FixedTrip, ...]:
    nodes = draw(st.permutations(list(problem.nodes)))
    kept: list[FixedTrip] = []
    for position in range(len(problem.vehicles)):
        count = draw(st.sampled_from([0, 0, 1, 2]))
        is_closed = draw(st.booleans())
        departs_s = draw(st.none() | st.integers(10, 20)) if is_closed else None
        wanted = FixedTrip(
            vehicle=position,
            trip=1,
            nodes=tuple(nodes[:count]),
            is_closed=is_closed,
            departs_s=None if departs_s is None else departs_s * _HALF_HOURS,
        )
        if count and _can_be_driven(replace(problem, fixed=(*kept, wanted)), position):
            kept.append(wanted)
            nodes = nodes[count:]
    return tuple(kept)


def _can_be_driven(problem: RoutingProblem, position: int) -> bool:
    return not evaluate_duty(problem, fixed_duty(problem, position)).broken
