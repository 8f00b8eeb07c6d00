"""Refunds: money that is due to residents, decided and booked in one step.

A request moves no money. It reserves the amount on its payment, so that no
payment gives back more than came in, and books it as owed; paying it out is
`orders.services.refund_submission`. A payment of a provider that takes no
orders from us (an import) is only booked: its operator pays it back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from orders.domain.ledger import refund_due, sold_refund_due, suspense_refund_due
from orders.domain.transfers import TransferDraft
from orders.errors import GatewayUnknown, RefundExceedsPaid, RequestKeyReused
from orders.integrations.providers import gateway_for
from orders.models.orders import OrderState
from orders.models.outbox import Topic
from orders.models.payments import Payment, Refund, RefundLine, RefundReason, Verdict
from orders.services.ledger import transfers_post
from orders.services.outbox import Message, messages_queue

BATCH_SIZE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRefund:
    """The pieces and fen of one order line that go back."""

    order_no: str
    order_line_id: int
    qty: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDraft:
    """A refund to be requested; the number is derived from what caused it."""

    payment_id: int
    refund_no: str
    reason: RefundReason
    amount_fen: int
    lines: Sequence[LineRefund] = ()


def refund_request(
    *,
    payment_id: int,
    reason: RefundReason,
    amount_fen: int,
    refund_no: str,
    now: datetime,
    lines: Sequence[LineRefund] = (),
) -> Refund:
    """Request one refund, or return it if it was requested before.

    Call it with the order's lock held, if the order is being changed, too.
    Raises `RefundExceedsPaid` when the payment would give back more than came
    in, and `RequestKeyReused` when the number stands for another amount.
    """
    draft = RefundDraft(
        payment_id=payment_id,
        refund_no=refund_no,
        reason=reason,
        amount_fen=amount_fen,
        lines=lines,
    )
    made = refunds_request(drafts=[draft], business_date=timezone.localdate(now), now=now)
    refund = made[0] if made else Refund.objects.get(out_refund_no=refund_no)
    if (refund.payment_id, refund.amount_fen) != (payment_id, amount_fen):
        raise RequestKeyReused("This refund number stands for another refund.", refund_no=refund_no)
    return refund


@transaction.atomic
def refunds_request(
    *, drafts: Sequence[RefundDraft], business_date: date, now: datetime
) -> list[Refund]:
    """Request many refunds in a fixed number of statements; return the new ones.

    A number that is known changes nothing. Raises `RefundExceedsPaid`, and
    then none of them is made.
    """
    payments = _payments_locked({draft.payment_id for draft in drafts})
    earlier = list(
        Refund.objects.filter(payment_id__in=payments).values_list("payment_id", "out_refund_no")
    )
    known = {number for _payment_id, number in earlier}
    fresh = [draft for draft in drafts if draft.refund_no not in known]
    if not fresh:
        return []
    _payments_reserve(fresh)
    refunded_before = {payment_id for payment_id, _number in earlier}
    spacing_of = _spacings(payments.values())
    refunds = Refund.objects.bulk_create(
        [
            Refund(
                payment=payments[draft.payment_id],
                out_refund_no=draft.refund_no,
                reason=draft.reason,
                amount_fen=draft.amount_fen,
                requested_at=now,
                next_attempt_at=_first_attempt_at(
                    now,
                    spacing_of[payments[draft.payment_id].provider],
                    draft.payment_id in refunded_before,
                ),
            )
            for draft in fresh
        ],
        batch_size=BATCH_SIZE,
    )
    _lines_create(refunds, fresh)
    transfers_post(drafts=[_transfer(refund, business_date) for refund in refunds], now=now)
    return refunds


def _transfer(refund: Refund, business_date: date) -> TransferDraft:
    """The posting that owes a refund, out of the account its money lies in.

    The payment and its order must be at hand on the row. Money in suspense
    never was a prepayment; what paid for an order that is completed was a
    sale. Money that came twice stays prepaid until it goes back.
    """
    order = refund.payment.order
    template = refund_due
    if refund.payment.verdict == Verdict.HOLD_IN_SUSPENSE:
        template = suspense_refund_due
    elif order.state == OrderState.COMPLETED and refund.payment.verdict == Verdict.PAID:
        template = sold_refund_due
    return template(
        refund_no=refund.out_refund_no,
        order_no=order.order_no,
        amount_fen=refund.amount_fen,
        business_date=business_date,
    )


@transaction.atomic
def shortage_refunds_request(
    *, lines: Sequence[LineRefund], business_date: date, now: datetime
) -> int:
    """Request what short lines are owed and were not asked back before; return the refunds made.

    Each line says what it is owed in all: pieces and fen. All lines of an
    order go into one refund, because a payment provider limits how many
    refunds a payment may have; a later shortage goes into the next one (-S1,
    -S2, …). Asking again changes nothing. Raises `RefundExceedsPaid` when a
    payment would give back more than it took.
    """
    payments = dict(
        Payment.objects.filter(
            order__order_no__in={line.order_no for line in lines}, verdict=Verdict.PAID
        ).values_list("order__order_no", "pk")
    )
    # Before it is read what went back: somebody else may just be asking, too.
    _payments_locked(payments.values())
    by_order: defaultdict[str, list[LineRefund]] = defaultdict(list)
    for line in _not_asked_back(lines):
        by_order[line.order_no].append(line)
    asked = Counter(
        Refund.objects.filter(
            payment_id__in=payments.values(), reason=RefundReason.SHORTAGE
        ).values_list("payment_id", flat=True)
    )
    refunds = refunds_request(
        drafts=[
            RefundDraft(
                payment_id=payments[order_no],
                refund_no=f"{order_no}-S{asked[payments[order_no]] + 1}",
                reason=RefundReason.SHORTAGE,
                amount_fen=sum(row.amount_fen for row in rows),
                lines=rows,
            )
            for order_no, rows in by_order.items()
        ],
        business_date=business_date,
        now=now,
    )
    refunds_tell(refunds=refunds, topic=Topic.SHORTAGE_REFUNDED, now=now)
    return len(refunds)


def _not_asked_back(lines: Sequence[LineRefund]) -> Iterator[LineRefund]:
    """What the lines are owed beyond their earlier shortage refunds, lines of nothing left out.

    A refund that the provider closed counts as asked: a person settles it.
    """
    before = {
        line_id: (qty, fen)
        for line_id, qty, fen in RefundLine.objects.filter(
            order_line_id__in=[line.order_line_id for line in lines],
            refund__reason=RefundReason.SHORTAGE,
        )
        .order_by()
        .values_list("order_line_id")
        .annotate(pieces=Sum("qty"), fen=Sum("amount_fen"))
    }
    for line in lines:
        qty, fen = before.get(line.order_line_id, (0, 0))
        # Goods that were free are short without money going back.
        if line.qty > qty and line.amount_fen > fen:
            yield replace(line, qty=line.qty - qty, amount_fen=line.amount_fen - fen)


def _payments_locked(ids: Iterable[int]) -> dict[int, Payment]:
    """The payments, locked in order of their key, with their orders.

    The orders are read after the wait for the locks, as they are then: one
    may have been completed meanwhile, and its money is no prepayment any more.
    """
    rows = (
        Payment.objects.select_for_update()
        .prefetch_related("order")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )
    return {payment.pk: payment for payment in rows}


def _payments_reserve(drafts: Sequence[RefundDraft]) -> None:
    """Raise what each payment has to give back, in one guarded statement.

    What came in is the limit. The rows are locked in order of their key
    already: updating many rows together without that order can deadlock.
    """
    due_fen: defaultdict[int, int] = defaultdict(int)
    for draft in drafts:
        due_fen[draft.payment_id] += draft.amount_fen
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_payment AS p
               SET refund_reserved_fen = p.refund_reserved_fen + due.amount_fen
              FROM unnest(%s::bigint[], %s::bigint[]) AS due(payment_id, amount_fen)
             WHERE p.id = due.payment_id AND p.state = 'succeeded'
               AND p.refund_reserved_fen + due.amount_fen
                   <= coalesce(p.received_fen, p.amount_fen)
            """,
            [list(due_fen), list(due_fen.values())],
        )
        if cursor.rowcount != len(due_fen):
            raise RefundExceedsPaid("A refund would exceed what was paid.")


