"""Who drives how much: a plan's work by vehicle, against the mean of all that drive."""

from dataclasses import dataclass
from itertools import groupby

from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleShare:
    """One vehicle's day.

    Hours run from the first departure to the last return, or from when it came
    back where trips are closed. `late_stops` begin after the time they prefer.
    `percent` compares its hours with the mean of the vehicles used; 100 is just
    that.
    """

    vehicle_key: str
    duration_s: int
    overtime_s: int
    trips: int
    stops: int
    totes: int
    distance_m: int
    late_stops: int
    percent: int


def fairness(problem: RoutingProblem, plan: RoutePlan) -> tuple[VehicleShare, ...]:
    """Return the share of every vehicle used, in fleet order."""
    vehicles = {vehicle.key: vehicle for vehicle in problem.vehicles}
    prefers_s = {stop.key: stop.prefers_until_s for stop in problem.stops}
    mean_s = plan.duration_s / max(1, len(plan.vehicle_keys))
    shares: list[VehicleShare] = []
    for key, group in groupby(plan.trips, key=lambda trip: trip.vehicle_key):
        trips, vehicle = list(group), vehicles[key]
        visits = [visit for trip in trips for visit in trip.stops]
        out_s = trips[0].departs_s if vehicle.back_s is None else vehicle.back_s
        duration_s = trips[-1].returns_s - out_s
        shares.append(
            VehicleShare(
                vehicle_key=key,
                duration_s=duration_s,
                overtime_s=max(0, trips[-1].returns_s - vehicle.shift_end_s),
                trips=len(trips),
                stops=len(visits),
                totes=sum(visit.totes for visit in visits),
                distance_m=sum(trip.distance_m for trip in trips),
                late_stops=sum(visit.start_s > prefers_s[visit.stop_key] for visit in visits),
                percent=round(100 * duration_s / mean_s) if mean_s else 100,
            )
        )
    return tuple(shares)
