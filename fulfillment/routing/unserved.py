"""Why a stop is left out, in the order in which a dispatcher would ask."""

from collections.abc import Callable, Iterable, Sequence

from fulfillment.routing.day_rules import is_allowed, is_too_large, opens_for_s
from fulfillment.routing.plan import Unserved, UnservedReason
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Stop, Vehicle
from fulfillment.routing.traffic import drive_s

_SHORTAGES: Sequence[tuple[UnservedReason, Callable[[Stop, Vehicle], bool]]] = (
    (UnservedReason.TOO_HEAVY, lambda stop, v: stop.weight_g > v.capacity_g),
    (UnservedReason.TOO_MANY_TOTES, lambda stop, v: stop.totes > v.capacity_totes),
    (UnservedReason.TOO_MUCH_VOLUME, lambda stop, v: stop.volume_ml > v.capacity_ml),
    (UnservedReason.TOO_COLD, lambda stop, v: stop.cold_totes > v.capacity_cold_totes),
)


def explain_unserved(problem: RoutingProblem, nodes: Iterable[int]) -> tuple[Unserved, ...]:
    """Return one `Unserved` for each node, each with the first reason that holds."""
    return tuple(
        Unserved(stop_key=problem.stop_at(node).key, reason=unserved_reason(problem, node))
        for node in nodes
    )


def unserved_reason(problem: RoutingProblem, node: int) -> UnservedReason:
    """Return why `node` is unserved.

    Too heavy, too many totes, too much volume or too many cold totes for every
    single vehicle, or each vehicle falls short of one of them; else none that
    could carry it may come; else no such vehicle meets its window, even alone,
    breaks aside; else it could be served and only the fleet has run out.
    """
    stop, fleet = problem.stop_at(node), problem.vehicles
    if not fleet:
        return UnservedReason.NO_VEHICLE_LEFT
    for reason, falls_short in _SHORTAGES:
        if all(falls_short(stop, vehicle) for vehicle in fleet):
            return reason
    able = [v for v in fleet if not any(falls_short(stop, v) for _, falls_short in _SHORTAGES)]
    if not able:
        return UnservedReason.TOO_LARGE
    welcome = [v for v in able if is_allowed(v, stop) and not is_too_large(v, stop)]
    if not welcome:
        return UnservedReason.NO_VEHICLE_ALLOWED
    if not any(_can_meet(problem, node, vehicle) for vehicle in welcome):
        return UnservedReason.WINDOW_UNREACHABLE
    return UnservedReason.NO_VEHICLE_LEFT


def _can_meet(problem: RoutingProblem, node: int, vehicle: Vehicle) -> bool:
    """Return whether a vehicle that leaves at once serves the stop in time and gets home."""
    stop = problem.stop_at(node)
    out_s = int(problem.duration_s[DEPOT_NODE, node])
    home_s = int(problem.duration_s[node, DEPOT_NODE])
    leaves_s = vehicle.shift_start_s
    arrives_s = leaves_s + drive_s(problem.traffic, out_s, leaves_s)
    start_s = max(arrives_s, opens_for_s(vehicle, stop))
    done_s = start_s + stop.service_s
    returns_s = done_s + drive_s(problem.traffic, home_s, done_s)
    return start_s <= stop.closes_s and returns_s <= vehicle.latest_return_s
