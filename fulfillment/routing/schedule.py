"""From sequences to times: duties become a plan with every clock reading in it.

Engines decide which vehicle visits which nodes in which order. This module
alone decides when, so every engine's plan keeps time by the same rules.

A vehicle's first departure is the latest that does not delay its last return,
because its hours are paid from then on: waiting in front of a closed door is
bought, waiting at home is not. Later trips leave as soon as the vehicle is
reloaded, at the earliest so that it meets the first stop's opening.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fulfillment.routing.plan import PlannedStop, PlannedTrip, RoutePlan
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Vehicle
from fulfillment.routing.unserved import explain_unserved

Trip = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """What one vehicle does: its position in the fleet and its trips as stop nodes."""

    vehicle: int
    trips: tuple[Trip, ...]

    @property
    def nodes(self) -> Trip:
        """All stop nodes of the duty, in order of visit."""
        return tuple(node for trip in self.trips for node in trip)


@dataclass(frozen=True, slots=True)
class _Leg:
    """One drive and what follows it: wait for `opens_s`, then spend `service_s`."""

    drive_s: int
    opens_s: int
    closes_s: int
    service_s: int


def build_plan(problem: RoutingProblem, duties: Iterable[Duty]) -> RoutePlan:
    """Return the plan that drives `duties`; stops in none of them become unserved.

    Nothing is refused here: a duty that is late or overloaded gives a plan
    that is late or overloaded, and the checker says so.
    """
    trips: list[PlannedTrip] = []
    distance_m = duration_s = cost_fen = 0
    driven = sorted((duty for duty in duties if duty.nodes), key=lambda duty: duty.vehicle)
    for duty in driven:
        planned = schedule_duty(problem, duty)
        metres = sum(trip.distance_m for trip in planned)
        seconds = planned[-1].returns_s - planned[0].departs_s
        distance_m += metres
        duration_s += seconds
        cost_fen += problem.vehicles[duty.vehicle].cost_fen(metres, seconds)
        trips.extend(planned)
    served = {node for duty in driven for node in duty.nodes}
    return RoutePlan(
        trips=tuple(trips),
        unserved=explain_unserved(problem, [n for n in problem.nodes if n not in served]),
        distance_m=distance_m,
        duration_s=duration_s,
        cost_fen=cost_fen,
    )


def schedule_duty(problem: RoutingProblem, duty: Duty) -> tuple[PlannedTrip, ...]:
    """Return the duty's trips with all times; empty trips are left out."""
    vehicle = problem.vehicles[duty.vehicle]
    trips = [trip for trip in duty.trips if trip]
    departs_s = _first_departure_s(problem, vehicle, trips)
    planned: list[PlannedTrip] = []
    for number, trip in enumerate(trips, start=1):
        if planned:
            ready_s = planned[-1].returns_s + vehicle.reload_s
            drive_s = int(problem.duration_s[DEPOT_NODE, trip[0]])
            departs_s = max(ready_s, problem.stop_at(trip[0]).opens_s - drive_s)
        planned.append(_drive(problem, vehicle, trip, number, departs_s))
    return tuple(planned)


def _first_departure_s(problem: RoutingProblem, vehicle: Vehicle, trips: Sequence[Trip]) -> int:
    legs = _legs(problem, vehicle, trips)
    if not legs:
        return vehicle.shift_start_s
    earliest_return_s = vehicle.shift_start_s
    for leg in legs:
        earliest_return_s = max(earliest_return_s + leg.drive_s, leg.opens_s) + leg.service_s
    latest_s = legs[-1].closes_s
    for leg in reversed(legs):
        latest_s = min(latest_s - leg.service_s, leg.closes_s) - leg.drive_s
    busy_s = sum(leg.drive_s + leg.service_s for leg in legs)
    # Leaving at earliest_return - busy meets no closed door; leaving later
    # only returns later. Windows may forbid leaving that late.
    return max(vehicle.shift_start_s, min(latest_s, earliest_return_s - busy_s))


def _legs(problem: RoutingProblem, vehicle: Vehicle, trips: Sequence[Trip]) -> list[_Leg]:
    """Return the whole duty as one chain of drives, reloads included."""
    legs: list[_Leg] = []
    for number, trip in enumerate(trips, start=1):
        at = DEPOT_NODE
        for node in trip:
            stop = problem.stop_at(node)
            drive_s = int(problem.duration_s[at, node])
            legs.append(_Leg(drive_s, stop.opens_s, stop.closes_s, stop.service_s))
            at = node
        reload_s = vehicle.reload_s if number < len(trips) else 0
        home_s = int(problem.duration_s[at, DEPOT_NODE])
        legs.append(_Leg(home_s, 0, vehicle.shift_end_s, reload_s))
    return legs


def _drive(
    problem: RoutingProblem, vehicle: Vehicle, trip: Trip, number: int, departs_s: int
) -> PlannedTrip:
    now_s, at = departs_s, DEPOT_NODE
    stops: list[PlannedStop] = []
    for node in trip:
        stop = problem.stop_at(node)
        arrive_s = now_s + int(problem.duration_s[at, node])
        start_s = max(arrive_s, stop.opens_s)
        now_s = start_s + stop.service_s
        stops.append(
            PlannedStop(
                stop_key=stop.key,
                distance_m=int(problem.distance_m[at, node]),
                arrive_s=arrive_s,
                start_s=start_s,
                depart_s=now_s,
                weight_g=stop.weight_g,
                totes=stop.totes,
                volume_ml=stop.volume_ml,
            )
        )
        at = node
    return_distance_m = int(problem.distance_m[at, DEPOT_NODE])
    return PlannedTrip(
        vehicle_key=vehicle.key,
        trip=number,
        departs_s=departs_s,
        returns_s=now_s + int(problem.duration_s[at, DEPOT_NODE]),
        return_distance_m=return_distance_m,
        distance_m=sum(stop.distance_m for stop in stops) + return_distance_m,
        weight_g=sum(stop.weight_g for stop in stops),
        totes=sum(stop.totes for stop in stops),
        volume_ml=sum(stop.volume_ml for stop in stops),
        stops=tuple(stops),
    )
