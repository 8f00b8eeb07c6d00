"""The search behind a draft: the whole day, or only what is near a change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fulfillment.domain.plan_board import board_read
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.plan_drafts import PlanDraft
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.replanning import plan_duties, replan
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
)
from fulfillment.selectors.plan_problem import familiar_routes
from fulfillment.selectors.plan_stand import accepted_plan
from fulfillment.services.travel import travel_provider


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
    if not current and request.keeps_drivers:
        standing = _routes_known(problem, draft)
    search = _replanned if request.keeps_plan else _planned
    duties, result = search(problem, standing, request, looker)
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


def _routes_known(problem: RoutingProblem, draft: PlanDraft) -> tuple[Duty, ...]:
    """The routes of the days before, to begin a first plan with; engines mend what does not fit."""
    routes = familiar_routes(draft.cutoff_run, draft.warehouse)
    return duties_read(
        problem, [{"vehicle": code, "trips": trips} for code, trips in routes.items()]
    )


def _planned(
    problem: RoutingProblem, standing: tuple[Duty, ...], request: PlanRequest, looker: Looker
) -> tuple[tuple[Duty, ...], SolveResult]:
    result = solve(
        problem,
        SolveParams(seconds=request.seconds, seed=request.seed),
        engine=request.engine or DEFAULT_ENGINE,
        start=standing,
        should_stop=looker.should_stop,
        on_progress=looker.on_progress,
    )
    return plan_duties(problem, result.plan), result


def _replanned(
    problem: RoutingProblem, standing: tuple[Duty, ...], request: PlanRequest, looker: Looker
) -> tuple[tuple[Duty, ...], SolveResult]:
    return replan(
        problem,
        standing,
        SolveParams(seconds=request.seconds, seed=request.seed),
        engine=request.engine or DEFAULT_ENGINE,
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
