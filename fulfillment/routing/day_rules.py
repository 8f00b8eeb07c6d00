"""The rules of one vehicle's day that need no clock: loads, access, pairs, fixed trips.

A closed trip is as it is: what is loaded is not judged again.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from fulfillment.routing.problem import RoutingProblem, Stop, Vehicle
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.violations import ViolationCode


def closed_trips(
    problem: RoutingProblem, vehicle: int, trips: Sequence[tuple[int, ...]]
) -> Mapping[int, FixedTrip]:
    """Return the closed trips of a vehicle by their place among its `trips`."""
    return {
        trips.index(fixed.nodes): fixed
        for fixed in problem.fixed
        if fixed.is_closed and fixed.vehicle == vehicle and fixed.nodes in trips
    }


def broken_by_sequence(
    problem: RoutingProblem, vehicle: int, trips: Sequence[tuple[int, ...]]
) -> Iterator[ViolationCode]:
    """Yield what the filled `trips` of a vehicle break, whatever the clock says."""
    closed = closed_trips(problem, vehicle, trips)
    driver = problem.vehicles[vehicle]
    for place, trip in enumerate(trips):
        if place not in closed:
            stops = [problem.stop_at(node) for node in trip]
            yield from _overloads(driver, stops)
            yield from _closed_doors(driver, stops)
            if problem.forbidden_pairs and has_forbidden_pair(problem, trip):
                yield ViolationCode.PAIR_FORBIDDEN
    if len(trips) > driver.max_trips and len(closed) < len(trips):
        yield ViolationCode.TRIPS_TOO_MANY
    if problem.fixed and not keeps_fixed(problem, vehicle, trips):
        yield ViolationCode.FIXED_TRIP_CHANGED


def has_forbidden_pair(problem: RoutingProblem, trip: Sequence[int]) -> bool:
    """Return whether two stops of `trip` must not share one."""
    pairs = problem.forbidden_pairs
    return any(pair in pairs for pair in combinations(sorted(trip), 2))


def keeps_fixed(problem: RoutingProblem, vehicle: int, trips: Sequence[tuple[int, ...]]) -> bool:
    """Return whether a vehicle's day holds what is fixed to it and nothing fixed elsewhere."""
    last = -1
    ours: set[int] = set()
    own = (fixed for fixed in problem.fixed if fixed.vehicle == vehicle and fixed.nodes)
    for fixed in sorted(own, key=lambda fixed: fixed.trip):
        place = next((at for at, trip in enumerate(trips) if fixed.nodes[0] in trip), None)
        if place is None or not last < place < fixed.trip:
            return False
        begins = trips[place] if fixed.is_closed else trips[place][: len(fixed.nodes)]
        if begins != fixed.nodes:
            return False
        last = place
        ours.update(fixed.nodes)
    everywhere = {node for fixed in problem.fixed for node in fixed.nodes}
    return all(node in ours for trip in trips for node in trip if node in everywhere)


def _overloads(vehicle: Vehicle, stops: Sequence[Stop]) -> Iterator[ViolationCode]:
    if sum(stop.weight_g for stop in stops) > vehicle.capacity_g:
        yield ViolationCode.OVER_WEIGHT
    if sum(stop.totes for stop in stops) > vehicle.capacity_totes:
        yield ViolationCode.OVER_TOTES
    if sum(stop.volume_ml for stop in stops) > vehicle.capacity_ml:
        yield ViolationCode.OVER_VOLUME
    if sum(stop.cold_totes for stop in stops) > vehicle.capacity_cold_totes:
        yield ViolationCode.OVER_COLD


def _closed_doors(vehicle: Vehicle, stops: Sequence[Stop]) -> Iterator[ViolationCode]:
    if any(is_too_large(vehicle, stop) for stop in stops):
        yield ViolationCode.VEHICLE_TOO_LARGE
    if any(
        stop.vehicle_keys is not None and vehicle.key not in stop.vehicle_keys for stop in stops
    ):
        yield ViolationCode.VEHICLE_NOT_ALLOWED


def is_allowed(vehicle: Vehicle, stop: Stop) -> bool:
    """Return whether the stop takes this vehicle's driver."""
    return stop.vehicle_keys is None or vehicle.key in stop.vehicle_keys


def is_too_large(vehicle: Vehicle, stop: Stop) -> bool:
    """Return whether the vehicle cannot reach the stop's door."""
    return stop.largest_size is not None and vehicle.size > stop.largest_size


def opens_for_s(vehicle: Vehicle, stop: Stop) -> int:
    """Return when this vehicle may begin to unload: trucks may have to wait longer."""
    return max(stop.opens_s, stop.trucks_from_s) if vehicle.is_truck else stop.opens_s
