"""An independent judge of plans.

Written apart from the scheduler and the engines on purpose: it shares only the
values `RoutingProblem` and `RoutePlan` with them, recomputes every figure from
the problem, and believes nothing a plan says about itself. A plan counts only
when `check_plan` returns nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from math import floor

from fulfillment.routing.checker_times import ClockJudge, JudgedTrip, name_of
from fulfillment.routing.plan import PlanCosts, PlannedTrip, RoutePlan, UnservedReason
from fulfillment.routing.problem import RoutingProblem, Stop, Vehicle
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.violations import Violation, ViolationCode


def check_plan(problem: RoutingProblem, plan: RoutePlan) -> tuple[Violation, ...]:
    """Return every rule that `plan` breaks on `problem`; empty for a sound plan."""
    checker = _Checker(problem, plan)
    # Times and sums of unknown things mean nothing, so names come first.
    return tuple(checker.names()) or tuple(checker.everything())


class _Checker:
    def __init__(self, problem: RoutingProblem, plan: RoutePlan) -> None:
        self._plan = plan
        self._fixed = [fixed for fixed in problem.fixed if fixed.nodes]
        self._pairs = problem.forbidden_pairs
        self._stops: Mapping[str, Stop] = {stop.key: stop for stop in problem.stops}
        self._node = {stop.key: place for place, stop in enumerate(problem.stops, start=1)}
        self._fleet: Mapping[str, Vehicle] = {v.key: v for v in problem.vehicles}
        self._place = {vehicle.key: at for at, vehicle in enumerate(problem.vehicles)}
        self._metres = problem.distance_m
        self._clock = ClockJudge(problem)

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
            judged, vehicle = self._judged(trip), self._fleet[trip.vehicle_key]
            if not trip.stops:
                yield Violation(ViolationCode.TRIP_EMPTY, name_of(trip))
            yield from self._loads(trip)
            if not judged.is_closed:
                yield from self._capacities(trip)
                yield from self._doors(trip)
                yield from self._forbidden(trip)
            yield from self._clock.trip(vehicle, judged)
            yield from self._road(trip)
        for fixed in self._fixed:
            yield from self._stands(fixed)
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
            true = self._reason(self._stops[unserved.stop_key])
            if unserved.reason is not true:
                code = ViolationCode.REASON_FALSE
                yield Violation(code, unserved.stop_key, unserved.reason, true)

    def _reason(self, stop: Stop) -> UnservedReason:
        fleet = list(self._fleet.values())
        if not fleet:
            return UnservedReason.NO_VEHICLE_LEFT
        shortages = {
            UnservedReason.TOO_HEAVY: [stop.weight_g > v.capacity_g for v in fleet],
            UnservedReason.TOO_MANY_TOTES: [stop.totes > v.capacity_totes for v in fleet],
            UnservedReason.TOO_MUCH_VOLUME: [stop.volume_ml > v.capacity_ml for v in fleet],
            UnservedReason.TOO_COLD: [stop.cold_totes > v.capacity_cold_totes for v in fleet],
        }
        for reason, falls_short in shortages.items():
            if all(falls_short):
                return reason
        short = [any(column) for column in zip(*shortages.values(), strict=True)]
        able = [vehicle for vehicle, is_short in zip(fleet, short, strict=True) if not is_short]
        if not able:
            return UnservedReason.TOO_LARGE
        welcome = [vehicle for vehicle in able if not list(_refusals(stop, vehicle))]
        if not welcome:
            return UnservedReason.NO_VEHICLE_ALLOWED
        if not any(self._clock.could_meet(stop, vehicle) for vehicle in welcome):
            return UnservedReason.WINDOW_UNREACHABLE
        return UnservedReason.NO_VEHICLE_LEFT

    def _judged(self, trip: PlannedTrip) -> JudgedTrip:
        place, nodes = self._place[trip.vehicle_key], self._nodes(trip)
        for fixed in self._fixed:
            if fixed.is_closed and (fixed.vehicle, fixed.nodes) == (place, nodes):
                return JudgedTrip(trip=trip, is_closed=True, departs_s=fixed.departs_s)
        return JudgedTrip(trip=trip)

    def _nodes(self, trip: PlannedTrip) -> tuple[int, ...]:
        return tuple(self._node[visit.stop_key] for visit in trip.stops)

    def _loads(self, trip: PlannedTrip) -> Iterator[Violation]:
        for visit in trip.stops:
            stop = self._stops[visit.stop_key]
            told = (visit.weight_g, visit.totes, visit.volume_ml, visit.cold_totes)
            true = (stop.weight_g, stop.totes, stop.volume_ml, stop.cold_totes)
            if told != true:
                yield Violation(ViolationCode.LOAD_WRONG, stop.key, told, true)
        told = (trip.weight_g, trip.totes, trip.volume_ml, trip.cold_totes)
        if told != self._load(trip):
            yield Violation(ViolationCode.LOAD_WRONG, name_of(trip), told, self._load(trip))

    def _load(self, trip: PlannedTrip) -> tuple[int, int, int, int]:
        stops = [self._stops[visit.stop_key] for visit in trip.stops]
        return (
            sum(stop.weight_g for stop in stops),
            sum(stop.totes for stop in stops),
            sum(stop.volume_ml for stop in stops),
            sum(stop.cold_totes for stop in stops),
        )

    def _capacities(self, trip: PlannedTrip) -> Iterator[Violation]:
        vehicle, name = self._fleet[trip.vehicle_key], name_of(trip)
        weight_g, totes, volume_ml, cold_totes = self._load(trip)
        if weight_g > vehicle.capacity_g:
            yield Violation(ViolationCode.OVER_WEIGHT, name, weight_g, vehicle.capacity_g)
        if totes > vehicle.capacity_totes:
            yield Violation(ViolationCode.OVER_TOTES, name, totes, vehicle.capacity_totes)
        if volume_ml > vehicle.capacity_ml:
            yield Violation(ViolationCode.OVER_VOLUME, name, volume_ml, vehicle.capacity_ml)
        if cold_totes > vehicle.capacity_cold_totes:
            yield Violation(ViolationCode.OVER_COLD, name, cold_totes, vehicle.capacity_cold_totes)

    def _doors(self, trip: PlannedTrip) -> Iterator[Violation]:
        for visit in trip.stops:
            yield from _refusals(self._stops[visit.stop_key], self._fleet[trip.vehicle_key])

    def _forbidden(self, trip: PlannedTrip) -> Iterator[Violation]:
        nodes = set(self._nodes(trip))
        for here, there in self._pairs:
            if here in nodes and there in nodes:
                yield Violation(ViolationCode.PAIR_FORBIDDEN, name_of(trip), (here, there))

    def _stands(self, fixed: FixedTrip) -> Iterator[Violation]:
        """Yield a fixed trip that is not where and what it should be."""
        trips = [
            self._nodes(trip)
            for trip in self._plan.trips
            if self._place[trip.vehicle_key] == fixed.vehicle
        ]
        held = [at for at, nodes in enumerate(trips, start=1) if set(nodes) & set(fixed.nodes)]
        where = f"fixed trip {fixed.trip} of {list(self._fleet)[fixed.vehicle]}"
        earlier = sum(
            other.vehicle == fixed.vehicle and other.trip < fixed.trip for other in self._fixed
        )
        if len(held) != 1 or not earlier < held[0] <= fixed.trip:
            yield Violation(ViolationCode.FIXED_TRIP_CHANGED, where, held, fixed.trip)
            return
        nodes = trips[held[0] - 1]
        begins = nodes if fixed.is_closed else nodes[: len(fixed.nodes)]
        if begins != fixed.nodes:
            yield Violation(ViolationCode.FIXED_TRIP_CHANGED, where, begins, fixed.nodes)

    def _road(self, trip: PlannedTrip) -> Iterator[Violation]:
        nodes = [0, *self._nodes(trip), 0]
        true = [int(self._metres[leg]) for leg in pairwise(nodes)]
        told = [visit.distance_m for visit in trip.stops] + [trip.return_distance_m]
        if told != true or trip.distance_m != sum(true):
            code = ViolationCode.DISTANCE_WRONG
            yield Violation(code, name_of(trip), trip.distance_m, sum(true))

    def _vehicle_days(self) -> Iterator[Violation]:
        plan = self._plan
        fleet_order = [self._place[trip.vehicle_key] for trip in plan.trips]
        if fleet_order != sorted(fleet_order):
            yield Violation(ViolationCode.TRIP_ORDER, "plan", plan.vehicle_keys)
        days = sorted(plan.trips, key=lambda trip: self._place[trip.vehicle_key])
        metres = seconds = 0
        causes = [0, 0, 0, 0, 0]
        for key, group in groupby(days, key=lambda trip: trip.vehicle_key):
            trips, vehicle = [self._judged(trip) for trip in group], self._fleet[key]
            yield from self._fixed_order(trips)
            yield from _sequence(vehicle, trips)
            yield from self._clock.day(vehicle, trips)
            day_m = sum(self._round_m(judged.trip) for judged in trips)
            day_s = trips[-1].trip.returns_s - _paid_from_s(vehicle, trips)
            metres, seconds = metres + day_m, seconds + day_s
            day = _causes(vehicle, day_m, day_s, trips[-1].trip.returns_s)
            day[-1] = sum(visit.lateness_fen for judged in trips for visit in judged.trip.stops)
            causes = [total + fen for total, fen in zip(causes, day, strict=True)]
        if plan.distance_m != metres:
            yield Violation(ViolationCode.DISTANCE_WRONG, "plan", plan.distance_m, metres)
        if plan.duration_s != seconds:
            yield Violation(ViolationCode.DURATION_WRONG, "plan", plan.duration_s, seconds)
        if plan.cost_fen != sum(causes):
            yield Violation(ViolationCode.COSTS_WRONG, "plan", plan.cost_fen, sum(causes))
        if _told(plan.costs) != causes:
            yield Violation(ViolationCode.COSTS_WRONG, "plan", plan.costs, causes)

    def _fixed_order(self, trips: Sequence[JudgedTrip]) -> Iterator[Violation]:
        """Yield a vehicle whose fixed trips changed places."""
        number_of = {node: fixed.trip for fixed in self._fixed for node in fixed.nodes}
        heads = [self._nodes(judged.trip)[:1] for judged in trips]
        numbers = [number_of[head[0]] for head in heads if head and head[0] in number_of]
        if numbers != sorted(numbers):
            key = trips[0].trip.vehicle_key
            yield Violation(ViolationCode.FIXED_TRIP_CHANGED, key, numbers, sorted(numbers))

    def _round_m(self, trip: PlannedTrip) -> int:
        nodes = [0, *self._nodes(trip), 0]
        return sum(int(self._metres[leg]) for leg in pairwise(nodes))


def _refusals(stop: Stop, vehicle: Vehicle) -> Iterator[Violation]:
    if stop.largest_size is not None and vehicle.size > stop.largest_size:
        code = ViolationCode.VEHICLE_TOO_LARGE
        yield Violation(code, stop.key, vehicle.size, stop.largest_size)
    if stop.vehicle_keys is not None and vehicle.key not in stop.vehicle_keys:
        yield Violation(ViolationCode.VEHICLE_NOT_ALLOWED, stop.key, vehicle.key)


def _sequence(vehicle: Vehicle, trips: Sequence[JudgedTrip]) -> Iterator[Violation]:
    numbers = [judged.trip.trip for judged in trips]
    expected = list(range(1, len(trips) + 1))
    if numbers != expected:
        yield Violation(ViolationCode.TRIP_ORDER, vehicle.key, numbers, expected)
    is_open = not all(judged.is_closed for judged in trips)
    if is_open and len(trips) > vehicle.max_trips:
        yield Violation(ViolationCode.TRIPS_TOO_MANY, vehicle.key, len(trips), vehicle.max_trips)


def _paid_from_s(vehicle: Vehicle, trips: Sequence[JudgedTrip]) -> int:
    return trips[0].trip.departs_s if vehicle.back_s is None else vehicle.back_s


def _causes(vehicle: Vehicle, day_m: int, day_s: int, returns_s: int) -> list[int]:
    """Return what a day costs by cause, in the order of `PlanCosts`, lateness left at 0."""
    by_metre = Fraction(day_m * vehicle.cost_per_km_fen, 1000)
    by_second = Fraction(day_s * vehicle.cost_per_hour_fen, 3600)
    over_s = returns_s - max(vehicle.shift_end_s, vehicle.back_s or 0)
    overtime = Fraction(max(0, over_s) * vehicle.overtime_fen_per_hour, 3600)
    road_fen = _half_up(by_metre)
    hours_fen = _half_up(by_metre + by_second) - road_fen
    return [vehicle.fixed_cost_fen, road_fen, hours_fen, _half_up(overtime), 0]


def _half_up(fen: Fraction) -> int:
    return floor(fen + Fraction(1, 2))


def _told(costs: PlanCosts) -> list[int]:
    return [
        costs.fixed_fen,
        costs.distance_fen,
        costs.hours_fen,
        costs.overtime_fen,
        costs.lateness_fen,
    ]
