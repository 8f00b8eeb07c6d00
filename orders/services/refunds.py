"""Refunds: money that is due to residents, decided and booked in one step."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from orders.domain.ledger import refund_due
from orders.errors import RefundExceedsPaid
from orders.models.payments import Payment, Refund, RefundLine, RefundReason, Verdict
from orders.services.ledger import transfers_post

BATCH_SIZE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefund:
    """The pieces and fen of one order line that go back."""

    order_no: str
    order_line_id: int
    qty: int
    amount_fen: int


@transaction.atomic
def shortage_refunds_request(
    *, lines: Sequence[LineRefund], business_date: date, now: datetime
) -> int:
    """Request one refund per order for its short lines; return how many were made.

    All lines of an order go into one refund, because a payment provider limits
    how many refunds a payment may have. The refund number is derived from the
    order, so asking again changes nothing. Raises `RefundExceedsPaid` when a
    payment would give back more than it took.
    """
    by_order: defaultdict[str, list[LineRefund]] = defaultdict(list)
    for line in lines:
        if line.amount_fen:  # goods that were free are short without money going back
            by_order[line.order_no].append(line)
    numbers = {order_no: f"{order_no}-S1" for order_no in by_order}
    known = set(
        Refund.objects.filter(out_refund_no__in=numbers.values()).values_list(
            "out_refund_no", flat=True
        )
    )
    fresh = {no: rows for no, rows in by_order.items() if numbers[no] not in known}
    payments = dict(
        Payment.objects.filter(order__order_no__in=fresh, verdict=Verdict.PAID).values_list(
            "order__order_no", "pk"
        )
    )
    refunds = Refund.objects.bulk_create(
        [
            Refund(
                payment_id=payments[order_no],
                out_refund_no=numbers[order_no],
                reason=RefundReason.SHORTAGE,
                amount_fen=sum(row.amount_fen for row in rows),
                requested_at=now,
            )
            for order_no, rows in fresh.items()
        ],
        batch_size=BATCH_SIZE,
    )
    _payments_reserve(refunds)
    _lines_create(refunds, fresh)
    transfers_post(
        drafts=[
            refund_due(
                refund_no=refund.out_refund_no,
                order_no=order_no,
                amount_fen=refund.amount_fen,
                business_date=business_date,
            )
            for refund, order_no in zip(refunds, fresh, strict=True)
        ],
        now=now,
    )
    return len(refunds)


def _lines_create(refunds: Sequence[Refund], rows_of: Mapping[str, Sequence[LineRefund]]) -> None:
    RefundLine.objects.bulk_create(
        [
            RefundLine(
                refund=refund,
                order_line_id=row.order_line_id,
                qty=row.qty,
                amount_fen=row.amount_fen,
            )
            for refund, rows in zip(refunds, rows_of.values(), strict=True)
            for row in rows
        ],
        batch_size=BATCH_SIZE,
    )


def _payments_reserve(refunds: Sequence[Refund]) -> None:
    """Raise what each payment has to give back, in one guarded statement.

    The rows are locked in order of their key first: updating many rows
    together without that order can deadlock.
    """
    ids = [refund.payment_id for refund in refunds]
    amounts = [refund.amount_fen for refund in refunds]
    list(Payment.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_payment AS p
               SET refund_reserved_fen = p.refund_reserved_fen + due.amount_fen
              FROM unnest(%s::bigint[], %s::bigint[]) AS due(payment_id, amount_fen)
             WHERE p.id = due.payment_id
               AND p.refund_reserved_fen + due.amount_fen <= p.amount_fen
            """,
            [ids, amounts],
        )
        if cursor.rowcount != len(ids):
            raise RefundExceedsPaid("A refund would exceed what was paid.")
