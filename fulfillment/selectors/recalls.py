"""Recalls as the compliance desk sees them: who is concerned, who was reached, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum

from fulfillment.models.recalls import Recall
from leaders.domain.phones import mask_name, mask_phone

_REPORT = """
SELECT count(*), sum(n.qty), sum(n.returned_qty), count(DISTINCT o.resident_id),
       count(DISTINCT o.leader_id),
       count(DISTINCT o.resident_id) FILTER (WHERE m.channel <> ''),
       count(DISTINCT o.resident_id) FILTER (WHERE m.id IS NOT NULL AND m.done_at IS NULL)
  FROM fulfillment_recallline n
  JOIN orders_orderline i ON i.id = n.order_line_id
  JOIN orders_order o ON o.id = i.order_id
  LEFT JOIN orders_outboxmessage m
    ON m.topic = 'recall' AND m.dedupe_key = n.recall_id || ':resident:' || o.resident_id
 WHERE n.recall_id = %s
"""
_LINES = """
SELECT n.id, c.delivery_date, h.code, h.name, q.name, o.order_no, o.pickup_no, o.building, o.room,
       o.resident_name, o.resident_phone, n.qty, n.returned_qty,
       CASE WHEN m.id IS NULL THEN 'none' WHEN m.done_at IS NULL THEN 'waiting'
            WHEN m.channel <> '' THEN 'reached' ELSE 'given_up' END
  FROM fulfillment_recallline n
  JOIN orders_orderline i ON i.id = n.order_line_id
  JOIN orders_order o ON o.id = i.order_id
  JOIN orders_campaign c ON c.id = o.campaign_id
  JOIN leaders_leader h ON h.id = o.leader_id
  JOIN leaders_pickuppoint q ON q.id = o.pickup_point_id
  LEFT JOIN orders_outboxmessage m
    ON m.topic = 'recall' AND m.dedupe_key = n.recall_id || ':resident:' || o.resident_id
 WHERE n.recall_id = %(recall)s
   AND (%(query)s = '' OR o.order_no = %(query)s OR upper(h.code) = upper(%(query)s))
 ORDER BY c.delivery_date, h.code, o.pickup_no, o.order_no
 LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallReport:
    """What a recall has come to; residents are counted by whether their message went out."""

    lines: int
    pieces: int
    returned: int
    residents: int
    leaders: int
    reached: int
    waiting: int

    @property
    def unreached(self) -> int:
        """Residents without a phone, or whose message was given up: somebody has to call."""
        return self.residents - self.reached - self.waiting


class RecalledLine(NamedTuple):
    """One line of the recall list; name and phone are masked."""

    pk: int
    delivery_date: date
    leader_code: str
    leader_name: str
    point_name: str
    order_no: str
    pickup_no: int | None
    building: str
    room: str
    name: str
    phone: str
    qty: int
    returned_qty: int
    told: str


def recalls_newest() -> QuerySet[Recall]:
    """Every recall with its lines, pieces and returns, the open ones first."""
    rows = Recall.objects.select_related("sku", "supplier", "started_by").annotate(
        concerned=Count("lines"), pieces=Sum("lines__qty"), returned=Sum("lines__returned_qty")
    )
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-pk")


def recall_report(recall: Recall) -> RecallReport:
    """Count who is concerned, who was reached and what came back, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORT, [recall.pk])
        lines, pieces, returned, residents, leaders, reached, waiting = cursor.fetchone()
    return RecallReport(
        lines=lines,
        pieces=int(pieces or 0),
        returned=int(returned or 0),
        residents=residents,
        leaders=leaders,
        reached=reached,
        waiting=waiting,
    )


def recalled_lines(
    recall: Recall, *, query: str = "", limit: int | None = None, offset: int = 0
) -> Sequence[RecalledLine]:
    """Lines by day, leader and pickup number; of one order or leader if one is named."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES,
            {"recall": recall.pk, "query": query.strip(), "limit": limit, "offset": offset},
        )
        rows = [RecalledLine._make(row) for row in cursor.fetchall()]
    return [row._replace(name=mask_name(row.name), phone=mask_phone(row.phone)) for row in rows]
