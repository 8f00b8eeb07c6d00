"""Drafts of plans: asked for, searched, cancelled, dropped.

A search runs outside any transaction and holds a lock of its database
session: a draft that says it is being searched while nobody holds its lock
lost its worker, however that ended, and is queued again.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import PLAN_DRAFT_LIFECYCLE
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.integrations.workers import worker_wake
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Vehicle
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Warehouse
from fulfillment.route_errors import PlanDraftNotPossible, SearchCancelled
from fulfillment.routing.search import Progress
from fulfillment.selectors.plan_drafts import drafts_unsolved
from fulfillment.selectors.plan_problem import drops_served
from fulfillment.selectors.plan_stand import accepted_plan, day_second
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.plan_search import Looker, plan_search
from leaders.models.accounts import User
from orders.selectors.clock import Clock, database_now

logger = logging.getLogger(__name__)

# The first number of the pair names what is locked, the second which draft.
SEARCH_LOCK = 15
ERROR_LENGTH = 300
# Looking on costs a query each time.
LOOK_PAUSE_S = 1.0
NAMED_AGAIN_AFTER_S = 120
SEARCH_TASK = "fulfillment.tasks.solve_draft"


@transaction.atomic
def draft_request(
    *,
    cutoff_run_id: int,
    warehouse_id: int,
    origin: PlanOrigin,
    request: PlanRequest,
    actor: User | None,
    now: datetime,
) -> PlanDraft:
    """Ask for a plan of one warehouse; a first plan that is asked for already is returned.

    Workers begin at once with any but a first plan, which the run asks for and
    waits for.

    Raises
    ------
    PlanDraftNotPossible
        If there is a plan and a first one is asked for, or the other way round.
    DayClosed
        After the day.
    """
    run = run_open_locked(cutoff_run_id)
    warehouse = Warehouse.objects.get(pk=warehouse_id)
    accepted = accepted_plan(run, warehouse)
    if (accepted is None) is not (origin == PlanOrigin.FIRST):
        raise PlanDraftNotPossible(
            _("There is no plan yet that could be changed.")
            if accepted is None
            else _("This warehouse has its first plan already.")
        )
    if origin == PlanOrigin.FIRST:
        known = first_draft(run, warehouse)
        if known is not None:
            return known
    else:
        request = _as_of_now(run, warehouse, request, now)
    draft = PlanDraft.objects.create(
        cutoff_run=run,
        warehouse=warehouse,
        origin=origin,
        based_on_revision=accepted.revision if accepted else 0,
        request=request.to_json(),
        engine=request.engine,
        seed=request.seed,
        solver_seconds=request.seconds,
        created_at=now,
        created_by=actor,
    )
    if origin != PlanOrigin.FIRST:
        transaction.on_commit(partial(worker_wake, SEARCH_TASK, draft.pk))
    return draft


def _as_of_now(
    run: CutoffRun, warehouse: Warehouse, request: PlanRequest, now: datetime
) -> PlanRequest:
    """The request with what nobody needs to say: nothing leaves in the past, and who is gone.

    A drop without goods, or at a point that has closed, is taken off the plan.
    """
    codes = set(Vehicle.objects.filter(warehouse=warehouse).values_list("code", flat=True))
    if unknown := request.vehicles_out - codes:
        raise PlanDraftNotPossible(
            _("%(warehouse)s has no vehicle %(code)s.")
            % {"warehouse": warehouse, "code": min(unknown)}
        )
    drops = drops_served(run, warehouse)
    gone = drops.filter(Q(pieces=0) | Q(pickup_point__is_open=False))
    return replace(
        request,
        drops_out=request.drops_out | set(gone.values_list("pk", flat=True)),
        leaves_from_s=max(request.leaves_from_s, day_second(run, now)),
    )


def first_draft(run: CutoffRun, warehouse: Warehouse) -> PlanDraft | None:
    """The draft of a warehouse's first plan that is under way or ready."""
    gone = (PlanDraftState.DROPPED, PlanDraftState.FAILED)
    drafts = PlanDraft.objects.filter(
        cutoff_run=run, warehouse=warehouse, origin=PlanOrigin.FIRST
    ).exclude(state__in=gone)
    return drafts.first()


def draft_solve(*, draft_id: int, clock: Clock = database_now) -> bool:
    """Search for the plan of a draft; return whether this call did.

    A draft that another process searches for, or that needs no search any
    more, is left alone. One whose search fails says why and is not raised:
    whoever waits for it reads it from the row.
    """
    with _searching_alone(draft_id) as is_ours:
        if not is_ours or not _begin(draft_id, clock):
            return False
        draft = PlanDraft.objects.select_related("cutoff_run__campaign", "warehouse").get(
            pk=draft_id
        )
        try:
            found = plan_search(draft, _looker(draft_id))
        except SearchCancelled:
            _move(draft_id, PlanDraftState.DROPPED, finished_at=clock(), decided_at=clock())
        except Exception as error:  # the boundary: whoever waits reads it from the row
            logger.exception("The search for plan draft %s failed", draft_id)
            told = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
            _move(draft_id, PlanDraftState.FAILED, finished_at=clock(), error=told)
        else:
            _move(
                draft_id,
                PlanDraftState.READY,
                duties=found.duties,
                figures=found.figures,
                details=found.details,
                engine=found.engine,
                progress_percent=100,
                finished_at=clock(),
            )
    return True


