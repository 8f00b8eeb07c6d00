"""Group buys (成团) that stayed too small: their lines fall out at the freeze.

Both functions are called by the freeze, with the campaign's lock exclusive:
first the orders are changed, then, when they are frozen, money and goods.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from orders.models.orders import OrderLine, OrderState
from orders.models.outbox import Topic
from orders.models.payments import Payment, Refund, RefundReason, Verdict
from orders.services.order_states import SYSTEM, orders_drop
from orders.services.outbox import Message, messages_queue
from orders.services.refunds import LineRefund, RefundDraft, refunds_request
from orders.services.stock import goods_release

REASON = "group_not_reached"


class FallenLine(NamedTuple):
    """A paid line of an offer that too few people bought."""

    line_id: int
    order_id: int
    order_no: str
    resident_id: int
    offer_id: int
    qty: int
    amount_fen: int


def small_groups_void(*, campaign_id: int, now: datetime) -> list[FallenLine]:
    """Void the paid lines of every offer below its minimum group quantity; return them.

    What counts are paid pieces. An order of which no line is left is
    cancelled: it is no demand and gets no pickup number.
    """
    offer_ids = _offers_below_minimum(campaign_id)
    if not offer_ids:
        return []
    rows = (
        OrderLine.objects.filter(
            offer_id__in=offer_ids, order__campaign_id=campaign_id, order__state=OrderState.PAID
        )
        .order_by("pk")
        .values_list(
            "pk",
            "order_id",
            "order__order_no",
            "order__resident_id",
            "offer_id",
            "qty",
            "amount_fen",
        )
    )
    fallen = [FallenLine._make(row) for row in rows]
    OrderLine.objects.filter(pk__in=[line.line_id for line in fallen]).update(is_void=True)
    orders_drop(order_ids=_orders_without_lines(fallen), now=now, actor=SYSTEM, reason=REASON)
    return fallen


def fallen_lines_settle(*, lines: Sequence[FallenLine], now: datetime) -> None:
    """Request one refund per order for its fallen lines, and give their goods back."""
    if not lines:
        return
    _refunds_request(lines, now)
    goods_release(lines=[(line.offer_id, line.resident_id, line.qty) for line in lines])


def _offers_below_minimum(campaign_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT offer.id
              FROM orders_offer AS offer
              JOIN orders_orderline AS line ON line.offer_id = offer.id
              JOIN orders_order AS placed ON placed.id = line.order_id
             WHERE offer.campaign_id = %s AND offer.min_group_qty IS NOT NULL
               AND placed.campaign_id = %s AND placed.state = %s
             GROUP BY offer.id
            HAVING sum(line.qty) < offer.min_group_qty
             ORDER BY offer.id
            """,
            [campaign_id, campaign_id, OrderState.PAID.value],
        )
        return [offer_id for (offer_id,) in cursor.fetchall()]


def _orders_without_lines(fallen: Sequence[FallenLine]) -> list[int]:
    """The orders of these lines that have no other line left."""
    left = OrderLine.objects.filter(order_id=OuterRef("order_id"), is_void=False)
    touched = OrderLine.objects.filter(pk__in=[line.line_id for line in fallen])
    return list(
        touched.filter(~Exists(left))
        .order_by("order_id")
        .values_list("order_id", flat=True)
        .distinct()
    )


def _refunds_request(lines: Sequence[FallenLine], now: datetime) -> None:
    by_order: defaultdict[str, list[FallenLine]] = defaultdict(list)
    for line in lines:
        if line.amount_fen:  # a gift falls out without money going back
            by_order[line.order_no].append(line)
    payments = dict(
        Payment.objects.filter(
            order_id__in={line.order_id for line in lines}, verdict=Verdict.PAID
        ).values_list("order__order_no", "pk")
    )
    refunds = refunds_request(
        drafts=[
            RefundDraft(
                payment_id=payments[order_no],
                refund_no=f"{order_no}-G1",
                reason=RefundReason.GROUP_NOT_REACHED,
                amount_fen=sum(line.amount_fen for line in fallen),
                lines=[
                    LineRefund(
                        order_no=order_no,
                        order_line_id=line.line_id,
                        qty=line.qty,
                        amount_fen=line.amount_fen,
                    )
                    for line in fallen
                ],
            )
            for order_no, fallen in by_order.items()
        ],
        business_date=timezone.localdate(now),
        now=now,
    )
    messages_queue(messages=[_message(refund) for refund in refunds if _is_ours(refund)], now=now)


def _is_ours(refund: Refund) -> bool:
    """Whether we pay it back: where somebody else does, they tell it, too."""
    return refund.next_attempt_at is not None


def _message(refund: Refund) -> Message:
    order = refund.payment.order
    return Message(
        topic=Topic.PAYMENT_RETURNED,
        dedupe_key=refund.out_refund_no,
        phone=order.resident_phone,
        resident_id=order.resident_id,
        facts={
            "order_no": order.order_no,
            "amount_fen": refund.amount_fen,
            "reason": refund.reason,
        },
    )
