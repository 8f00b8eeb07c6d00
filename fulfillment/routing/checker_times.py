"""The judge's own clock: drives under traffic, visits, breaks, shifts and reloads.

Shares nothing with the scheduler: roads are driven piece by piece in exact
fractions, and every break is looked at where the plan says it was taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from fulfillment.routing.plan import PlannedBreak, PlannedStop, PlannedTrip
from fulfillment.routing.problem import LARGEST_VAN, RoutingProblem, Stop, Vehicle
from fulfillment.routing.rules import Break
from fulfillment.routing.violations import Violation, ViolationCode


def name_of(trip: PlannedTrip) -> str:
    """Return what messages call a trip."""
    return f"{trip.vehicle_key} trip {trip.trip}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTrip:
    """A trip with what the problem says about it.

    `is_closed` says that it is loaded or gone, `departs_s` when it leaves for
    certain.
    """

    trip: PlannedTrip
    is_closed: bool = False
    departs_s: int | None = None


class ClockJudge:
    """Recomputes every time of a plan."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._stops: Mapping[str, Stop] = {stop.key: stop for stop in problem.stops}
        self._node = {stop.key: place for place, stop in enumerate(problem.stops, start=1)}
        self._seconds = problem.duration_s
        self._traffic = problem.traffic.percents if problem.traffic else ((0, 100),)

    def arrival_s(self, here: int, there: int, departs_s: int) -> int:
        """Return when a drive that begins at `departs_s` ends, rounded up to the second."""
        left, now = Fraction(int(self._seconds[here, there])), Fraction(departs_s)
        ends: list[int | None] = [start_s for start_s, _ in self._traffic[1:]]
        for (_, percent), end_s in zip(self._traffic, [*ends, None], strict=True):
            if end_s is not None and end_s <= now:
                continue
            slower = Fraction(percent, 100)
            if end_s is None or left * slower <= end_s - now:
                return ceil(now + left * slower)
            left -= (end_s - now) / slower
            now = Fraction(end_s)
        return ceil(now)

    def could_meet(self, stop: Stop, vehicle: Vehicle) -> bool:
        """Return whether the vehicle, alone on an empty day, serves the stop in time."""
        node = self._node[stop.key]
        start_s = max(self.arrival_s(0, node, vehicle.shift_start_s), _opens_s(stop, vehicle))
        home_s = self.arrival_s(node, 0, start_s + stop.service_s)
        return start_s <= stop.closes_s and home_s <= vehicle.shift_end_s + vehicle.overtime_s

    def trip(self, vehicle: Vehicle, judged: JudgedTrip) -> Iterator[Violation]:
        """Yield what is wrong with the times of one trip."""
        trip = judged.trip
        stands = _Stands(trip)
        yield from stands.misplaced()
        if judged.departs_s is not None and trip.departs_s != judged.departs_s:
            code = ViolationCode.FIXED_TRIP_CHANGED
            yield Violation(code, name_of(trip), trip.departs_s, judged.departs_s)
        left_s, at = trip.departs_s, 0
        for number, visit in enumerate(trip.stops):
            node = self._node[visit.stop_key]
            due_s = self.arrival_s(at, node, left_s)
            if visit.arrive_s != due_s:
                yield Violation(ViolationCode.ARRIVAL_WRONG, visit.stop_key, visit.arrive_s, due_s)
            yield from self._visit(vehicle, visit, stands.rested_s(number))
            if not judged.is_closed:
                yield from self._hours(vehicle, visit)
            left_s, at = stands.leaves_s(number), node
        home_s = self.arrival_s(at, 0, left_s)
        if trip.returns_s != home_s:
            yield Violation(ViolationCode.RETURN_WRONG, name_of(trip), trip.returns_s, home_s)

    def day(self, vehicle: Vehicle, trips: Sequence[JudgedTrip]) -> Iterator[Violation]:
        """Yield what is wrong between the trips of one vehicle, and with its shift."""
        first, last = trips[0], trips[-1]
        latest_s = vehicle.shift_end_s + vehicle.overtime_s
        if not first.is_closed and first.trip.departs_s < vehicle.shift_start_s:
            found_s, name = first.trip.departs_s, name_of(first.trip)
            yield Violation(ViolationCode.BEFORE_SHIFT, name, found_s, vehicle.shift_start_s)
        if not last.is_closed and last.trip.returns_s > latest_s:
            found_s, name = last.trip.returns_s, name_of(last.trip)
            yield Violation(ViolationCode.AFTER_SHIFT, name, found_s, latest_s)
        if vehicle.back_s is not None:
            yield from _reload(vehicle, vehicle.back_s, first)
        else:
            yield from _at_depot(first, vehicle.shift_start_s)
        for before, after in pairwise(trips):
            if before.is_closed and after.departs_s is not None:
                yield from _at_depot(after, before.trip.returns_s)
            else:
                yield from _reload(vehicle, before.trip.returns_s, after)
        yield from _breaks(vehicle, trips)

    def _visit(self, vehicle: Vehicle, visit: PlannedStop, rested_s: int) -> Iterator[Violation]:
        stop = self._stops[visit.stop_key]
        start_s = max(visit.arrive_s, _opens_s(stop, vehicle), rested_s)
        done_s = visit.start_s + stop.service_s
        lateness_fen = floor(
            Fraction(
                max(0, visit.start_s - stop.prefers_until_s) * stop.lateness_fen_per_hour, 3600
            )
            + Fraction(1, 2)
        )
        if visit.start_s != start_s:
            yield Violation(ViolationCode.START_WRONG, stop.key, visit.start_s, start_s)
        if visit.depart_s != done_s:
            yield Violation(ViolationCode.DEPARTURE_WRONG, stop.key, visit.depart_s, done_s)
        if visit.lateness_fen != lateness_fen:
            yield Violation(
                ViolationCode.LATENESS_WRONG, stop.key, visit.lateness_fen, lateness_fen
            )

    def _hours(self, vehicle: Vehicle, visit: PlannedStop) -> Iterator[Violation]:
        stop = self._stops[visit.stop_key]
        if visit.start_s < stop.opens_s:
            yield Violation(ViolationCode.BEFORE_OPENING, stop.key, visit.start_s, stop.opens_s)
        if visit.start_s > stop.closes_s:
            yield Violation(ViolationCode.AFTER_CLOSING, stop.key, visit.start_s, stop.closes_s)
        if visit.start_s < _opens_s(stop, vehicle) and visit.start_s >= stop.opens_s:
            yield Violation(
                ViolationCode.TRUCK_TOO_EARLY, stop.key, visit.start_s, stop.trucks_from_s
            )


