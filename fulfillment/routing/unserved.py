"""Why a stop is left out, in the order in which a dispatcher would ask."""

from collections.abc import Iterable, Sequence

from fulfillment.routing.plan import Unserved, UnservedReason
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Stop, Vehicle


def explain_unserved(problem: RoutingProblem, nodes: Iterable[int]) -> tuple[Unserved, ...]:
    """Return one `Unserved` for each node, each with the first reason that holds."""
    return tuple(
        Unserved(stop_key=problem.stop_at(node).key, reason=unserved_reason(problem, node))
        for node in nodes
    )


def unserved_reason(problem: RoutingProblem, node: int) -> UnservedReason:
    """Return why `node` is unserved.

    Too heavy, too many totes, or both for every single vehicle; else its
    window cannot be met by any vehicle that could carry it, even alone on an
    empty road; else it could be served alone and only the fleet has run out.
    """
    stop = problem.stop_at(node)
    fleet = problem.vehicles
    if not fleet:
        return UnservedReason.NO_VEHICLE_LEFT
    if all(stop.weight_g > vehicle.capacity_g for vehicle in fleet):
        return UnservedReason.TOO_HEAVY
    if all(stop.totes > vehicle.capacity_totes for vehicle in fleet):
        return UnservedReason.TOO_MANY_TOTES
    able = _able_to_carry(stop, fleet)
    if not able:
        return UnservedReason.TOO_LARGE
    out_s = int(problem.duration_s[DEPOT_NODE, node])
    home_s = int(problem.duration_s[node, DEPOT_NODE])
    if not any(_can_meet(stop, vehicle, out_s, home_s) for vehicle in able):
        return UnservedReason.WINDOW_UNREACHABLE
    return UnservedReason.NO_VEHICLE_LEFT


def _able_to_carry(stop: Stop, fleet: Sequence[Vehicle]) -> list[Vehicle]:
    return [
        vehicle
        for vehicle in fleet
        if stop.weight_g <= vehicle.capacity_g and stop.totes <= vehicle.capacity_totes
    ]


def _can_meet(stop: Stop, vehicle: Vehicle, out_s: int, home_s: int) -> bool:
    start_s = max(vehicle.shift_start_s + out_s, stop.opens_s)
    return start_s <= stop.closes_s and start_s + stop.service_s + home_s <= vehicle.shift_end_s
