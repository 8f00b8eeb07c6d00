"""An independent judge of plans.

Written apart from the scheduler and the engines on purpose: it shares only the
values `RoutingProblem` and `RoutePlan` with them, recomputes every figure from
the problem, and believes nothing a plan says about itself. A plan counts only
when `check_plan` returns nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby, pairwise
from math import floor

from fulfillment.routing.plan import PlannedStop, PlannedTrip, RoutePlan, UnservedReason
from fulfillment.routing.problem import RoutingProblem, Stop, Vehicle
from fulfillment.routing.violations import Violation, ViolationCode


def check_plan(problem: RoutingProblem, plan: RoutePlan) -> tuple[Violation, ...]:
    """Return every rule that `plan` breaks on `problem`; empty for a sound plan."""
    checker = _Checker(problem, plan)
    # Times and sums of unknown things mean nothing, so names come first.
    return tuple(checker.names()) or tuple(checker.everything())


class _Checker:
    def __init__(self, problem: RoutingProblem, plan: RoutePlan) -> None:
        self._plan = plan
        self._stops: Mapping[str, Stop] = {stop.key: stop for stop in problem.stops}
        self._node = {stop.key: place for place, stop in enumerate(problem.stops, start=1)}
        self._fleet: Mapping[str, Vehicle] = {v.key: v for v in problem.vehicles}
        self._metres: list[list[int]] = problem.distance_m.tolist()
        self._seconds: list[list[int]] = problem.duration_s.tolist()

    def names(self) -> Iterator[Violation]:
        for trip in self._plan.trips:
            if trip.vehicle_key not in self._fleet:
                yield Violation(ViolationCode.UNKNOWN_VEHICLE, trip.vehicle_key)
            for visit in trip.stops:
                if visit.stop_key not in self._stops:
                    yield Violation(ViolationCode.UNKNOWN_STOP, visit.stop_key)
        for unserved in self._plan.unserved:
            if unserved.stop_key not in self._stops:
                yield Violation(ViolationCode.UNKNOWN_STOP, unserved.stop_key)

    def everything(self) -> Iterator[Violation]:
        yield from self._coverage()
        yield from self._reasons()
        for trip in self._plan.trips:
            yield from self._loads(trip)
            yield from self._clock(trip)
            yield from self._road(trip)
        yield from self._vehicle_days()

    def _coverage(self) -> Iterator[Violation]:
        served = Counter(visit.stop_key for trip in self._plan.trips for visit in trip.stops)
        left_out = Counter(unserved.stop_key for unserved in self._plan.unserved)
        for key in self._stops:
            if served[key] > 1 or left_out[key] > 1:
                count = max(served[key], left_out[key])
                yield Violation(ViolationCode.STOP_REPEATED, key, count, 1)
            if served[key] and left_out[key]:
                yield Violation(ViolationCode.SERVED_AND_UNSERVED, key)
            if not served[key] and not left_out[key]:
                yield Violation(ViolationCode.STOP_MISSING, key)

    def _reasons(self) -> Iterator[Violation]:
        for unserved in self._plan.unserved:
            stop = self._stops[unserved.stop_key]
            hopeless = not any(self._can_serve_alone(stop, v) for v in self._fleet.values())
            claimed = unserved.reason is not UnservedReason.NO_VEHICLE_LEFT
            if self._fleet and hopeless is not claimed:
                yield Violation(ViolationCode.REASON_FALSE, stop.key, unserved.reason)

    def _can_serve_alone(self, stop: Stop, vehicle: Vehicle) -> bool:
        node = self._node[stop.key]
        start = max(vehicle.shift_start_s + self._seconds[0][node], stop.opens_s)
        home = start + stop.service_s + self._seconds[node][0]
        carries = stop.weight_g <= vehicle.capacity_g and stop.totes <= vehicle.capacity_totes
        return carries and start <= stop.closes_s and home <= vehicle.shift_end_s

    def _loads(self, trip: PlannedTrip) -> Iterator[Violation]:
        where = _name(trip)
        vehicle = self._fleet[trip.vehicle_key]
        stops = [self._stops[visit.stop_key] for visit in trip.stops]
        for visit, stop in zip(trip.stops, stops, strict=True):
            told = (visit.weight_g, visit.totes, visit.volume_ml)
            true = (stop.weight_g, stop.totes, stop.volume_ml)
            if told != true:
                yield Violation(ViolationCode.LOAD_WRONG, stop.key, told, true)
        weight, totes = sum(s.weight_g for s in stops), sum(s.totes for s in stops)
        sums = (weight, totes, sum(s.volume_ml for s in stops))
        if (trip.weight_g, trip.totes, trip.volume_ml) != sums:
            told = (trip.weight_g, trip.totes, trip.volume_ml)
            yield Violation(ViolationCode.LOAD_WRONG, where, told, sums)
        if weight > vehicle.capacity_g:
            yield Violation(ViolationCode.OVER_WEIGHT, where, weight, vehicle.capacity_g)
        if totes > vehicle.capacity_totes:
            yield Violation(ViolationCode.OVER_TOTES, where, totes, vehicle.capacity_totes)

    def _clock(self, trip: PlannedTrip) -> Iterator[Violation]:
        vehicle = self._fleet[trip.vehicle_key]
        if not trip.stops:
            yield Violation(ViolationCode.TRIP_EMPTY, _name(trip))
        if trip.departs_s < vehicle.shift_start_s:
            yield Violation(
                ViolationCode.BEFORE_SHIFT, _name(trip), trip.departs_s, vehicle.shift_start_s
            )
        if trip.returns_s > vehicle.shift_end_s:
            yield Violation(
                ViolationCode.AFTER_SHIFT, _name(trip), trip.returns_s, vehicle.shift_end_s
            )
        left_s, at = trip.departs_s, 0
        for visit in trip.stops:
            node = self._node[visit.stop_key]
            yield from self._visit(visit, left_s + self._seconds[at][node])
            left_s, at = visit.depart_s, node
        home = left_s + self._seconds[at][0]
        if trip.returns_s != home:
            yield Violation(ViolationCode.RETURN_WRONG, _name(trip), trip.returns_s, home)

    def _visit(self, visit: PlannedStop, due: int) -> Iterator[Violation]:
        stop = self._stops[visit.stop_key]
        done = visit.start_s + stop.service_s
        if visit.arrive_s != due:
            yield Violation(ViolationCode.ARRIVAL_WRONG, stop.key, visit.arrive_s, due)
        if visit.start_s < visit.arrive_s:
            yield Violation(ViolationCode.START_WRONG, stop.key, visit.start_s, visit.arrive_s)
        if visit.start_s < stop.opens_s:
            yield Violation(ViolationCode.BEFORE_OPENING, stop.key, visit.start_s, stop.opens_s)
        if visit.start_s > stop.closes_s:
            yield Violation(ViolationCode.AFTER_CLOSING, stop.key, visit.start_s, stop.closes_s)
        if visit.depart_s != done:
            yield Violation(ViolationCode.DEPARTURE_WRONG, stop.key, visit.depart_s, done)

    def _road(self, trip: PlannedTrip) -> Iterator[Violation]:
        nodes = [0, *(self._node[visit.stop_key] for visit in trip.stops), 0]
        true = [self._metres[here][there] for here, there in pairwise(nodes)]
        told = [visit.distance_m for visit in trip.stops] + [trip.return_distance_m]
        if told != true or trip.distance_m != sum(true):
            yield Violation(ViolationCode.DISTANCE_WRONG, _name(trip), trip.distance_m, sum(true))

    def _vehicle_days(self) -> Iterator[Violation]:
        plan = self._plan
        order = {key: place for place, key in enumerate(self._fleet)}
        days = sorted(plan.trips, key=lambda trip: order[trip.vehicle_key])
        metres = seconds = fen = 0
        for key, group in groupby(days, key=lambda trip: trip.vehicle_key):
            trips, vehicle = list(group), self._fleet[key]
            yield from _sequence(vehicle, trips)
            day_m = sum(self._round_m(trip) for trip in trips)
            day_s = trips[-1].returns_s - trips[0].departs_s
            metres, seconds = metres + day_m, seconds + day_s
            fen += vehicle.fixed_cost_fen + floor(
                Fraction(day_m * vehicle.cost_per_km_fen, 1000)
                + Fraction(day_s * vehicle.cost_per_hour_fen, 3600)
                + Fraction(1, 2)
            )
        if plan.distance_m != metres:
            yield Violation(ViolationCode.DISTANCE_WRONG, "plan", plan.distance_m, metres)
        if plan.duration_s != seconds:
            yield Violation(ViolationCode.DURATION_WRONG, "plan", plan.duration_s, seconds)
        if plan.cost_fen != fen:
            yield Violation(ViolationCode.COSTS_WRONG, "plan", plan.cost_fen, fen)

    def _round_m(self, trip: PlannedTrip) -> int:
        nodes = [0, *(self._node[visit.stop_key] for visit in trip.stops), 0]
        return sum(self._metres[here][there] for here, there in pairwise(nodes))


def _sequence(vehicle: Vehicle, trips: list[PlannedTrip]) -> Iterator[Violation]:
    numbers = [trip.trip for trip in trips]
    expected = list(range(1, len(trips) + 1))
    if numbers != expected:
        yield Violation(ViolationCode.TRIP_ORDER, vehicle.key, numbers, expected)
    if len(trips) > vehicle.max_trips:
        yield Violation(ViolationCode.TRIPS_TOO_MANY, vehicle.key, len(trips), vehicle.max_trips)
    for before, after in pairwise(trips):
        ready = before.returns_s + vehicle.reload_s
        if after.departs_s < ready:
            yield Violation(ViolationCode.RELOAD_TOO_SHORT, vehicle.key, after.departs_s, ready)


def _name(trip: PlannedTrip) -> str:
    return f"{trip.vehicle_key} trip {trip.trip}"
