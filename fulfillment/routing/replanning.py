"""Planning again while a plan is in use: near the change first, everywhere if it must be."""

from collections.abc import Callable
from dataclasses import replace

from fulfillment.routing.focus import Focus, focus_on
from fulfillment.routing.plan import RoutePlan, UnservedReason
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Progress, SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, SolveResult, solve

# How many routes near a change may move at first; if stops stay over, all may.
_NEIGHBOURS = 8
# The search near the change takes this share of the time, so that the wider
# one, if it comes to that, still has its own.
_SHARE_NEAR = 0.5


def replan(
    problem: RoutingProblem,
    standing: tuple[Duty, ...],
    params: SolveParams,
    *,
    engine: str = DEFAULT_ENGINE,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[tuple[Duty, ...], SolveResult]:
    """Return duties that serve what nobody drives any more and leave the rest alone.

    Parameters
    ----------
    standing
        The plan in use without what is gone; stops in none of its duties are
        to be served again.
    params
        `seconds` is for the search near the change and, where stops are left
        for want of vehicles, the one over all routes together.

    Returns
    -------
    tuple
        The duties of the whole problem, and how those that were free to change
        were found. Raises what `solve` raises.
    """
    params = replace(params, seconds=params.seconds * _SHARE_NEAR)

    def searched(focus: Focus) -> tuple[tuple[Duty, ...], SolveResult]:
        result = solve(
            focus.problem,
            params,
            engine=engine,
            start=focus.start,
            should_stop=should_stop,
            on_progress=on_progress,
        )
        return focus.restore(plan_duties(focus.problem, result.plan)), result

    near = focus_on(problem, standing, (), _NEIGHBOURS)
    duties, result = searched(near)
    if near.kept and _is_short_of_vehicles(result.plan):
        duties, result = searched(focus_on(problem, standing, (), len(problem.vehicles)))
    return duties, result


def plan_duties(problem: RoutingProblem, plan: RoutePlan) -> tuple[Duty, ...]:
    """Return the sequences behind a plan."""
    position = {vehicle.key: number for number, vehicle in enumerate(problem.vehicles)}
    node = {stop.key: number for number, stop in enumerate(problem.stops, start=1)}
    trips_of: dict[int, list[tuple[int, ...]]] = {}
    for trip in plan.trips:
        nodes = tuple(node[stop.stop_key] for stop in trip.stops)
        trips_of.setdefault(position[trip.vehicle_key], []).append(nodes)
    return tuple(Duty(vehicle, tuple(trips)) for vehicle, trips in trips_of.items())


def _is_short_of_vehicles(plan: RoutePlan) -> bool:
    return any(left.reason is UnservedReason.NO_VEHICLE_LEFT for left in plan.unserved)
