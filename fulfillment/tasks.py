"""What the schedule calls. Each task only wakes a service; the rows decide what is due.

Which queue a task waits in is in the settings. One that nobody took in time is
forgotten: the next tick names whatever is still due, so a pause of the workers
leaves no heap of old calls behind.
"""

from celery import shared_task
from structlog.contextvars import bound_contextvars

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services.advance import (
    due_work_begin,
    due_work_outward,
    run_advance_due,
    runs_unfinished,
)
from fulfillment.services.plan_drafts import draft_solve, drafts_due, run_waiting_for
from fulfillment.services.report_mail import report_mail
from fulfillment.services.reports import report_make
from orders.selectors.clock import database_now

# Hosts whose clocks are minutes apart still agree that a task is fresh.
FORGOTTEN_AFTER_S = 900


@shared_task(expires=FORGOTTEN_AFTER_S)
def advance() -> None:
    """Do what clocks decide, then wake tasks: runs to go on, plans to search, the outside."""
    due_work_begin(now=database_now())
    for run in runs_unfinished():
        advance_run.delay(run.pk)
    for draft_id in drafts_due():
        solve_draft.delay(draft_id)
    advance_outward.delay()


@shared_task(expires=FORGOTTEN_AFTER_S)
def advance_run(run_id: int) -> None:
    """Take one run as far as it can go now."""
    run = CutoffRun.objects.select_related("campaign", "warehouse").get(pk=run_id)
    with bound_contextvars(run_id=run.pk, campaign=run.campaign.code):
        run_advance_due(run=run, now=database_now(), plans_here=False)
    for draft_id in drafts_due():
        solve_draft.delay(draft_id)


@shared_task(expires=FORGOTTEN_AFTER_S)
def solve_draft(draft_id: int) -> None:
    """Search for one plan; the run that waits for it goes on at once."""
    with bound_contextvars(draft_id=draft_id):
        draft_solve(draft_id=draft_id)
    run = run_waiting_for(draft_id)
    if run is not None:
        advance_run.delay(run)


@shared_task(expires=FORGOTTEN_AFTER_S)
def report_build(run_id: int) -> None:
    """Build a report unless it is built, and mail it where somebody is to get it."""
    report_make(run_id=run_id)
    report_mail(run_id=run_id)


@shared_task(expires=FORGOTTEN_AFTER_S)
def advance_outward() -> None:
    """Do what talks to the servers of others."""
    due_work_outward()
