"""The ways from a freeze to purchase orders; each is a program that prints its figures as JSON.

Arguments: CAMPAIGNS ORDERS LOG.
"""

import json
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Sum
from django.test import override_settings

from benchmarks.cutoffs.town import Town, town_make
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import StepRecord, StepState
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.services.advance import due_work_begin, run_advance_due, runs_unfinished
from fulfillment.services.schedules import schedules_ensure
from orders.models.campaigns import Campaign
from orders.models.demand import DemandLine
from orders.selectors.clock import database_now
from tests.nights.crew import Crew, beat_job, worker_run

LEAD = timedelta(seconds=12)
PATIENCE_S = 600.0
FLOOR_SQL = """
INSERT INTO floor_demand
SELECT o.campaign_id, l.offer_id, l.sku_id, sum(l.qty), sum(l.qty * l.unit_price_fen)
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
 WHERE o.campaign_id = %s AND o.state = 'paid' AND NOT l.is_void
 GROUP BY 1, 2, 3
"""


def workers() -> None:
    """Two workers and a beat, started before the freeze."""
    town = _town()
    with override_settings(SOLVER_SECONDS=1):
        schedules_ensure(every_seconds=1)
        crew = Crew(jobs=[worker_run, worker_run, beat_job], log=Path(sys.argv[3]))
        freeze_at = database_now() + LEAD
        town_make(town, freeze_at=freeze_at)
        freeze_at = _freeze_move(database_now() + LEAD)
        crew.start()
        try:
            _wait_until_bought(town)
            memory = crew.memory_peak_mb()
        finally:
            crew.stop()
    _print(town, freeze_at, {"memory_peak_mb": memory})


def serial() -> None:
    """One process, one campaign after the other, from the moment of the freeze."""
    town = _town()
    town_make(town, freeze_at=database_now() + LEAD)
    freeze_at = _freeze_move(database_now())
    due_work_begin(now=database_now())
    for run in runs_unfinished():
        run_advance_due(run=run, now=database_now(), plans_here=False)
    _print(town, freeze_at, {})


def floor() -> None:
    """Bare SQL: the demand of each campaign summed and written, a transaction each."""
    town = _town()
    town_make(town, freeze_at=database_now() + LEAD)
    keys = list(Campaign.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE floor_demand (campaign_id bigint, offer_id bigint, sku_id bigint,"
            " qty bigint, fen bigint)"
        )
        started = time.perf_counter()
        ends = []
        for key in keys:
            with transaction.atomic():
                cursor.execute(FLOOR_SQL, [key])
            ends.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(_shape(ends)))


def _town() -> Town:
    return Town(campaigns=int(sys.argv[1]), orders=int(sys.argv[2]))


def _freeze_move(freeze_at: datetime) -> datetime:
    """Let all campaigns freeze at a moment: making them took its time."""
    Campaign.objects.update(
        orders_close_at=freeze_at - timedelta(minutes=5),
        payments_close_at=freeze_at - timedelta(minutes=2),
        freeze_at=freeze_at,
    )
    return freeze_at


def _wait_until_bought(town: Town) -> None:
    deadline = time.monotonic() + PATIENCE_S
    bought = StepRecord.objects.filter(name=Step.PURCHASE, state=StepState.DONE)
    while bought.count() < town.campaigns:
        if time.monotonic() > deadline:
            raise SystemExit(f"only {bought.count()} of {town.campaigns} campaigns were bought for")
        time.sleep(0.2)
    connections.close_all()


def _print(town: Town, freeze_at: datetime, more: dict[str, Any]) -> None:
    ends = StepRecord.objects.filter(name=Step.PURCHASE, state=StepState.DONE).values_list(
        "finished_at", flat=True
    )
    sold = DemandLine.objects.aggregate(qty=Sum("qty", default=0))["qty"]
    bought = PurchaseOrderLine.objects.aggregate(qty=Sum("ordered_qty", default=0))["qty"]
    figures = _shape([(end - freeze_at).total_seconds() for end in ends if end is not None])
    figures |= {
        # One piece of the first line of each order, two of the second.
        "pieces_lost": town.campaigns * town.orders * 3 - sold,
        "pieces_not_bought": max(0, sold - bought),
    }
    sys.stdout.write(json.dumps(figures | more))


def _shape(seconds: list[float]) -> dict[str, Any]:
    p95 = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    rounded = partial(round, ndigits=2)
    return {
        "campaigns": len(seconds),
        "p50_s": rounded(median(seconds)),
        "p95_s": rounded(p95),
        "max_s": rounded(max(seconds)),
    }