@transaction.atomic
def draft_cancel(*, draft_id: int, actor: User | None, now: datetime) -> None:
    """Stop a search, wherever it runs; its draft is dropped within a second or two.

    Raises `PlanDraftNotPossible` if nobody searches any more.
    """
    waiting = PlanDraft.objects.filter(pk=draft_id, state=PlanDraftState.QUEUED)
    if waiting.update(state=PlanDraftState.DROPPED, decided_at=now, decided_by=actor):
        return
    searched = PlanDraft.objects.filter(pk=draft_id, state=PlanDraftState.SOLVING)
    if not searched.update(cancel_asked_at=now, decided_by=actor):
        raise PlanDraftNotPossible(_("This search has ended already."))


@transaction.atomic
def draft_drop(*, draft_id: int, actor: User | None, now: datetime) -> None:
    """Drop a draft that is ready or still waits; raises `PlanDraftNotPossible` for any other."""
    searched = PlanDraft.objects.filter(pk=draft_id, state=PlanDraftState.SOLVING)
    if searched.exists():
        raise PlanDraftNotPossible(_("This plan is still being searched: stop the search."))
    draft_decide(draft_id=draft_id, state=PlanDraftState.DROPPED, actor=actor, now=now)


def draft_decide(
    *, draft_id: int, state: PlanDraftState, actor: User | None, now: datetime
) -> None:
    """Accept or drop a draft, within the transaction that acts on it.

    Raises `PlanDraftNotPossible` if somebody has decided before.
    """
    if not _move(draft_id, state, decided_at=now, decided_by=actor):
        raise PlanDraftNotPossible(_("This plan does not wait for a decision."))


def drafts_due() -> list[int]:
    """Drafts a worker should search for now, the oldest first.

    Those whose search died with its process are queued again. One that was
    named lately is not named again: it stands in the workers' queue.
    """
    for draft in drafts_unsolved().filter(state=PlanDraftState.SOLVING):
        with _searching_alone(draft.pk) as is_ours:
            if is_ours:
                _move(draft.pk, PlanDraftState.QUEUED)
    queued = drafts_unsolved().filter(state=PlanDraftState.QUEUED)
    return [
        draft_id
        for draft_id in queued.values_list("pk", flat=True)
        if cache.add(f"plan_draft:{draft_id}:named", 1, NAMED_AGAIN_AFTER_S)
    ]


def run_waiting_for(draft_id: int) -> int | None:
    """The run that goes on with this draft, or None."""
    ready = PlanDraft.objects.filter(
        pk=draft_id, origin=PlanOrigin.FIRST, state=PlanDraftState.READY
    )
    return ready.values_list("cutoff_run_id", flat=True).first()


def _begin(draft_id: int, clock: Clock) -> bool:
    """Take a queued draft, or one whose worker died; False if there is nothing to search."""
    _move(draft_id, PlanDraftState.QUEUED)
    cancelled = PlanDraft.objects.filter(
        pk=draft_id, state=PlanDraftState.QUEUED, cancel_asked_at__isnull=False
    )
    if cancelled.update(state=PlanDraftState.DROPPED, decided_at=clock()):
        return False
    return _move(draft_id, PlanDraftState.SOLVING, started_at=clock(), progress_percent=0)


def _move(draft_id: int, state: PlanDraftState, **values: object) -> bool:
    """Move a draft if the table has the move; whether it did."""
    drafts = PlanDraft.objects.filter(pk=draft_id, state__in=PLAN_DRAFT_LIFECYCLE.sources_of(state))
    return bool(drafts.update(state=state, **values))


@contextmanager
def _searching_alone(draft_id: int) -> Iterator[bool]:
    """Whether no other process searches for it; holds it until the block ends, or the process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [SEARCH_LOCK, draft_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SEARCH_LOCK, draft_id])


@dataclass(slots=True)
class _Pause:
    """Lets something happen at most once per pause."""

    seconds: float = LOOK_PAUSE_S
    _last: float = field(default=float("-inf"), init=False)

    def is_over(self) -> bool:
        """Whether it is time again."""
        now = time.monotonic()
        if now < self._last + self.seconds:
            return False
        self._last = now
        return True


def _looker(draft_id: int) -> Looker:
    row = PlanDraft.objects.filter(pk=draft_id)
    asking, telling = _Pause(), _Pause()

    def should_stop() -> bool:
        return asking.is_over() and row.filter(cancel_asked_at__isnull=False).exists()

    def on_progress(progress: Progress) -> None:
        if telling.is_over():
            row.update(progress_percent=progress.percent)

    return Looker(should_stop=should_stop, on_progress=on_progress)
