"""The pipeline of a run: one step, one transaction, safe to stop and repeat anywhere.

A step may first compute outside any transaction; then it stores everything it
made in one short transaction that holds the run's row and checks that nobody
was first. A process killed at any moment leaves either the whole step or
nothing of it, and the next call goes on from there.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from fulfillment.domain.cutoff_run import STEP_LIFECYCLE, Step, next_step
from fulfillment.errors import RunBusy, StepGivenUp
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.warehouse import Warehouse
from fulfillment.selectors.paper_basis import papers_stale
from fulfillment.selectors.shortages import shortages_final_due_at
from fulfillment.services.allocation import allocations_make
from fulfillment.services.books import books_require_clean
from fulfillment.services.delivery import PlanBudget, first_drafts_ready, run_plan
from fulfillment.services.papers import papers_print, papers_refresh
from fulfillment.services.purchasing import purchase_orders_create
from fulfillment.services.receiving import receiving_sum
from fulfillment.services.refunds import shortages_refund
from fulfillment.services.settlement import commission_hold
from fulfillment.services.shortages import shortages_finalize
from fulfillment.services.sorting import sort_lists_make
from orders.models.campaigns import Campaign
from orders.services.campaigns import campaign_freeze

# The first number of the pair names what is locked, the second which one.
RUN_LOCK = 11
POLL_S = 0.1

Figures = Mapping[str, int | str]
Store = Callable[[], Figures]
OnProgress = Callable[[Step, int, int], None]


def _no_progress(_step: Step, _done: int, _total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the caller decides: the clock, the solver's budget, the display.

    `plans_here` says whether routes are searched in this process; otherwise
    the step waits until workers have. `wait_s` is how long to wait for a run
    that another process works on; a killed process leaves its last statement
    running for a moment.
    """

    clock: Callable[[CutoffRun, Step], datetime]
    plan: PlanBudget
    plans_here: bool = True
    print_papers: bool = True
    attempts_max: int | None = None
    wait_s: float = 0.0
    on_progress: OnProgress = _no_progress


@transaction.atomic
def run_ensure(*, campaign: Campaign, warehouse: Warehouse, now: datetime) -> CutoffRun:
    """Return the campaign's run with all its steps, made if it was not there."""
    run, _created = CutoffRun.objects.get_or_create(
        campaign=campaign, defaults={"warehouse": warehouse, "created_at": now}
    )
    StepRecord.objects.bulk_create(
        [StepRecord(run=run, name=step, position=position) for position, step in enumerate(Step)],
        ignore_conflicts=True,
    )
    return run


def run_advance(*, run: CutoffRun, options: RunOptions) -> Step | None:
    """Do every step that can be done now; return the step it waits at, or None.

    Raises `RunBusy` when another process works on the run, `StepGivenUp` when
    a step has failed too often for a schedule, and whatever a step raises.
    """
    with _run_reserved(run, options.wait_s):
        while (step := _step_due(run)) is not None:
            if not _is_ready(run, step, options):
                _step_move(run, step, StepState.WAITING)
                return step
            _step_do(run, step, options)
    return None


@transaction.atomic
def run_retry(*, run: CutoffRun) -> bool:
    """Let the schedule try a given-up step again; return False if there is none.

    A step whose process was killed still says it is running, so what counts
    is that it was tried and is not done.
    """
    tried = StepRecord.objects.filter(run=run, attempts__gt=0).exclude(state=StepState.DONE)
    return bool(tried.update(attempts=0))


def _step_due(run: CutoffRun) -> Step | None:
    """The first step that is not done."""
    done = StepRecord.objects.filter(run=run, state=StepState.DONE).values_list("name", flat=True)
    return next_step({Step(name) for name in done})


def _is_ready(run: CutoffRun, step: Step, options: RunOptions) -> bool:
    """Four steps wait: for a clock, for the dock, for both, and for workers to find routes.

    Refunds wait for the warehouse to say that shortages are final, and no
    longer than until shortly before the first truck leaves.
    """
    now = options.clock(run, step)
    if step is Step.ROUTE and not options.plans_here:
        return first_drafts_ready(run=run, budget=options.plan, now=now)
    if step is Step.FREEZE:
        return now >= run.campaign.freeze_at
    if step is Step.RECEIVE:
        return CutoffRun.objects.filter(pk=run.pk, receiving_closed_at__isnull=False).exists()
    if step is Step.REFUND:
        return CutoffRun.objects.filter(
            pk=run.pk, shortages_final_at__isnull=False
        ).exists() or now >= shortages_final_due_at(run)
    return True


