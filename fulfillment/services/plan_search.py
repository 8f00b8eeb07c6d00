"""The search behind a draft: the whole day, or only what is near a change."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fulfillment.domain.plan_board import board_read
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.plan_drafts import PlanDraft
from fulfillment.routing.focus import Focus, focus_on
from fulfillment.routing.plan import RoutePlan, UnservedReason
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import Progress, SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, SolveResult, solve
from fulfillment.routing.travel import TravelMatrices
from fulfillment.selectors.plan_drafts import (
    KeptDuties,
    accepted_duties,
    draft_day,
    duties_read,
    duties_written,
    moves,
    plan_duties,
)
from fulfillment.selectors.plan_stand import accepted_plan
from fulfillment.services.travel import travel_provider

# How many routes near a change may move at first; if stops stay over, all may.
_NEIGHBOURS = 8
# The search near the change takes this share of the time, so that the wider
# one, if it comes to that, still has its own.
_SHARE_NEAR = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Who looks on at a search."""

    should_stop: Callable[[], bool]
    on_progress: Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search brought, as a draft keeps it."""

    duties: KeptDuties
    figures: dict[str, int]
    details: dict[str, Any]
    engine: str


def plan_search(draft: PlanDraft, looker: Looker) -> Found:
    """Search for the plan of a draft, outside any transaction.

    Raises `SearchCancelled` when the looker says so, and what engines and
    roads raise.
    """
    request = PlanRequest.from_json(draft.request)
    day = draft_day(draft)
    travel = travel_provider(draft.warehouse).matrices(day.places)
    problem = day.problem(travel)
    current = accepted_duties(accepted_plan(draft.cutoff_run, draft.warehouse))
    standing = _standing(problem, duties_read(problem, current), request)
    if request.keeps_plan:
        duties, result = _search_near(problem, standing, request, looker)
    else:
        result = _solve(problem, request, request.seconds, standing, looker)
        duties = plan_duties(problem, result.plan)
    plan = build_plan(problem, duties)
    kept = duties_written(problem, duties)
    moved = moves(board_read(current), board_read(kept)) if current else ()
    return Found(
        duties=kept,
        figures={**plan_figures(plan), "moved": len(moved)},
        details={
            **_details(result, request, travel),
            "unserved": [left.stop_key for left in plan.unserved],
        },
        engine=result.engine,
    )


def plan_figures(plan: RoutePlan) -> dict[str, int]:
    """What a list of plans shows of one."""
    stops = [stop for trip in plan.trips for stop in trip.stops]
    return {
        "cost_fen": plan.cost_fen,
        "distance_m": plan.distance_m,
        "vehicles": len(plan.vehicle_keys),
        "trips": len(plan.trips),
        "stops": plan.stop_count,
        "unserved": len(plan.unserved),
        "late_stops": sum(stop.lateness_fen > 0 for stop in stops),
        "lateness_fen": plan.costs.lateness_fen,
    }


def _standing(
    problem: RoutingProblem, duties: tuple[Duty, ...], request: PlanRequest
) -> tuple[Duty, ...]:
    """The plan that holds without what cannot go on: a vehicle that is out keeps closed trips."""
    closed: dict[int, list[FixedTrip]] = {}
    for fixed in problem.fixed:
        if fixed.is_closed:
            closed.setdefault(fixed.vehicle, []).append(fixed)
    return tuple(
        Duty(duty.vehicle, tuple(fixed.nodes for fixed in closed.get(duty.vehicle, ())))
        if problem.vehicles[duty.vehicle].key in request.vehicles_out
        else duty
        for duty in duties
    )


def _search_near(
    problem: RoutingProblem, standing: tuple[Duty, ...], request: PlanRequest, looker: Looker
) -> tuple[tuple[Duty, ...], SolveResult]:
    """Search around what nobody drives; everywhere, if that leaves a stop for want of vehicles."""
    near = focus_on(problem, standing, (), _NEIGHBOURS)
    duties, result = _search_focus(near, request, request.seconds * _SHARE_NEAR, looker)
    if near.kept and _is_short_of_vehicles(result.plan):
        wide = focus_on(problem, standing, (), len(problem.vehicles))
        duties, result = _search_focus(wide, request, request.seconds * _SHARE_NEAR, looker)
    return duties, result


def _search_focus(
    focus: Focus, request: PlanRequest, seconds: float, looker: Looker
) -> tuple[tuple[Duty, ...], SolveResult]:
    result = _solve(focus.problem, request, seconds, focus.start, looker)
    return focus.restore(plan_duties(focus.problem, result.plan)), result


def _is_short_of_vehicles(plan: RoutePlan) -> bool:
    reasons = Counter(unserved.reason for unserved in plan.unserved)
    return reasons[UnservedReason.NO_VEHICLE_LEFT] > 0


def _solve(
    problem: RoutingProblem,
    request: PlanRequest,
    seconds: float,
    start: tuple[Duty, ...],
    looker: Looker,
) -> SolveResult:
    return solve(
        problem,
        SolveParams(seconds=seconds, seed=request.seed),
        engine=request.engine or DEFAULT_ENGINE,
        start=start,
        should_stop=looker.should_stop,
        on_progress=looker.on_progress,
    )


def _details(result: SolveResult, request: PlanRequest, travel: TravelMatrices) -> dict[str, Any]:
    return {
        "made_by": result.made_by,
        "versions": dict(result.versions),
        "parameters": {"seconds": request.seconds, "seed": request.seed},
        "trajectory": [
            {
                "engine": point.engine,
                "iteration": point.iteration,
                "cost_fen": point.cost_fen,
                "at_s": point.at_s,
            }
            for point in result.trajectory
        ],
        "travel": travel.source,
        "troubles": [*travel.troubles, *result.troubles],
    }
