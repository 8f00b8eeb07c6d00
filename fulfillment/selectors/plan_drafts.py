"""Drafts of plans as values: the problem, the plan, and how it differs from what holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from fulfillment.domain.plan_board import Board, board_read, stops_moved
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.routing.day_model import Day
from fulfillment.routing.fairness import VehicleShare, fairness
from fulfillment.routing.plan import PlanCosts, RoutePlan, Unserved
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.travel import TravelProvider
from fulfillment.selectors.plan_problem import plan_day
from fulfillment.selectors.plan_stand import accepted_plan, plan_stand

KeptDuties = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSide:
    """One of two plans that are compared."""

    costs: PlanCosts
    cost_fen: int
    vehicles: int
    trips: int
    stops: int
    distance_m: int
    duration_s: int
    late_stops: int
    unserved: tuple[Unserved, ...]
    shares: tuple[VehicleShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedStop:
    """A stop that changes vehicle or trip: (vehicle, trip) before and after, None for on none."""

    stop_key: str
    before: tuple[str, int] | None
    after: tuple[str, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparison:
    """The plan that holds and a draft, side by side; without the first before any plan."""

    before: PlanSide | None
    after: PlanSide
    moved: tuple[MovedStop, ...]


def draft_day(draft: PlanDraft) -> Day:
    """The day that a draft plans, as the rows say now."""
    return plan_day(
        cutoff_run=draft.cutoff_run,
        warehouse=draft.warehouse,
        request=PlanRequest.from_json(draft.request),
    )


def draft_problem(draft: PlanDraft, travel: TravelProvider) -> RoutingProblem:
    """The problem that a draft solves, as the rows say now. It may ask for roads."""
    return day_problem(draft_day(draft), travel)


def draft_plan(draft: PlanDraft, travel: TravelProvider) -> RoutePlan:
    """The plan of a draft with every clock reading, as the rows say now."""
    problem = draft_problem(draft, travel)
    return build_plan(problem, duties_read(problem, draft.duties))


def compare_with_current(draft: PlanDraft, travel: TravelProvider) -> PlanComparison:
    """Compare a draft with the plan that holds.

    Both are reckoned from the rows as they are now, by the same roads; the
    plan that holds keeps the vehicles and drops that the draft is to do
    without.
    """
    accepted = accepted_plan(draft.cutoff_run, draft.warehouse)
    wanted = draft_problem(draft, travel)
    after = _side(wanted, build_plan(wanted, duties_read(wanted, draft.duties)))
    if accepted is None:
        return PlanComparison(before=None, after=after, moved=())
    duties = accepted_duties(accepted)
    day = plan_day(cutoff_run=draft.cutoff_run, warehouse=draft.warehouse, request=PlanRequest())
    problem = day_problem(day, travel)
    before = _side(problem, build_plan(problem, duties_read(problem, duties)))
    return PlanComparison(
        before=before, after=after, moved=moves(board_read(duties), board_read(draft.duties))
    )


def moves(before: Board, after: Board) -> tuple[MovedStop, ...]:
    """The stops that change vehicle or trip, or are served on one side only, by key."""
    was, now = before.seats(), after.seats()
    return tuple(
        MovedStop(stop_key=key, before=was.get(key), after=now.get(key))
        for key in stops_moved(before, after)
    )


def day_problem(day: Day, travel: TravelProvider) -> RoutingProblem:
    """A day with its roads."""
    return day.problem(travel.matrices(day.places))


def accepted_duties(delivery_run: DeliveryRun | None) -> KeptDuties:
    """The trips of a plan that holds, in the shape a draft keeps them; none without a plan."""
    trips_of: dict[str, list[list[str]]] = {}
    for trip in plan_stand(delivery_run):
        trips_of.setdefault(trip.vehicle_code, []).append([stop.key for stop in trip.stops])
    return [{"vehicle": code, "trips": trips} for code, trips in trips_of.items()]


def duties_read(problem: RoutingProblem, kept: Iterable[Mapping[str, Any]]) -> tuple[Duty, ...]:
    """The duties of a draft on a problem; stops and vehicles that are gone are left out."""
    node = {stop.key: number for number, stop in enumerate(problem.stops, start=1)}
    position = {vehicle.key: number for number, vehicle in enumerate(problem.vehicles)}
    return tuple(
        Duty(
            position[duty["vehicle"]],
            tuple(tuple(node[key] for key in trip if key in node) for trip in duty["trips"]),
        )
        for duty in kept
        if duty["vehicle"] in position
    )


def duties_written(problem: RoutingProblem, duties: Iterable[Duty]) -> KeptDuties:
    """Duties as a draft keeps them; `duties_read` is the way back."""
    return [
        {
            "vehicle": problem.vehicles[duty.vehicle].key,
            "trips": [[problem.stop_at(node).key for node in trip] for trip in duty.trips if trip],
        }
        for duty in sorted(duties, key=lambda duty: duty.vehicle)
        if duty.nodes
    ]


def drafts_unsolved() -> QuerySet[PlanDraft]:
    """Drafts that wait for a search or are in one, the oldest first."""
    unsolved = (PlanDraftState.QUEUED, PlanDraftState.SOLVING)
    return PlanDraft.objects.filter(state__in=unsolved).order_by("pk")


def _side(problem: RoutingProblem, plan: RoutePlan) -> PlanSide:
    stops = [stop for trip in plan.trips for stop in trip.stops]
    return PlanSide(
        costs=plan.costs,
        cost_fen=plan.cost_fen,
        vehicles=len(plan.vehicle_keys),
        trips=len(plan.trips),
        stops=plan.stop_count,
        distance_m=plan.distance_m,
        duration_s=plan.duration_s,
        late_stops=sum(stop.lateness_fen > 0 for stop in stops),
        unserved=plan.unserved,
        shares=fairness(problem, plan),
    )
