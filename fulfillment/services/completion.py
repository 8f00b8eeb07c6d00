"""Orders come to their end: the after-sales time is over, and what is left of the money is a sale.

An order is completed at the moment its commission is released: so many days
after the end of its delivery date as its commission is held. Whoever complains
later still gets money back, but then it is a loss and no prepayment
(`orders.services.refunds`). An order waits while a refund of it is on its way:
one that is closed without money would put its amount back to the prepayment.

The orders are locked first and their payments after them, the way claims do
it. So a refund is either booked before the sale, which is smaller by it, or it
sees an order that is completed.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from fulfillment.services.pickups import orders_lock
from leaders.domain.commission import HOLD_DAYS_MAX
from leaders.domain.crashpoints import crashpoint
from orders.domain.accounts import CUSTOMER_PREPAID
from orders.domain.ledger import handover_sale
from orders.models.payments import Payment
from orders.services.ledger import transfers_post
from orders.services.order_states import orders_complete

logger = logging.getLogger(__name__)

BATCH_SIZE = 5_000

# An imported refund is paid back by its operator: we asked nobody, and nobody
# will answer. An order without a rule of its own waits the longest time there is.
DUE_SQL = """
SELECT o.id
  FROM orders_order o
  JOIN orders_campaign c ON c.id = o.campaign_id
  JOIN fulfillment_cutoffrun r ON r.campaign_id = c.id
 WHERE o.state = 'frozen' AND o.id > %(after)s
   AND (%(only)s::bigint[] IS NULL OR o.id = ANY(%(only)s::bigint[]))
   AND c.delivery_date + coalesce(o.commission_hold_days, %(longest)s) < %(today)s
   AND NOT EXISTS (SELECT FROM fulfillment_steprecord s
                    WHERE s.run_id = r.id AND s.state <> 'done')
   AND NOT EXISTS (SELECT FROM orders_refund f JOIN orders_payment p ON p.id = f.payment_id
                    WHERE p.order_id = o.id AND f.state IN ('requested', 'submitted', 'abnormal')
                      AND NOT (f.state = 'requested' AND f.attempts = 0 AND f.error = ''
                               AND f.next_attempt_at IS NULL))
 ORDER BY o.id
 LIMIT %(limit)s
"""
PREPAID_SQL = """
SELECT o.order_no,
       sum(CASE WHEN t.credit_id = a.id THEN t.amount_fen ELSE -t.amount_fen END)::bigint
  FROM orders_order o
  JOIN orders_transfer t ON t.order_id = o.id
  JOIN orders_account a ON a.code = %(account)s AND a.id IN (t.debit_id, t.credit_id)
 WHERE o.id = ANY(%(orders)s::bigint[])
 GROUP BY o.id
"""


def orders_complete_due(*, now: datetime) -> int:
    """Complete every order whose after-sales time is over; return how many.

    Each batch is one transaction, so whoever is stopped goes on from there.
    """
    done = 0
    after = 0
    while ids := _due(now, after=after):
        done += _complete(ids, now)
        after = ids[-1]
    if done:
        logger.info("%d orders completed", done)
    return done


@transaction.atomic(durable=True)
def _complete(order_ids: Sequence[int], now: datetime) -> int:
    """Complete those of the orders that are still due when nobody else can change them."""
    orders_lock(order_ids)
    payments_lock(order_ids)
    completed = orders_complete(order_ids=_due(now, only=order_ids), now=now)
    prepaid = _prepaid(completed)
    crashpoint("completion.counted")
    business_date = timezone.localdate(now)
    drafts = [
        handover_sale(
            order_no=order_no,
            handover_no=order_no,
            amount_fen=amount_fen,
            business_date=business_date,
        )
        for order_no, amount_fen in prepaid
        if amount_fen > 0
    ]
    transfers_post(drafts=drafts, now=now)
    return len(completed)


def payments_lock(order_ids: Sequence[int]) -> None:
    """Hold the payments of orders until the transaction ends: nobody asks a refund of them."""
    locked = Payment.objects.select_for_update().filter(order__in=order_ids).order_by("pk")
    list(locked.values_list("pk", flat=True))


def _due(now: datetime, *, after: int = 0, only: Sequence[int] | None = None) -> list[int]:
    """The next orders that are due, by key; of these orders only where they are given."""
    with connection.cursor() as cursor:
        cursor.execute(
            DUE_SQL,
            {
                "after": after,
                "only": None if only is None else list(only),
                "longest": HOLD_DAYS_MAX,
                "today": timezone.localdate(now),
                "limit": BATCH_SIZE,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def _prepaid(order_ids: Collection[int]) -> list[tuple[str, int]]:
    """What is left of the prepayment of orders, by number."""
    with connection.cursor() as cursor:
        cursor.execute(PREPAID_SQL, {"account": CUSTOMER_PREPAID, "orders": sorted(order_ids)})
        return [(order_no, amount_fen) for order_no, amount_fen in cursor.fetchall()]
