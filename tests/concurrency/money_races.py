"""The same money from many sides at once: the scenarios of P6, P10, P11 and P17, at any size."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from unittest.mock import patch

from orders.errors import RefundExceedsPaid
from orders.integrations import providers
from orders.integrations.sandbox import SandboxGateway
from orders.models.ledger import Transfer
from orders.models.orders import OrderEvent
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import (
    Payment,
    PaymentState,
    RefundReason,
    SandboxRefund,
    Verdict,
)
from orders.services.payment_reports import notice_receive
from orders.services.payments import payment_begin
from orders.services.placement import order_place
from orders.services.refund_submission import refunds_submit
from orders.services.refunds import refund_request
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.shop import ORDERING_AT, Shop, ordering_clock, shop_open
from tests.simulation.schedule import advance

LATER = ORDERING_AT + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OneNotice:
    """What one payment left behind after its notice came many times."""

    notices: int
    payments: int
    transfers: int
    messages: int
    moves: int


@dataclass(frozen=True, slots=True)
class ManyRefunds:
    """What many partial refunds of one payment came to."""

    asked: int
    granted_fen: int
    paid_fen: int
    reserved_fen: int
    refused: int


@dataclass(frozen=True, slots=True)
class OneRefund:
    """How often one refund was paid out."""

    submissions: int
    at_provider: int
    in_ledger: int


class Effects(NamedTuple):
    """Everything the schedule may do to money, counted."""

    payments: int
    refunds_paid: int
    transfers: int
    events: int
    messages: int


def same_notice(*, processes: int, rounds: int = 1) -> OneNotice:
    """Let the notice of one payment arrive in all processes at once, again and again."""
    payment = paid_at_provider(shop_open(buyers=1, caps=[10]))[0]
    headers, body = _sandbox().notice(payment.out_trade_no)

    def receive(_runner: Runner) -> str:
        with patch.object(providers, "_sandbox", _sandbox):
            return notice_receive(provider="sandbox", headers=headers, body=body, now=LATER)

    outcomes = race(
        receive,
        processes=processes,
        rounds=rounds,
        sleep_at={"report.payment_counted": 0.02},
    )
    assert errors(outcomes) == []
    return OneNotice(
        notices=len(outcomes),
        payments=Payment.objects.filter(verdict=Verdict.PAID).count(),
        transfers=Transfer.objects.filter(order=payment.order_id).count(),
        messages=OutboxMessage.objects.filter(topic=Topic.ORDER_PAID).count(),
        moves=OrderEvent.objects.filter(order=payment.order_id).count(),
    )


def partial_refunds(*, processes: int, guarded: bool = True) -> ManyRefunds:
    """Let every process ask for a third of one payment; the control reserves nothing."""
    payment = _counted(shop_open(buyers=1, caps=[10]))[0]
    third_fen = payment.amount_fen // 3

    def ask(runner: Runner) -> int:
        refund = refund_request(
            payment_id=payment.pk,
            reason=RefundReason.AFTER_SALES,
            amount_fen=third_fen,
            refund_no=f"{payment.out_trade_no}X{runner.number}",
            now=LATER,
        )
        return refund.amount_fen

    reserve = "orders.services.refunds._payments_reserve"
    outcomes = race(
        ask,
        processes=processes,
        without=[] if guarded else [patch(reserve, lambda _drafts: None)],
    )
    payment.refresh_from_db()
    return ManyRefunds(
        asked=len(outcomes),
        granted_fen=sum(values(outcomes)),
        paid_fen=payment.amount_fen,
        reserved_fen=payment.refund_reserved_fen,
        refused=sum(isinstance(error, RefundExceedsPaid) for error in errors(outcomes)),
    )


def one_refund(*, processes: int, rounds: int = 1) -> OneRefund:
    """Let every process submit the refunds that are due, all at once, again and again."""
    payment = _counted(shop_open(buyers=1, caps=[10]))[0]
    refund = refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=100,
        refund_no=f"{payment.out_trade_no}X1",
        now=LATER,
    )

    def submit(runner: Runner) -> bool:
        with patch.object(providers, "_sandbox", _sandbox):
            refunds_submit(now=LATER + timedelta(hours=runner.round))
        return True

    outcomes = race(submit, processes=processes, rounds=rounds, sleep_at={"refund.answered": 0.02})
    assert errors(outcomes) == []
    return OneRefund(
        submissions=len(outcomes),
        at_provider=SandboxRefund.objects.filter(out_refund_no=refund.out_refund_no).count(),
        in_ledger=Transfer.objects.filter(idem_key=f"refund-paid:{refund.out_refund_no}").count(),
    )


def schedulers(*, processes: int) -> Effects:
    """Let so many schedulers do, at once, everything that is due for forty payments."""
    before = _effects()
    payments = paid_at_provider(shop_open(buyers=40, caps=[100, None]))
    late = [payment.pk for payment in payments[30:]]
    for payment in _noticed(payments[:10]):
        refund_request(
            payment_id=payment.pk,
            reason=RefundReason.AFTER_SALES,
            amount_fen=100,
            refund_no=f"{payment.out_trade_no}X1",
            now=LATER,
        )
    Payment.objects.filter(pk__in=late).update(amount_fen=1)  # wrong amounts: suspense

    def tick(_runner: Runner) -> bool:
        with patch.object(providers, "_sandbox", _sandbox):
            for minutes in (2, 10, 60):
                advance(now=LATER + timedelta(minutes=minutes))
        return True

    outcomes = race(tick, processes=processes)
    assert errors(outcomes) == []
    return Effects(*(after - then for after, then in zip(_effects(), before, strict=True)))


def paid_at_provider(shop: Shop) -> list[Payment]:
    """Let every buyer order all offers and pay at the sandbox; nobody has told us."""
    with patch.object(providers, "_sandbox", _sandbox):
        payments = []
        for buyer in range(len(shop.resident_ids)):
            request = shop.request(buyer, shop.offer_ids, key="order")
            order = order_place(request=request, clock=ordering_clock).order
            payment = payment_begin(order_id=order.pk, clock=ordering_clock)
            _sandbox().pay(payment.out_trade_no)
            payments.append(payment)
    return payments


def _counted(shop: Shop) -> list[Payment]:
    return _noticed(paid_at_provider(shop))


def _noticed(payments: list[Payment]) -> list[Payment]:
    with patch.object(providers, "_sandbox", _sandbox):
        for payment in payments:
            headers, body = _sandbox().notice(payment.out_trade_no)
            notice_receive(provider="sandbox", headers=headers, body=body, now=LATER)
    return payments


def _effects() -> Effects:
    return Effects(
        payments=Payment.objects.filter(state=PaymentState.SUCCEEDED).count(),
        refunds_paid=SandboxRefund.objects.count(),
        transfers=Transfer.objects.count(),
        events=OrderEvent.objects.count(),
        messages=OutboxMessage.objects.filter(done_at__isnull=False).count(),
    )


def _sandbox() -> SandboxGateway:
    """The provider on the clock of the shop; its memory is in the database."""
    return SandboxGateway(ordering_clock)
