"""What must hold when everything has come to rest, whatever happened before.

Our rows are compared with the provider's own books, and with each other. Each
function returns sentences that say what is wrong; none is what a run ends with.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Sum

from fulfillment.selectors.books import books_check
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.models.demand import DemandLine, DemandSnapshot
from orders.models.ledger import Transfer
from orders.models.orders import OrderLine, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import Payment, PaymentState, Refund, RefundState, Verdict
from orders.models.stock import OfferStock, ResidentQuota

# Orders that keep their goods, and the money for them.
HOLDING = (
    OrderState.PENDING_PAYMENT,
    OrderState.PAID,
    OrderState.FROZEN,
    OrderState.COMPLETED,
    OrderState.REFUNDING,
    OrderState.REFUNDED,
)
FROZEN = (OrderState.FROZEN, OrderState.COMPLETED, OrderState.REFUNDING, OrderState.REFUNDED)


@dataclass(frozen=True, slots=True)
class ProviderBooks:
    """What a provider says: fen per paid trade, (trade, fen) per refund that was made."""

    paid: Mapping[str, int]
    refunds: Mapping[str, tuple[str, int]]


def violations(books: ProviderBooks) -> list[str]:
    """Everything that is wrong, once sweeps and refunds have come to rest."""
    return [
        *unfinished(),
        *_payments_against(books),
        *_refunds_against(books),
        *_money_neither_kept_nor_returned(books),
        *_transfers_against(books),
        *_messages_against(books),
        *goods_violations(),
        *(
            f"books: {result.name}: {result.offenders}"
            for result in books_check()
            if result.violations
        ),
        *_broken_references(),
    ]


def goods_violations() -> list[str]:
    """Counters of stock and limits that differ from the lines; holds at any moment."""
    held: Counter[int] = Counter()
    by_resident: Counter[tuple[int, int]] = Counter()
    lines = OrderLine.objects.filter(order__state__in=HOLDING, is_void=False)
    for offer_id, resident_id, qty in lines.order_by().values_list(
        "offer_id", "order__resident_id", "qty"
    ):
        held[offer_id] += qty
        by_resident[offer_id, resident_id] += qty
    stock = OfferStock.objects.order_by().values("offer_id")
    counted = stock.annotate(reserved=Sum("reserved_qty"), cap=Sum("cap_qty"))
    found = []
    for row in counted:
        offer_id = row["offer_id"]
        if row["reserved"] != held[offer_id]:
            found.append(
                f"stock: offer {offer_id} reserves {row['reserved']}, not {held[offer_id]}"
            )
        if held[offer_id] > row["cap"]:
            found.append(f"stock: offer {offer_id} oversold, {held[offer_id]} of {row['cap']}")
    for quota in ResidentQuota.objects.all():
        asked = by_resident[quota.offer_id, quota.resident_id]
        if quota.qty != asked:
            found.append(f"limit: offer {quota.offer_id} counts {quota.qty}, not {asked}")
    return found


def unfinished() -> list[str]:
    """Payments and refunds that have not come to an end yet."""
    return [*_payments_alive(), *_refunds_on_their_way()]


def _payments_alive() -> Iterator[str]:
    live = [str(state) for state in PAYMENT_LIFECYCLE.open]
    for number in Payment.objects.filter(state__in=live).values_list("out_trade_no", flat=True):
        yield f"payment {number} never came to an end"


def _refunds_on_their_way() -> Iterator[str]:
    waiting = Refund.objects.exclude(state__in=[RefundState.SUCCEEDED, RefundState.CLOSED])
    for number, state, error in waiting.values_list("out_refund_no", "state", "error"):
        yield f"refund {number} is {state}: {error}"


def _payments_against(books: ProviderBooks) -> Iterator[str]:
    ours = dict(
        Payment.objects.filter(state=PaymentState.SUCCEEDED).values_list(
            "out_trade_no", "received_fen"
        )
    )
    for number in books.paid.keys() - ours.keys():
        yield f"payment {number} was lost: {books.paid[number]} fen came in"
    for number in ours.keys() - books.paid.keys():
        yield f"payment {number} was invented"
    for number in ours.keys() & books.paid.keys():
        if ours[number] != books.paid[number]:
            yield f"payment {number}: {ours[number]} fen with us, {books.paid[number]} there"


def _refunds_against(books: ProviderBooks) -> Iterator[str]:
    ours = {
        number: (trade, fen)
        for number, trade, fen in Refund.objects.filter(state=RefundState.SUCCEEDED).values_list(
            "out_refund_no", "payment__out_trade_no", "amount_fen"
        )
    }
    for number in books.refunds.keys() | ours.keys():
        if books.refunds.get(number) != ours.get(number):
            yield f"refund {number}: {ours.get(number)} with us, {books.refunds.get(number)} there"


def _money_neither_kept_nor_returned(books: ProviderBooks) -> Iterator[str]:
    """Each payment pays for frozen lines or has gone back; never both, never neither."""
    returned: Counter[str] = Counter()
    for trade, fen in books.refunds.values():
        returned[trade] += fen
    payments = Payment.objects.filter(state=PaymentState.SUCCEEDED).select_related("order")
    for payment in payments:
        if payment.verdict == Verdict.HOLD_IN_SUSPENSE:
            due = 0
        elif payment.verdict == Verdict.PAID and payment.order.state in FROZEN:
            due = _refunds_decided_fen(payment)
        else:
            due = payment.received_fen or 0
        if returned[payment.out_trade_no] != due:
            yield (
                f"payment {payment.out_trade_no} ({payment.verdict}, order {payment.order.state}):"
                f" {returned[payment.out_trade_no]} fen went back, not {due}"
            )


def _refunds_decided_fen(payment: Payment) -> int:
    """What the lines of a frozen order give back: those that fell out, and shortages."""
    void = OrderLine.objects.filter(order=payment.order_id, is_void=True)
    void_fen: int = void.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    refunds = payment.refunds.exclude(state=RefundState.CLOSED)
    short = refunds.filter(lines__order_line__is_void=False)
    short_fen: int = short.aggregate(fen=Sum("lines__amount_fen"))["fen"] or 0
    return void_fen + short_fen


def _transfers_against(books: ProviderBooks) -> Iterator[str]:
    posted = dict(Transfer.objects.values_list("idem_key", "amount_fen"))
    expected = {f"pay:{number}": fen for number, fen in books.paid.items()}
    for number, (_trade, fen) in books.refunds.items():
        expected |= {f"refund-req:{number}": fen, f"refund-paid:{number}": fen}
    closed = Refund.objects.filter(state=RefundState.CLOSED)
    for number, fen in closed.values_list("out_refund_no", "amount_fen"):
        expected |= {f"refund-req:{number}": fen, f"reverse:refund-req:{number}": fen}
    for key in expected.keys() | posted.keys():
        if expected.get(key) != posted.get(key):
            yield f"ledger: {key} moves {posted.get(key)} fen, not {expected.get(key)}"


def _messages_against(books: ProviderBooks) -> Iterator[str]:
    """Whoever paid in time was told once; so was whoever paid for nothing."""
    paid = Payment.objects.filter(verdict=Verdict.PAID).count()
    returned = Payment.objects.filter(
        verdict__in=[
            Verdict.REFUND_LATE,
            Verdict.REFUND_AFTER_FREEZE,
            Verdict.REFUND_DUPLICATE,
        ]
    ).count()
    told = dict(
        OutboxMessage.objects.order_by()
        .values_list("topic")
        .annotate(count=Count("pk"))
        .values_list("topic", "count")
    )
    for key in OutboxMessage.objects.filter(done_at=None).values_list("dedupe_key", flat=True):
        yield f"messages: {key} was never sent"
    if told.get(Topic.ORDER_PAID, 0) != paid:
        yield f"messages: {told.get(Topic.ORDER_PAID, 0)} tell of {paid} payments"
    if told.get(Topic.PAYMENT_RETURNED, 0) < returned:
        yield f"messages: {told.get(Topic.PAYMENT_RETURNED, 0)} tell of {returned} returns"


def _broken_references() -> Iterator[str]:
    """Foreign keys are checked at the commit, which a run that is rolled back never reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield from ()


def snapshot_violations(campaign_id: int) -> list[str]:
    """A frozen campaign has one snapshot, and it shows the frozen lines."""
    snapshot = DemandSnapshot.objects.filter(campaign_id=campaign_id).first()
    if snapshot is None:
        return ["the campaign was never frozen"]
    sold: Counter[int] = Counter()
    lines = OrderLine.objects.filter(
        order__campaign_id=campaign_id, order__state__in=FROZEN, is_void=False
    )
    for offer_id, qty in lines.order_by().values_list("offer_id", "qty"):
        sold[offer_id] += qty
    shown = dict(DemandLine.objects.filter(snapshot=snapshot).values_list("offer_id", "qty"))
    return [] if shown == dict(sold) else [f"the snapshot shows {shown}, sold is {dict(sold)}"]