def _spacings(payments: Iterable[Payment]) -> dict[str, timedelta | None]:
    """How far apart each provider wants refunds; None if it takes no orders from us."""
    spacing_of: dict[str, timedelta | None] = {}
    for provider in {payment.provider for payment in payments}:
        try:
            spacing_of[provider] = gateway_for(provider).limits.refund_spacing
        except GatewayUnknown:
            spacing_of[provider] = None
    return spacing_of


def _first_attempt_at(
    now: datetime, spacing: timedelta | None, is_refunded_before: bool
) -> datetime | None:
    """When a new refund may be sent: an earlier one of its payment may just have been."""
    if spacing is None:
        return None
    return now + spacing if is_refunded_before else now


def _lines_create(refunds: Sequence[Refund], drafts: Sequence[RefundDraft]) -> None:
    RefundLine.objects.bulk_create(
        [
            RefundLine(
                refund=refund,
                order_line_id=row.order_line_id,
                qty=row.qty,
                amount_fen=row.amount_fen,
            )
            for refund, draft in zip(refunds, drafts, strict=True)
            for row in draft.lines
        ],
        batch_size=BATCH_SIZE,
    )


def refunds_tell(*, refunds: Sequence[Refund], topic: Topic, now: datetime) -> None:
    """Tell who gets money back from us and for which goods; each refund is told once."""
    paid_by_us = [refund for refund in refunds if refund.next_attempt_at is not None]
    goods: defaultdict[int, list[list[object]]] = defaultdict(list)
    for refund_id, name, qty in (
        RefundLine.objects.filter(refund__in=paid_by_us)
        .order_by("order_line__line_no")
        .values_list("refund_id", "order_line__sku_name", "qty")
    ):
        goods[refund_id].append([name, qty])
    messages_queue(
        messages=[_message(refund, topic, goods[refund.pk]) for refund in paid_by_us], now=now
    )


def _message(refund: Refund, topic: Topic, goods: Sequence[Sequence[object]]) -> Message:
    order = refund.payment.order
    return Message(
        topic=topic,
        dedupe_key=refund.out_refund_no,
        phone=order.resident_phone,
        resident_id=order.resident_id,
        facts={
            "order_no": order.order_no,
            "goods": goods,
            "amount_fen": refund.amount_fen,
        },
    )
