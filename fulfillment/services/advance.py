"""Everything that is due now, found in the rows and done in order.

Schedules call this every minute; so may a person, two schedules at once, or
nobody for an hour. It looks at what is due, never at what it did before.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from fulfillment.domain.cutoff_run import POISON_LIMIT, Step
from fulfillment.errors import RunBusy, StepGivenUp, WarehouseUnclear
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.warehouse import Warehouse
from fulfillment.services.cutoff_run import RunOptions, run_advance, run_ensure
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.settlement import commission_release
from orders.models.campaigns import Campaign, CampaignState


def due_work_begin(*, now: datetime) -> Mapping[str, int]:
    """Do what clocks alone decide: close campaigns, open runs, release commission."""
    return {
        "campaigns_closed": campaigns_close(now=now),
        "runs_opened": runs_open(now=now),
        "commission_released": commission_release(now=now),
    }


@transaction.atomic
def campaigns_close(*, now: datetime) -> int:
    """Close every open campaign whose orders close; return how many."""
    return Campaign.objects.filter(state=CampaignState.OPEN, orders_close_at__lte=now).update(
        state=CampaignState.CLOSING
    )


def runs_open(*, now: datetime) -> int:
    """Open a run for every campaign that freezes and has none; return how many."""
    campaigns = Campaign.objects.filter(
        state__in=[CampaignState.OPEN, CampaignState.CLOSING],
        freeze_at__lte=now,
        run__isnull=True,
    )
    for campaign in campaigns:
        run_ensure(campaign=campaign, warehouse=_warehouse(), now=now)
    return len(campaigns)


def runs_unfinished() -> list[CutoffRun]:
    """Runs with a step to do, oldest first."""
    unfinished = StepRecord.objects.exclude(state=StepState.DONE).values("run_id")
    return list(
        CutoffRun.objects.filter(pk__in=unfinished)
        .exclude(campaign__state=CampaignState.CANCELLED)
        .select_related("campaign", "warehouse")
        .order_by("created_at", "pk")
    )


def run_advance_due(*, run: CutoffRun, now: datetime) -> Step | None:
    """Take a run as far as it can go now; return the step it waits at.

    A run that another process is working on, or that has failed too often, is
    left alone.
    """
    options = RunOptions(
        clock=lambda _run, _step: now,
        plan=PlanBudget(seconds=settings.SOLVER_SECONDS, seed=settings.SOLVER_SEED),
        attempts_max=POISON_LIMIT,
    )
    try:
        return run_advance(run=run, options=options)
    except RunBusy:
        return None
    except StepGivenUp as given_up:
        return Step(str(given_up.details["step"]))


def _warehouse() -> Warehouse:
    warehouses = list(Warehouse.objects.all()[:2])
    if len(warehouses) != 1:
        raise WarehouseUnclear("A campaign needs exactly one warehouse to be served from.")
    return warehouses[0]
