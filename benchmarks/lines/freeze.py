"""The freeze of a campaign and its purchase orders, beside the same effects in plain SQL.

Both do what the next step needs: every paid order frozen and numbered at its
point, pieces by offer and the totals stored, orders to suppliers written. The
plain statements check nothing, lock nothing and know one supplier per SKU:
what the database alone needs is the floor, not a way to do it.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.lines.town import CODE
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services.purchasing import purchase_orders_create
from orders.models.campaigns import Campaign
from orders.services.campaigns import campaign_freeze

# Pieces by SKU and the totals, read and written to nothing.
AGGREGATION = """
    SELECT line.offer_id, sum(line.qty), sum(line.amount_fen), count(*),
           count(DISTINCT line.order_id)
      FROM orders_orderline AS line
      JOIN orders_order AS o ON o.id = line.order_id
     WHERE o.campaign_id = %(campaign)s AND o.state = 'paid' AND NOT line.is_void
     GROUP BY line.offer_id
"""
EFFECTS = (
    "UPDATE orders_order SET state = 'frozen' WHERE campaign_id = %(campaign)s AND state = 'paid'",
    """
    UPDATE orders_order AS o SET pickup_no = numbered.pickup_no
      FROM (SELECT id, row_number() OVER (PARTITION BY pickup_point_id
                                          ORDER BY paid_at, order_no) AS pickup_no
              FROM orders_order WHERE campaign_id = %(campaign)s AND state = 'frozen') AS numbered
     WHERE o.id = numbered.id
    """,
    """
    CREATE TEMPORARY TABLE bare_demand ON COMMIT DROP AS
    SELECT line.offer_id, line.sku_id, sum(line.qty) AS qty, sum(line.amount_fen) AS amount_fen
      FROM orders_orderline AS line
      JOIN orders_order AS o ON o.id = line.order_id
     WHERE o.campaign_id = %(campaign)s AND o.state = 'frozen' AND NOT line.is_void
     GROUP BY line.offer_id, line.sku_id
    """,
    """
    CREATE TEMPORARY TABLE bare_snapshot ON COMMIT DROP AS
    SELECT count(DISTINCT o.id) AS orders, count(*) AS lines, sum(line.qty) AS pieces,
           encode(sha256(string_agg(
               '["' || o.order_no || '", "' || sku.code || '", ' || line.qty || ']', ''
               ORDER BY o.order_no COLLATE "C", sku.code COLLATE "C")::bytea), 'hex') AS hash
      FROM orders_orderline AS line
      JOIN orders_order AS o ON o.id = line.order_id
      JOIN orders_sku AS sku ON sku.id = line.sku_id
     WHERE o.campaign_id = %(campaign)s AND o.state = 'frozen' AND NOT line.is_void
    """,
    """
    CREATE TEMPORARY TABLE bare_purchase ON COMMIT DROP AS
    SELECT offer.supplier_id, demand.sku_id, demand.qty,
           ceil(demand.qty::numeric / offer.pack_factor) AS packs
      FROM bare_demand AS demand
      JOIN fulfillment_supplieroffer AS offer ON offer.sku_id = demand.sku_id
    """,
)


def main() -> None:
    """Measure all three `sys.argv[1]` times; print seconds and memory as JSON.

    What was done is rolled back, and the dead rows are cleared away, so that
    each begins from the same rows.
    """
    campaign = Campaign.objects.get(code=CODE)
    acts: dict[str, Callable[[], None]] = {
        "aggregation": lambda: _execute((AGGREGATION,), campaign),
        "effects": lambda: _execute(EFFECTS, campaign),
        "platform": lambda: _freeze_and_buy(campaign),
    }
    seconds = {
        name: [_rolled_back(act) for _time in range(int(sys.argv[1]))] for name, act in acts.items()
    }
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_memory_mb": peak_mb}))


def _execute(statements: Sequence[str], campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"campaign": campaign.pk})


def _freeze_and_buy(campaign: Campaign) -> None:
    now = timezone.now()
    campaign_freeze(campaign_id=campaign.pk, now=now)
    purchase_orders_create(run=CutoffRun.objects.get(campaign=campaign), now=now)


def _rolled_back(act: Callable[[], None]) -> float:
    with transaction.atomic():
        began = time.perf_counter()
        act()
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM orders_order")
    return took
