"""Refunds of goods that weigh less than they were sold as."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from orders.models.outbox import Topic
from orders.models.payments import Payment, Refund, RefundReason, Verdict
from orders.services.refunds import LineRefund, RefundDraft, refunds_request, refunds_tell


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
    refunds_tell(refunds=refunds, topic=Topic.WEIGHT_REFUNDED, now=now)
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
