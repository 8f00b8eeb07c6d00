"""Whom a recall concerns: goods of a batch or of days → runs → order lines, in one statement.

As in a trace, leftovers carry a batch into later runs, and whoever got pieces
of the SKU in a run that shared out the batch may have pieces of it.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

# `given` has a row for each order line that got pieces.
REACH_SQL = """
WITH RECURSIVE reach (run_id) AS (
    SELECT r.id
      FROM fulfillment_cutoffrun r
      JOIN orders_campaign c ON c.id = r.campaign_id
     WHERE c.delivery_date BETWEEN %(from_on)s AND %(until_on)s
       AND ((%(batch_no)s = '' AND %(supplier_id)s::bigint IS NULL)
            OR EXISTS (
                SELECT FROM fulfillment_purchaseorder o
                  JOIN fulfillment_purchaseorderline l ON l.purchase_order_id = o.id
                  JOIN fulfillment_goodsreceiptline g ON g.purchase_line_id = l.id
                  LEFT JOIN fulfillment_batch b ON b.receipt_line_id = g.id
                 WHERE o.run_id = r.id AND l.sku_id = %(sku_id)s AND g.accepted_qty > 0
                   AND (%(supplier_id)s::bigint IS NULL OR o.supplier_id = %(supplier_id)s)
                   AND (%(batch_no)s = '' OR upper(b.batch_no) = upper(%(batch_no)s))
                   AND NOT EXISTS (SELECT FROM fulfillment_receiptlinevoid v
                                    WHERE v.receipt_line_id = g.id)))
     UNION
    SELECT m.used_run_id
      FROM reach JOIN fulfillment_leftovermovement m
        ON m.origin_run_id = reach.run_id AND m.sku_id = %(sku_id)s AND m.kind = 'used'
), given AS (
    SELECT a.run_id, a.order_line_id, sum(p.pieces) AS pieces
      FROM reach
      JOIN fulfillment_allocation a ON a.run_id = reach.run_id
      JOIN orders_orderline i ON i.id = a.order_line_id
     CROSS JOIN LATERAL (VALUES (i.sku_id, a.allocated_qty),
                                (a.substitute_sku_id, a.substitute_qty)) AS p (sku_id, pieces)
     WHERE p.sku_id = %(sku_id)s AND p.pieces > 0
     GROUP BY a.run_id, a.order_line_id
)
"""
_COUNT = """
SELECT count(*), coalesce(sum(given.pieces), 0), count(DISTINCT o.resident_id),
       count(DISTINCT o.leader_id)
  FROM given
  JOIN orders_orderline i ON i.id = given.order_line_id
  JOIN orders_order o ON o.id = i.order_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallScope:
    """The goods of a recall: a SKU delivered in these days, of a batch or a supplier if named."""

    sku_id: int
    supplier_id: int | None
    batch_no: str
    from_on: date
    until_on: date

    @property
    def parameters(self) -> dict[str, int | str | date | None]:
        """The values of `REACH_SQL`."""
        return {
            "sku_id": self.sku_id,
            "supplier_id": self.supplier_id,
            "batch_no": self.batch_no,
            "from_on": self.from_on,
            "until_on": self.until_on,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallReach:
    """How many order lines, pieces, residents and leaders a recall would concern."""

    lines: int
    pieces: int
    residents: int
    leaders: int


def recall_reach(scope: RecallScope) -> RecallReach:
    """Count whom a recall would concern, without starting it."""
    with connection.cursor() as cursor:
        cursor.execute(REACH_SQL + _COUNT, scope.parameters)
        lines, pieces, residents, leaders = cursor.fetchone()
    return RecallReach(lines=lines, pieces=int(pieces), residents=residents, leaders=leaders)
