"""What is left of capped offers, and whether the counters agree with the orders."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Sum

from orders.models.orders import OrderState
from orders.models.stock import OfferStock

# Goods of an order in one of these states are held or sold. After the freeze
# nothing goes back to the shelf: what is refunded then was bought for somebody.
HOLDING_STATES = (
    OrderState.PENDING_PAYMENT,
    OrderState.PAID,
    OrderState.FROZEN,
    OrderState.COMPLETED,
    OrderState.REFUNDING,
    OrderState.REFUNDED,
)


class Drift(NamedTuple):
    """A counter that disagrees with the lines; a limit's names its resident."""

    offer_id: int
    resident_id: int | None
    counted_qty: int
    lines_qty: int


def stock_left(*, offer_ids: Iterable[int]) -> dict[int, int]:
    """Pieces left of each capped offer among these; one without a cap is not in it."""
    return dict(
        OfferStock.objects.filter(offer_id__in=offer_ids)
        .order_by()
        .values_list("offer_id")
        .annotate(left_qty=Sum(F("cap_qty") - F("reserved_qty")))
    )


def stock_drift() -> list[Drift]:
    """Every stock counter that is not the sum of the held and sold lines, by offer.

    Offers without counters (no cap, or imported with their orders) have
    nothing that could drift.
    """
    return _drift(
        """
        SELECT stock.offer_id, NULL, stock.counted, coalesce(lines.qty, 0)
          FROM (SELECT offer_id, sum(reserved_qty) AS counted
                  FROM orders_offerstock GROUP BY offer_id) AS stock
          LEFT JOIN (SELECT line.offer_id, sum(line.qty) AS qty
                       FROM orders_orderline AS line
                       JOIN orders_order AS placed ON placed.id = line.order_id
                      WHERE placed.state = ANY(%s) AND NOT line.is_void
                        AND line.offer_id IN (SELECT offer_id FROM orders_offerstock)
                      GROUP BY line.offer_id) AS lines USING (offer_id)
         WHERE stock.counted <> coalesce(lines.qty, 0)
         ORDER BY stock.offer_id
        """
    )


def quota_drift() -> list[Drift]:
    """Every limit's counter that is not the sum of the resident's held and sold lines."""
    return _drift(
        """
        SELECT quota.offer_id, quota.resident_id, quota.qty, coalesce(lines.qty, 0)
          FROM orders_residentquota AS quota
          LEFT JOIN (SELECT line.offer_id, placed.resident_id, sum(line.qty) AS qty
                       FROM orders_orderline AS line
                       JOIN orders_order AS placed ON placed.id = line.order_id
                      WHERE placed.state = ANY(%s) AND NOT line.is_void
                        AND line.offer_id IN (SELECT offer_id FROM orders_residentquota)
                      GROUP BY line.offer_id, placed.resident_id) AS lines
         USING (offer_id, resident_id)
         WHERE quota.qty <> coalesce(lines.qty, 0)
         ORDER BY quota.offer_id, quota.resident_id
        """
    )


def _drift(query: str) -> list[Drift]:
    with connection.cursor() as cursor:
        cursor.execute(query, [[state.value for state in HOLDING_STATES]])
        return [Drift._make(row) for row in cursor.fetchall()]
