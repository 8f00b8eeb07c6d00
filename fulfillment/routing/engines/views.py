"""How the same roads look to different vehicles, for models that know profiles.

A door may be closed to a vehicle (too large, not among those allowed, a stop
fixed to another), and a leader may know another driver. Vehicles with the same
view share a profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fulfillment.routing.day_rules import is_allowed, is_too_large
from fulfillment.routing.problem import RoutingProblem, Vehicle

# All profiles together; each is two matrices of 64-bit integers.
_PROFILE_BYTES = 300_000_000


@dataclass(frozen=True, slots=True)
class View:
    """What a vehicle makes of the stops.

    `barred` nodes are not for it; at `strange` nodes another driver is known,
    which costs the same on all views that share the rate `fen_per_km`.
    """

    barred: frozenset[int] = frozenset()
    strange: frozenset[int] = frozenset()
    fen_per_km: int = 0


def views_of(problem: RoutingProblem) -> Sequence[View]:
    """Return the view of each vehicle, as precise as memory allows."""
    size = len(problem.stops) + 1
    most = max(1, _PROFILE_BYTES // (16 * size * size))
    barred = [_barred(problem, position) for position in range(len(problem.vehicles))]
    full = [
        _with_strangers(problem, vehicle, barred[position])
        for position, vehicle in enumerate(problem.vehicles)
    ]
    plain = [View(barred=nodes) for nodes in barred]
    for views in (full, plain):
        if len(set(views)) <= most:
            return views
    return [View()] * len(problem.vehicles)


def _barred(problem: RoutingProblem, position: int) -> frozenset[int]:
    vehicle = problem.vehicles[position]
    closed = {
        node
        for node, stop in enumerate(problem.stops, start=1)
        if not is_allowed(vehicle, stop) or is_too_large(vehicle, stop)
    }
    elsewhere = {
        node for fixed in problem.fixed if fixed.vehicle != position for node in fixed.nodes
    }
    return frozenset(closed | elsewhere)


def _with_strangers(problem: RoutingProblem, vehicle: Vehicle, barred: frozenset[int]) -> View:
    """Return the view in which doors that know another driver are farther away."""
    if not vehicle.cost_per_km_fen:
        return View(barred=barred)
    strange = frozenset(
        node
        for node, stop in enumerate(problem.stops, start=1)
        if stop.change_penalty_fen and stop.usual_vehicle_key not in (None, vehicle.key)
    )
    return View(barred, strange, vehicle.cost_per_km_fen if strange else 0)
