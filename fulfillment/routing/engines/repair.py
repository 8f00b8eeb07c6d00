"""A day made sound: what breaks a rule leaves its trip and goes where it fits.

Some engines know only part of the rules. `mended` puts fixed prefixes where
they belong, takes out of every duty the stops that spoil it, and puts each back
at the cheapest place that keeps all rules; a stop without one stays out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from fulfillment.routing.day_rules import is_allowed
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.problem import DEPOT_NODE, VehicleKind
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.schedule import Duty, Trip, evaluate_duty

# Places for a stop that are tried in full, those of the shortest detours.
_PLACES = 40


def mended(
    judge: Judge,
    duties: Iterable[Duty],
    *,
    nodes: Iterable[int] | None = None,
    vehicles: Iterable[int] | None = None,
) -> tuple[Duty, ...]:
    """Return sound duties that are as close to `duties` as the rules allow.

    Sound duties with their fixed trips come back as they are, with stops that
    were left out added where that pays. Where only a part of the day is meant,
    `nodes` and `vehicles` are all that it may serve and use.
    """
    problem = judge.problem
    day = _Day(
        judge,
        problem.nodes if nodes is None else nodes,
        range(len(problem.vehicles)) if vehicles is None else vehicles,
    )
    day.take(duties)
    day.put_fixed()
    day.take_out_troublemakers()
    day.put_back()
    return day.duties()


@dataclass(frozen=True, slots=True)
class _Place:
    """A place for a stop: before position `at` of a trip; `detour_m` longer than now."""

    detour_m: int
    vehicle: int
    trip: int
    at: int


class _Day:
    """The duties under repair, as lists of trips by vehicle."""

    def __init__(self, judge: Judge, nodes: Iterable[int], vehicles: Iterable[int]) -> None:
        self._judge = judge
        self._problem = judge.problem
        self._left_out = set(nodes)
        self._vehicles = sorted(vehicles)
        own = set(self._vehicles)
        self._fixed = [f for f in judge.problem.fixed if f.nodes and f.vehicle in own]
        self._held = {node for fixed in self._fixed for node in fixed.nodes}
        self._trips: dict[int, tuple[Trip, ...]] = {}

    def take(self, duties: Iterable[Duty]) -> None:
        """Take these duties over; a stop that is served twice is kept where it comes first."""
        for duty in duties:
            trips: list[Trip] = []
            for trip in duty.trips:
                trips.append(tuple(node for node in trip if node in self._left_out))
                self._left_out.difference_update(trip)
            self._trips[duty.vehicle] = tuple(filter(None, trips))

    def duties(self) -> tuple[Duty, ...]:
        """Return the days of the vehicles that leave the depot, in fleet order."""
        return tuple(Duty(at, trips) for at, trips in sorted(self._trips.items()) if trips)

    def put_fixed(self) -> None:
        """Let every fixed trip begin with its stops."""
        for fixed in sorted(self._fixed, key=lambda fixed: (fixed.vehicle, fixed.trip)):
            if not self._stands(fixed):
                self._put(fixed)

    def take_out_troublemakers(self) -> None:
        """Take stops out of the duties that break a rule until none does."""
        for vehicle, trips in list(self._trips.items()):
            duty = Duty(vehicle, trips)
            while duty.trips and self._judge.duty_fen(duty) is None:
                duty = self._without_one(duty)
            self._left_out.update(set(Duty(vehicle, trips).nodes).difference(duty.nodes))
            self._trips[vehicle] = duty.trips

    def put_back(self) -> None:
        """Insert what is left out where it adds least, the dearest to leave out first."""
        stop_at = self._problem.stop_at
        left_out = sorted(
            self._left_out,
            key=lambda node: (-stop_at(node).unserved_penalty_fen, stop_at(node).closes_s, node),
        )
        for node in left_out:
            best = min(self._offers(node), default=None, key=lambda offer: offer[0])
            if best is not None and best[0] < stop_at(node).unserved_penalty_fen:
                self._trips[best[1].vehicle] = best[1].trips
                self._left_out.discard(node)

    def _stands(self, fixed: FixedTrip) -> bool:
        trips = self._trips.get(fixed.vehicle, ())
        return len(trips) >= fixed.trip and trips[fixed.trip - 1][: len(fixed.nodes)] == fixed.nodes

    def _put(self, fixed: FixedTrip) -> None:
        moved = set(fixed.nodes)
        self._left_out.difference_update(moved)
        for vehicle, trips in self._trips.items():
            kept = (tuple(node for node in trip if node not in moved) for trip in trips)
            self._trips[vehicle] = tuple(filter(None, kept))
        ours = list(self._trips.get(fixed.vehicle, ()))
        at = min(fixed.trip - 1, len(ours))
        ours[at : at + 1] = [(*fixed.nodes, *(ours[at] if at < len(ours) else ()))]
        self._trips[fixed.vehicle] = tuple(ours)

    def _without_one(self, duty: Duty) -> Duty:
        """Return the duty without the stop whose loss mends most, for least."""
        free = [node for node in duty.nodes if node not in self._held]
        return min(
            (_without(duty, node) for node in free or duty.nodes), key=lambda less: self._rank(less)
        )

    def _rank(self, duty: Duty) -> tuple[int, int]:
        if not duty.trips:
            return 0, 0
        worth = sum(self._problem.stop_at(node).unserved_penalty_fen for node in duty.nodes)
        day = evaluate_duty(self._problem, duty)
        return len(day.broken), day.costs.total_fen - worth

    def _offers(self, node: int) -> Iterator[tuple[int, Duty]]:
        """Yield what serving the node would add, and the vehicle's day with it."""
        idle = self._idle(node)
        near = nsmallest(
            _PLACES, self._places(node), key=lambda p: (p.detour_m, p.vehicle, p.trip, p.at)
        )
        for place in (*near, *idle):
            trips = self._trips.get(place.vehicle, ())
            longer = Duty(place.vehicle, _with(trips, node, place))
            after_fen = self._judge.duty_fen(longer)
            before_fen = self._judge.duty_fen(Duty(place.vehicle, trips)) if trips else 0
            if after_fen is not None and before_fen is not None:
                yield after_fen - before_fen, longer

    def _places(self, node: int) -> Iterator[_Place]:
        """Yield every place in the trips there are, and a further trip of every vehicle."""
        for vehicle, trips in self._trips.items():
            if not trips:
                continue
            for number, trip in enumerate(trips):
                for at in range(len(trip) + 1):
                    yield _Place(self._detour_m(trip, at, node), vehicle, number, at)
            if len(trips) < self._problem.vehicles[vehicle].max_trips:
                yield _Place(self._detour_m((), 0, node), vehicle, len(trips), 0)

    def _idle(self, node: int) -> list[_Place]:
        """Return one idle vehicle of each kind that may serve the node, and its usual one."""
        stop = self._problem.stop_at(node)
        found: dict[tuple[VehicleKind, bool], _Place] = {}
        for vehicle in self._vehicles:
            able = self._problem.vehicles[vehicle]
            if not self._trips.get(vehicle) and is_allowed(able, stop):
                alike = able.kind, able.key == stop.usual_vehicle_key
                found.setdefault(alike, _Place(self._detour_m((), 0, node), vehicle, 0, 0))
        return list(found.values())

    def _detour_m(self, trip: Trip, at: int, node: int) -> int:
        before = trip[at - 1] if at else DEPOT_NODE
        after = trip[at] if at < len(trip) else DEPOT_NODE
        metres = self._judge.metres
        return metres[before][node] + metres[node][after] - metres[before][after]


def _without(duty: Duty, node: int) -> Duty:
    trips = (tuple(other for other in trip if other != node) for trip in duty.trips)
    return replace(duty, trips=tuple(filter(None, trips)))


def _with(trips: Sequence[Trip], node: int, place: _Place) -> tuple[Trip, ...]:
    trip = trips[place.trip] if place.trip < len(trips) else ()
    longer = (*trip[: place.at], node, *trip[place.at :])
    return (*trips[: place.trip], longer, *trips[place.trip + 1 :])
