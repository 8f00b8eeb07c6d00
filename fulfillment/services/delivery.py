"""The first plans of a run: one draft per warehouse, stored together once all are ready."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from fulfillment.domain.plan_board import board_read
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.errors import NoSoundPlan, RunBusy
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.checker import check_plan
from fulfillment.routing.plan import RoutePlan, UnservedReason
from fulfillment.routing.schedule import build_plan
from fulfillment.routing.solver import DEFAULT_ENGINE
from fulfillment.selectors.plan_drafts import draft_problem, duties_read
from fulfillment.selectors.plan_problem import warehouses_delivering
from fulfillment.services.linehauls import (
    LinehaulPlan,
    WarehousePlan,
    linehauls_plan,
    linehauls_store,
)
from fulfillment.services.plan_drafts import (
    draft_decide,
    draft_drop,
    draft_request,
    draft_solve,
    first_draft,
)
from fulfillment.services.plan_rows import plan_rows_write, slots_give
from fulfillment.services.travel import travel_provider

# Goods that are shared again while their plan is searched may make it unsound;
# that happens once in a night, not three times in a row.
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBudget:
    """How long which engine may search, and the seed of its choices."""

    seconds: int
    seed: int
    engine: str = DEFAULT_ENGINE


@dataclass(frozen=True, slots=True)
class _Ready:
    """A draft with its plan as the rows say now."""

    draft: PlanDraft
    plan: RoutePlan


def first_drafts_ready(*, run: CutoffRun, budget: PlanBudget, now: datetime) -> bool:
    """Ask for the first plans that nobody has asked for; whether there is none to wait for.

    A search that failed is not waited for: it is tried again where its
    failure is counted.
    """
    waits = False
    for warehouse in warehouses_delivering(run):
        draft = first_draft(run, warehouse)
        if draft is None and not _has_failed(run, warehouse):
            draft = _first_request(run, warehouse, budget, now)
        waits |= draft is not None and draft.state != PlanDraftState.READY
    return not waits


def run_plan(
    *, run: CutoffRun, budget: PlanBudget, now: datetime
) -> Callable[[], Mapping[str, int | str]]:
    """Have the routes of a run planned; return what stores the plans.

    What no worker has searched is searched here, outside any transaction, one
    warehouse after the other; storing takes a moment. Only plans that the
    independent checker accepts, on the goods as they are now, are stored.

    Raises
    ------
    NoSoundPlan
        If a search failed, with what it says, or goods keep changing.
    RunBusy
        If another process is still searching.
    """
    for _try in range(_TRIES):
        ready = [
            _plan_now(_draft_ready(run, warehouse, budget, now), now)
            for warehouse in warehouses_delivering(run)
        ]
        sound = [plan for plan in ready if plan is not None]
        if len(sound) == len(ready):
            linehauls = linehauls_plan(
                run=run,
                plans=[
                    WarehousePlan(warehouse=item.draft.warehouse, plan=item.plan) for item in sound
                ],
                seconds=budget.seconds,
                seed=budget.seed,
                engine=budget.engine,
            )
            return partial(_plans_store, run=run, ready=sound, linehauls=linehauls, now=now)
    raise NoSoundPlan("The goods changed during every search; plan again.", run=run.pk)


def _has_failed(run: CutoffRun, warehouse: Warehouse) -> bool:
    return PlanDraft.objects.filter(
        cutoff_run=run,
        warehouse=warehouse,
        origin=PlanOrigin.FIRST,
        state=PlanDraftState.FAILED,
    ).exists()


def _first_request(
    run: CutoffRun, warehouse: Warehouse, budget: PlanBudget, now: datetime
) -> PlanDraft:
    return draft_request(
        cutoff_run_id=run.pk,
        warehouse_id=warehouse.pk,
        origin=PlanOrigin.FIRST,
        request=PlanRequest(seconds=budget.seconds, seed=budget.seed, engine=budget.engine),
        actor=None,
        now=now,
    )


def _draft_ready(
    run: CutoffRun, warehouse: Warehouse, budget: PlanBudget, now: datetime
) -> PlanDraft:
    """The warehouse's first plan, searched here if nobody else has."""
    draft = first_draft(run, warehouse) or _first_request(run, warehouse, budget, now)
    draft_solve(draft_id=draft.pk, clock=lambda: now)
    draft = PlanDraft.objects.select_related("cutoff_run__campaign", "warehouse").get(pk=draft.pk)
    if draft.state == PlanDraftState.SOLVING:
        raise RunBusy("Another process is searching for these routes.", run=run.pk)
    if draft.state != PlanDraftState.READY:
        raise NoSoundPlan(draft.error or "The search for these routes was stopped.", draft=draft.pk)
    return draft


def _plan_now(draft: PlanDraft, now: datetime) -> _Ready | None:
    """The plan of a draft on the goods as they are now; a draft that they outgrew is dropped."""
    problem = draft_problem(draft, travel_provider(draft.warehouse))
    plan = build_plan(problem, duties_read(problem, draft.duties))
    if check_plan(problem, plan):
        draft_drop(draft_id=draft.pk, actor=None, now=now)
        return None
    searched = {*board_read(draft.duties).stop_keys, *draft.details["unserved"]}
    unserved = tuple(
        left if left.stop_key in searched else replace(left, reason=UnservedReason.ADDED_LATER)
        for left in plan.unserved
    )
    return _Ready(draft, replace(plan, unserved=unserved))


def _plans_store(
    *,
    run: CutoffRun,
    ready: Sequence[_Ready],
    linehauls: Sequence[LinehaulPlan],
    now: datetime,
) -> Mapping[str, int | str]:
    """Store the plans of all warehouses; route numbers go on from one to the next."""
    troubles = {
        grid_id: told for linehaul in linehauls for grid_id, told in linehaul.troubles.items()
    }
    for item in ready:
        draft_decide(draft_id=item.draft.pk, state=PlanDraftState.ACCEPTED, actor=None, now=now)
        trouble = troubles.get(item.draft.warehouse_id)
        plan_rows_write(delivery_run=_delivery_run(run, item, trouble, now), plan=item.plan)
    slots_give(run)
    calls = linehauls_store(run=run, linehauls=linehauls)
    plans = [item.plan for item in ready]
    figures = {
        "routes": sum(len(plan.trips) for plan in plans),
        "vehicles": sum(len(plan.vehicle_keys) for plan in plans),
        "stops": sum(plan.stop_count for plan in plans),
        "unserved": sum(len(plan.unserved) for plan in plans),
        "distance_m": sum(plan.distance_m for plan in plans),
        "route_cost_fen": sum(plan.cost_fen for plan in plans),
    }
    return figures | ({"linehauls": calls} if linehauls else {})


def _delivery_run(run: CutoffRun, item: _Ready, trouble: str | None, now: datetime) -> DeliveryRun:
    draft, plan = item.draft, item.plan
    troubles = [*draft.details["troubles"], *([trouble] if trouble else [])]
    is_own = draft.warehouse_id == run.warehouse_id
    return DeliveryRun.objects.create(
        run_no=f"D-{run.campaign.code}" + ("" if is_own else f"-{draft.warehouse.code}"),
        cutoff_run=run,
        warehouse=draft.warehouse,
        engine=draft.engine,
        seed=draft.seed,
        solver_seconds=draft.solver_seconds,
        details={**draft.details, "troubles": troubles},
        cost_fen=plan.cost_fen,
        distance_m=plan.distance_m,
        planned_at=now,
    )
