"""What the schedule calls. Each task only wakes a service; the rows decide what is due."""

from celery import shared_task

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services.advance import (
    due_work_begin,
    due_work_outward,
    run_advance_due,
    runs_unfinished,
)
from orders.selectors.clock import database_now


@shared_task
def advance() -> None:
    """Do what clocks decide, then wake one task per unfinished run and one for the outside."""
    due_work_begin(now=database_now())
    for run in runs_unfinished():
        advance_run.delay(run.pk)
    advance_outward.delay()


@shared_task
def advance_run(run_id: int) -> None:
    """Take one run as far as it can go now."""
    run = CutoffRun.objects.select_related("campaign", "warehouse").get(pk=run_id)
    run_advance_due(run=run, now=database_now())


@shared_task
def advance_outward() -> None:
    """Do what talks to the servers of others."""
    due_work_outward()
