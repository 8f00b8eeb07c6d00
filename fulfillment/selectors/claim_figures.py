"""How well claims are answered, and where they come from, over the last weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

FIGURE_DAYS = 30
ROWS_SHOWN = 5

# Both halves of a rate are about goods delivered in the window.
ANSWERS_SQL = """
SELECT percentile_cont(0.5) WITHIN GROUP (
           ORDER BY extract(epoch FROM least(replied_at, decided_at) - filed_at) / 60),
       percentile_cont(0.5) WITHIN GROUP (
           ORDER BY extract(epoch FROM decided_at - filed_at) / 3600)
  FROM orders_claim WHERE filed_at >= %s
"""
RATES_SQL = """
WITH line AS (
    SELECT l.id, l.amount_fen, l.sku_id, o.leader_id
      FROM orders_orderline l
      JOIN orders_order o ON o.id = l.order_id
      JOIN orders_campaign c ON c.id = o.campaign_id
     WHERE o.state IN ('frozen', 'completed') AND NOT l.is_void
       AND c.delivery_date BETWEEN %(since)s AND %(until)s
), claimed AS (
    SELECT order_line_id, count(*) AS claims FROM orders_claim
     WHERE order_line_id IN (SELECT id FROM line) GROUP BY order_line_id
), refunded AS (
    SELECT r.order_line_id, sum(r.amount_fen) AS fen
      FROM orders_refundline r JOIN orders_refund f ON f.id = r.refund_id
     WHERE f.reason = 'after_sales' AND f.state <> 'closed'
       AND r.order_line_id IN (SELECT id FROM line)
     GROUP BY r.order_line_id
), rated AS (
    SELECT grouping(line.leader_id) AS no_leader, grouping(line.sku_id) AS no_sku,
           line.leader_id, line.sku_id, count(*) AS lines,
           coalesce(sum(claimed.claims), 0)::bigint AS claims,
           coalesce(sum(line.amount_fen), 0)::bigint AS paid_fen,
           coalesce(sum(refunded.fen), 0)::bigint AS refunded_fen
      FROM line LEFT JOIN claimed ON claimed.order_line_id = line.id
      LEFT JOIN refunded ON refunded.order_line_id = line.id
     GROUP BY GROUPING SETS ((), (line.leader_id), (line.sku_id))
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY no_leader, no_sku
           ORDER BY claims::numeric / nullif(lines, 0) DESC NULLS LAST,
                    claims DESC, leader_id, sku_id) AS place
      FROM rated WHERE claims > 0 OR no_leader + no_sku = 2
)
SELECT CASE WHEN no_leader = 0 THEN 'leader' WHEN no_sku = 0 THEN 'sku' ELSE 'all' END,
       coalesce(h.code, k.code, ''), coalesce(h.name, k.name, ''),
       lines, claims, paid_fen, refunded_fen
  FROM placed LEFT JOIN leaders_leader h ON h.id = placed.leader_id
  LEFT JOIN orders_sku k ON k.id = placed.sku_id
 WHERE place <= %(rows)s ORDER BY 1, place
"""


class Rate(NamedTuple):
    """Claims of so many lines, and what went back of so much paid; of a leader, a SKU or all."""

    of: str
    code: str
    name: str
    lines: int
    claims: int
    paid_fen: int
    refunded_fen: int

    @property
    def claim_bp(self) -> int:
        """Claims per line in basis points; 0 of nothing."""
        return self.claims * 10_000 // self.lines if self.lines else 0

    @property
    def refund_bp(self) -> int:
        """What went back after claims per what was paid, in basis points; 0 of nothing."""
        return self.refunded_fen * 10_000 // self.paid_fen if self.paid_fen else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFigures:
    """The figures over the queue; None where nothing was answered."""

    first_answer_minutes: int | None
    resolution_hours: int | None
    total: Rate
    leaders: tuple[Rate, ...]
    skus: tuple[Rate, ...]


def claim_figures(now: datetime) -> ClaimFigures:
    """The last `FIGURE_DAYS` in two queries: medians, rates, and the highest of them."""
    since = now - timedelta(days=FIGURE_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS_SQL, [since])
        minutes, hours = cursor.fetchone()
        cursor.execute(
            RATES_SQL,
            {
                "since": timezone.localdate(since),
                "until": timezone.localdate(now),
                "rows": ROWS_SHOWN,
            },
        )
        rates = [Rate._make(row) for row in cursor.fetchall()]
    return ClaimFigures(
        first_answer_minutes=None if minutes is None else round(minutes),
        resolution_hours=None if hours is None else round(hours),
        total=next(rate for rate in rates if rate.of == "all"),
        leaders=tuple(rate for rate in rates if rate.of == "leader"),
        skus=tuple(rate for rate in rates if rate.of == "sku"),
    )