class _Stands:
    """Where a trip's breaks are taken: at the depot, after unloading or before."""

    def __init__(self, trip: PlannedTrip) -> None:
        self._trip = trip
        self._rested: dict[int, int] = {}
        self._leaves = {number: visit.depart_s for number, visit in enumerate(trip.stops)}
        self.at_depot: list[PlannedBreak] = []
        self._misplaced: list[PlannedBreak] = []
        for taken in trip.breaks:
            if not 0 <= taken.after <= len(trip.stops) or taken.ends_s <= taken.starts_s:
                self._misplaced.append(taken)
            elif taken.after < len(trip.stops) and (
                taken.starts_s >= trip.stops[taken.after].arrive_s
            ):
                self._before_unloading(taken)
            elif taken.after == 0:
                self.at_depot.append(taken)
            else:
                self._after_unloading(taken)

    def misplaced(self) -> Iterator[Violation]:
        """Yield the breaks that overlap something or are taken on the road."""
        taken = self._misplaced
        in_order = sorted(self._trip.breaks, key=lambda taken: (taken.after, taken.starts_s))
        if in_order != list(self._trip.breaks):
            yield Violation(ViolationCode.BREAK_WRONG, name_of(self._trip), "not in order")
        for before, after in pairwise(in_order):
            if after.starts_s < before.ends_s:
                taken = [*taken, after]
        for wrong in taken:
            yield Violation(ViolationCode.BREAK_WRONG, name_of(self._trip), wrong)

    def rested_s(self, number: int) -> int:
        """Return when the last break before unloading at a stop ends; 0 without one."""
        return self._rested.get(number, 0)

    def leaves_s(self, number: int) -> int:
        """Return when the vehicle drives on from a stop."""
        return self._leaves[number]

    def _before_unloading(self, taken: PlannedBreak) -> None:
        if taken.ends_s > self._trip.stops[taken.after].start_s:
            self._misplaced.append(taken)
        self._rested[taken.after] = max(self.rested_s(taken.after), taken.ends_s)

    def _after_unloading(self, taken: PlannedBreak) -> None:
        number = taken.after - 1
        if taken.starts_s < self._trip.stops[number].depart_s:
            self._misplaced.append(taken)
        self._leaves[number] = max(self._leaves[number], taken.ends_s)