def _step_do(run: CutoffRun, step: Step, options: RunOptions) -> None:
    """Compute one step, then store it and its record together."""
    _attempt_begin(run, step, options.attempts_max)
    options.on_progress(step, 0, 1)
    started = time.monotonic()
    try:
        store = _compute(run, step, options)
        with transaction.atomic():
            CutoffRun.objects.select_for_update().get(pk=run.pk)
            record = StepRecord.objects.get(run=run, name=step)
            if record.state == StepState.DONE:
                return
            figures = store()
            record.state = StepState.DONE
            record.figures = dict(figures)
            record.output_hash = _figures_hash(figures)
            record.error = ""
            record.seconds = round(time.monotonic() - started, 3)
            record.finished_at = timezone.now()
            record.save()
    except BaseException as error:
        _attempt_failed(run, step, error)
        raise


def _compute(run: CutoffRun, step: Step, options: RunOptions) -> Store:
    """Return what stores the step; what takes long is done before."""
    now = options.clock(run, step)
    if step is Step.ROUTE:
        return run_plan(run=run, budget=options.plan, now=now)
    if step is Step.PRINT:
        if not options.print_papers:
            return dict
        return papers_print(run=run, now=now, on_progress=partial(options.on_progress, step))
    if step is Step.CHECK and papers_stale(run):
        # What was shared out again while people sorted is on paper before it is checked.
        papers_refresh(run=run, actor=None, now=now)
    return partial(SHORT_STEPS[step], run, now)


def _freeze(run: CutoffRun, now: datetime) -> Figures:
    snapshot = campaign_freeze(campaign_id=run.campaign_id, now=now)
    return {
        "orders": snapshot.orders,
        "lines": snapshot.lines,
        "pieces": snapshot.pieces,
        "paid_fen": snapshot.paid_fen,
        "lines_hash": snapshot.lines_hash,
    }


def _refund(run: CutoffRun, now: datetime) -> Figures:
    """Refund what is short; by the clock nobody may have said that it is final."""
    shortages_finalize(run=run, actor=None, now=now)
    return shortages_refund(run=run, now=now)


SHORT_STEPS: Mapping[Step, Callable[[CutoffRun, datetime], Figures]] = {
    Step.FREEZE: _freeze,
    Step.PURCHASE: lambda run, now: purchase_orders_create(run=run, now=now),
    Step.RECEIVE: lambda run, _now: receiving_sum(run=run),
    Step.ALLOCATE: lambda run, now: allocations_make(run=run, now=now),
    Step.REFUND: _refund,
    Step.COMMISSION: lambda run, now: commission_hold(run=run, now=now),
    Step.SORT: lambda run, _now: sort_lists_make(run=run),
    Step.CHECK: lambda run, _now: books_require_clean(run=run),
}


def _attempt_begin(run: CutoffRun, step: Step, attempts_max: int | None) -> None:
    record = StepRecord.objects.get(run=run, name=step)
    if attempts_max is not None and record.attempts >= attempts_max:
        raise StepGivenUp("This step has failed too often.", step=step, error=record.error)
    _step_move(run, step, StepState.RUNNING, attempts=F("attempts") + 1, started_at=timezone.now())


def _attempt_failed(run: CutoffRun, step: Step, error: BaseException) -> None:
    """Leave a trace of the failure; the next call tries the step again."""
    _step_move(run, step, StepState.FAILED, error=f"{type(error).__name__}: {error}")


def _step_move(run: CutoffRun, step: Step, state: StepState, **fields: object) -> None:
    """Move the step's row if the table has the move; a step done stays done."""
    StepRecord.objects.filter(
        run=run, name=step, state__in=STEP_LIFECYCLE.sources_of(state)
    ).update(state=state, **fields)


def _figures_hash(figures: Figures) -> str:
    return hashlib.sha256(json.dumps(dict(figures), sort_keys=True).encode()).hexdigest()


@contextmanager
def _run_reserved(run: CutoffRun, wait_s: float) -> Iterator[None]:
    """Hold the run for this process, or raise `RunBusy` after `wait_s`.

    The lock belongs to the database session: it ends with the process that
    held it, however that process ended. It only spares double work; what
    keeps a step from being stored twice is the check under the run's row.
    """
    deadline = time.monotonic() + wait_s
    while not _is_reserved(run):
        if time.monotonic() >= deadline:
            raise RunBusy("Another process is working on this run.", run=run.pk)
        time.sleep(POLL_S)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUN_LOCK, run.pk])


def _is_reserved(run: CutoffRun) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUN_LOCK, run.pk])
        return bool(cursor.fetchone() == (True,))
