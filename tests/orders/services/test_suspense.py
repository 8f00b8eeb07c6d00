"""A person decides about money in suspense."""

from datetime import timedelta

import pytest

from orders.errors import GatewayUnavailable, OrderNotPayable, PaymentNotInSuspense
from orders.models.ledger import Transfer
from orders.models.orders import OrderEvent, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import Payment, Refund, Verdict
from orders.services.refund_submission import refunds_submit
from orders.services.suspense import SuspenseDecision, suspense_resolve
from tests.factories.tills import Till
from tests.simulation.gateway import Fault

pytestmark = pytest.mark.usefixtures("books_hold")


def suspended(till: Till, fen: int) -> Payment:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no, fen=fen)
    till.told(payment)
    return Payment.objects.get(pk=payment.pk)


def resolved(till: Till, payment: Payment, decision: SuspenseDecision) -> Payment:
    return suspense_resolve(
        payment_id=payment.pk, decision=decision, actor="user:lin", now=till.now
    )


def events() -> list[tuple[str, int]]:
    return list(Transfer.objects.order_by("pk").values_list("event", "amount_fen"))


@pytest.mark.parametrize("fen", [1, 2989, 2991, 8970])
def test_all_of_it_goes_back(till: Till, fen: int) -> None:
    payment = suspended(till, fen)

    payment = resolved(till, payment, SuspenseDecision.REFUND)
    refunds_submit(now=till.now)

    assert (payment.verdict, payment.refund_reserved_fen) == (Verdict.HOLD_IN_SUSPENSE, fen)
    assert events() == [
        ("payment_suspended", fen),
        ("suspense_refund_due", fen),
        ("refund_paid", fen),
    ]
    assert payment.order.state == OrderState.PENDING_PAYMENT
    assert OutboxMessage.objects.get().topic == Topic.PAYMENT_RETURNED


def test_what_is_above_the_price_goes_back_when_the_rest_is_accepted(till: Till) -> None:
    payment = suspended(till, 3000)

    payment = resolved(till, payment, SuspenseDecision.ACCEPT)

    assert (payment.verdict, payment.refund_reserved_fen) == (Verdict.PAID, 10)
    assert events() == [
        ("payment_suspended", 3000),
        ("suspense_accepted", 3000),
        ("refund_due", 10),
    ]
    assert payment.order.state == OrderState.PAID
    assert payment.order.paid_at == payment.succeeded_at
    assert OrderEvent.objects.get().actor == "user:lin"
    topics = OutboxMessage.objects.order_by("topic").values_list("topic", flat=True)
    assert list(topics) == [Topic.ORDER_PAID, Topic.PAYMENT_RETURNED]


def test_too_little_is_never_accepted(till: Till) -> None:
    payment = suspended(till, 2989)

    with pytest.raises(OrderNotPayable):
        resolved(till, payment, SuspenseDecision.ACCEPT)

    assert events() == [("payment_suspended", 2989)]


@pytest.mark.parametrize(("fact", "value"), [("currency", "USD"), ("is_payee_ours", False)])
def test_the_provider_is_asked_again_before_money_is_accepted(
    till: Till, fact: str, value: object
) -> None:
    payment = suspended(till, 3000)
    setattr(till.gateway, fact, value)

    with pytest.raises(OrderNotPayable):
        resolved(till, payment, SuspenseDecision.ACCEPT)


def test_without_the_providers_word_nothing_is_accepted(till: Till) -> None:
    payment = suspended(till, 3000)
    till.gateway.fail_next("query", Fault.CALL_LOST)

    with pytest.raises(GatewayUnavailable):
        resolved(till, payment, SuspenseDecision.ACCEPT)


def test_an_order_that_is_frozen_out_gets_its_money_back_only(till: Till) -> None:
    payment = suspended(till, 3000)
    till.freeze()

    with pytest.raises(OrderNotPayable):
        resolved(till, payment, SuspenseDecision.ACCEPT)

    assert resolved(till, payment, SuspenseDecision.REFUND).refund_reserved_fen == 3000


def test_money_that_came_after_the_clock_is_not_accepted(till: Till) -> None:
    payment = till.begun()
    till.now = till.campaign.payments_close_at + timedelta(seconds=1)
    till.gateway.pay(payment.out_trade_no, fen=3000, late=True)
    till.told(payment)

    with pytest.raises(OrderNotPayable):
        resolved(till, payment, SuspenseDecision.ACCEPT)


@pytest.mark.parametrize("decision", SuspenseDecision)
def test_a_decision_is_taken_once(till: Till, decision: SuspenseDecision) -> None:
    payment = suspended(till, 3000)
    resolved(till, payment, decision)

    for again in SuspenseDecision:
        with pytest.raises(PaymentNotInSuspense):
            resolved(till, payment, again)

    assert Refund.objects.count() == 1


def test_a_payment_that_fits_needs_no_decision(till: Till) -> None:
    payment = till.paid()

    with pytest.raises(PaymentNotInSuspense):
        resolved(till, payment, SuspenseDecision.REFUND)
