"""Refunds of goods that weigh less than they were sold as."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from orders.models.outbox import Topic
from orders.models.payments import Payment, Refund, RefundLine, RefundReason, Verdict
from orders.services.outbox import Message, messages_queue
from orders.services.refunds import LineRefund, RefundDraft, refunds_request


@transaction.atomic
def short_weight_refunds_request(
    *, lines: Sequence[LineRefund], business_date: date, now: datetime
) -> list[Refund]:
    """Request one refund per order for its light lines; return the new ones.

    The caller gives differences: what goes back now, beside all that went
    back before, and sees to it that nobody asks for the same order meanwhile.
    The first refund of an order is numbered W1, later ones W2 and so on.
    Raises `RefundExceedsPaid` when a payment would give back more than it took.
    """
    by_order: defaultdict[str, list[LineRefund]] = defaultdict(list)
    for line in lines:
        if line.amount_fen:
            by_order[line.order_no].append(line)
    counting = Payment.objects.filter(order__order_no__in=by_order, verdict=Verdict.PAID)
    payments = dict(counting.values_list("order__order_no", "pk"))
    numbers = _numbers_taken(by_order)
    refunds = refunds_request(
        drafts=[
            RefundDraft(
                payment_id=payments[order_no],
                refund_no=f"{order_no}-W{numbers.get(order_no, 0) + 1}",
                reason=RefundReason.SHORT_WEIGHT,
                amount_fen=sum(row.amount_fen for row in rows),
                lines=rows,
            )
            for order_no, rows in by_order.items()
        ],
        business_date=business_date,
        now=now,
    )
    _tell(refunds, now)
    return refunds


def _numbers_taken(by_order: Mapping[str, object]) -> dict[str, int]:
    """Order → how many such refunds it has, those that the provider closed included."""
    return dict(
        Refund.objects.filter(
            payment__order__order_no__in=by_order, reason=RefundReason.SHORT_WEIGHT
        )
        .values_list("payment__order__order_no")
        .annotate(number=Count("pk"))
    )


def _tell(refunds: Sequence[Refund], now: datetime) -> None:
    """Tell who gets money back from us and for which goods."""
    paid_by_us = [refund for refund in refunds if refund.next_attempt_at is not None]
    goods: defaultdict[int, list[list[object]]] = defaultdict(list)
    rows = RefundLine.objects.filter(refund__in=paid_by_us).order_by("order_line__line_no")
    for refund_id, name, qty in rows.values_list("refund_id", "order_line__sku_name", "qty"):
        goods[refund_id].append([name, qty])
    messages_queue(messages=[_message(refund, goods[refund.pk]) for refund in paid_by_us], now=now)


def _message(refund: Refund, goods: Sequence[Sequence[object]]) -> Message:
    order = refund.payment.order
    return Message(
        topic=Topic.WEIGHT_REFUNDED,
        dedupe_key=refund.out_refund_no,
        phone=order.resident_phone,
        resident_id=order.resident_id,
        facts={
            "order_no": order.order_no,
            "goods": goods,
            "amount_fen": refund.amount_fen,
        },
    )