def _opens_s(stop: Stop, vehicle: Vehicle) -> int:
    is_truck = vehicle.size > LARGEST_VAN
    return max(stop.opens_s, stop.trucks_from_s if is_truck else 0)


def _at_depot(judged: JudgedTrip, free_s: int) -> Iterator[Violation]:
    """Yield the breaks at the depot that do not lie between `free_s` and the departure."""
    trip = judged.trip
    for taken in _Stands(trip).at_depot:
        if taken.starts_s < free_s or taken.ends_s > trip.departs_s:
            yield Violation(ViolationCode.BREAK_WRONG, name_of(trip), taken, trip.departs_s)


def _reload(vehicle: Vehicle, back_s: int, judged: JudgedTrip) -> Iterator[Violation]:
    yield from _at_depot(judged, back_s)
    trip = judged.trip
    paused_s = sum(taken.ends_s - taken.starts_s for taken in _Stands(trip).at_depot)
    ready_s = back_s + vehicle.reload_s + paused_s
    if trip.departs_s < ready_s:
        yield Violation(ViolationCode.RELOAD_TOO_SHORT, vehicle.key, trip.departs_s, ready_s)


def _breaks(vehicle: Vehicle, trips: Sequence[JudgedTrip]) -> Iterator[Violation]:
    """Yield the breaks that are due and not taken, or taken and not due."""
    out_s = trips[0].trip.departs_s if vehicle.back_s is None else vehicle.back_s
    back_s = trips[-1].trip.returns_s
    taken = [pause for judged in trips for pause in judged.trip.breaks]
    # What was missed on closed trips nobody can make good.
    over_s = max((judged.trip.returns_s for judged in trips if judged.is_closed), default=0)
    due = [
        rule
        for rule in vehicle.breaks
        if out_s < rule.until_s < back_s
        and (rule.until_s >= over_s or any(_is_within(rule, pause) for pause in taken))
    ]
    if len(taken) < len(due):
        yield Violation(ViolationCode.BREAK_MISSING, vehicle.key, len(taken), len(due))
        return
    if len(taken) > len(due):
        yield Violation(ViolationCode.BREAK_WRONG, vehicle.key, len(taken), len(due))
    for rule, pause in zip(due, taken, strict=False):
        is_long = pause.ends_s - pause.starts_s == rule.duration_s
        if not is_long or not _is_within(rule, pause):
            yield Violation(ViolationCode.BREAK_WRONG, vehicle.key, pause, rule)
    for before, after in pairwise(taken):
        if after.starts_s < before.ends_s:
            yield Violation(ViolationCode.BREAK_WRONG, vehicle.key, after, before)


def _is_within(rule: Break, pause: PlannedBreak) -> bool:
    return rule.from_s <= pause.starts_s <= rule.until_s
