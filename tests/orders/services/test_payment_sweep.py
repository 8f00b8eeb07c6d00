"""Unfinished attempts are asked about until they are over."""

from datetime import timedelta

import pytest

from orders.domain.cutoff import PaymentVerdict
from orders.domain.gateway import GatewayLimits
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, PaymentState, Refund, Verdict
from orders.models.stock import OfferStock
from orders.services.payment_sweep import (
    payment_refresh,
    payments_resolve,
    payments_sweep,
    unpaid_orders_drop,
)
from tests.factories.deaths import Died, die_at
from tests.factories.tills import SpacedGateway, Till
from tests.simulation.gateway import Fault

pytestmark = pytest.mark.usefixtures("books_hold")


def state_of(payment: Payment) -> str:
    return Payment.objects.values_list("state", flat=True).get(pk=payment.pk)


def order_state_of(payment: Payment) -> str:
    return Order.objects.values_list("state", flat=True).get(pk=payment.order_id)


def test_a_payment_nobody_notified_us_of_is_found_by_asking(till: Till) -> None:
    payment = till.begun()
    till.wait(seconds=5)
    till.gateway.pay(payment.out_trade_no)

    early = payments_sweep(now=till.now)
    figures = payments_sweep(now=till.wait(seconds=10))

    assert early["payments_asked"] == 0
    assert figures == {
        "payments_asked": 1,
        "payments_answered": 1,
        "payments_paid": 1,
        "payments_closed": 0,
    }
    assert order_state_of(payment) == OrderState.PAID
    assert payments_sweep(now=till.wait(hours=1))["payments_asked"] == 0


def test_an_unpaid_attempt_is_asked_by_the_schedule_then_closed_and_its_order_dropped(
    till: Till,
) -> None:
    payment = till.begun()

    asked_at = [
        second
        for second in range(1, 331)
        if payments_sweep(now=till.wait(seconds=1))["payments_asked"]
    ]

    assert asked_at == [15, 60, 300, 301]
    assert state_of(payment) == PaymentState.CLOSED
    assert order_state_of(payment) == OrderState.CANCELLED
    assert till.gateway.books.trades[payment.out_trade_no].closed_at is not None
    assert OfferStock.objects.get().reserved_qty == 0


def test_a_closing_that_lies_keeps_the_goods_until_it_is_true(till: Till) -> None:
    payment = till.begun()
    till.wait(minutes=5, seconds=1)
    till.gateway.fail_next("close", Fault.LIES)

    payments_sweep(now=till.now)

    assert state_of(payment) == PaymentState.SUBMITTED
    assert OfferStock.objects.get().reserved_qty == 1
    assert unpaid_orders_drop(now=till.now) == 0
    payments_sweep(now=till.wait(minutes=1))
    assert state_of(payment) == PaymentState.CLOSED


def test_a_closing_that_comes_after_the_money_finds_it(till: Till) -> None:
    payment = till.begun()
    till.wait(minutes=5)
    till.gateway.pay(payment.out_trade_no)

    payments_sweep(now=till.wait(seconds=1))

    assert order_state_of(payment) == OrderState.PAID


def test_an_attempt_the_provider_never_heard_of_is_closed_by_asking(till: Till) -> None:
    order = till.ordered()
    till.gateway.fail_next("create", Fault.CALL_LOST)
    with pytest.raises(Exception, match="cannot be reached"):
        till.begun(order)

    payments_sweep(now=till.wait(seconds=15))

    assert Payment.objects.get().state == PaymentState.CLOSED
    assert till.begun(order).state == PaymentState.SUBMITTED


def test_without_an_answer_the_attempt_waits_for_the_next_question(till: Till) -> None:
    payment = till.begun()
    till.wait(seconds=15)
    till.gateway.fail_next("query", Fault.CALL_LOST)

    figures = payments_sweep(now=till.now)

    payment.refresh_from_db()
    assert (figures["payments_asked"], figures["payments_answered"]) == (1, 0)
    assert payment.queries == 1
    assert payment.next_query_at == till.now + timedelta(seconds=45)


def test_an_outage_costs_three_calls_and_leaves_the_rest_for_the_next_round(till: Till) -> None:
    payments = [till.begun() for _number in range(6)]
    till.wait(seconds=15)
    for _call in range(6):
        till.gateway.fail_next("query", Fault.CALL_LOST)

    figures = payments_sweep(now=till.now)

    assert figures["payments_asked"] == 3
    till.gateway.forget_faults()
    till.gateway.pay(payments[-1].out_trade_no)
    assert payments_sweep(now=till.wait(minutes=1))["payments_paid"] == 1


def test_whoever_died_while_asking_leaves_the_attempt_to_the_next_minute(till: Till) -> None:
    payment = till.begun()
    till.wait(seconds=15)
    till.gateway.pay(payment.out_trade_no)
    with pytest.raises(Died), die_at("sweep.answered"):
        payments_sweep(now=till.now)

    assert payments_sweep(now=till.wait(seconds=59))["payments_asked"] == 0
    assert payments_sweep(now=till.wait(seconds=1))["payments_paid"] == 1


def test_attempts_of_a_provider_that_is_not_set_up_hurt_nobody(till: Till) -> None:
    orphan = till.begun()
    Payment.objects.filter(pk=orphan.pk).update(provider="gone")
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)

    assert payments_sweep(now=till.wait(seconds=15))["payments_paid"] == 1


def test_calls_side_by_side_find_the_same(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SpacedGateway, "limits", GatewayLimits(calls_at_once=4))
    payments = [till.begun() for _number in range(6)]
    for payment in payments[::2]:
        till.gateway.pay(payment.out_trade_no)

    figures = payments_sweep(now=till.wait(seconds=15))

    assert (figures["payments_answered"], figures["payments_paid"]) == (6, 3)
    assert Order.objects.filter(state=OrderState.PAID).count() == 3


def test_after_payments_close_every_live_attempt_is_resolved(till: Till) -> None:
    till.now = till.campaign.orders_close_at - timedelta(seconds=1)
    unpaid, paid = till.begun(), till.begun()
    till.now = till.campaign.payments_close_at
    till.gateway.pay(paid.out_trade_no)

    too_early = payments_resolve(campaign_id=till.campaign.pk, now=till.now)
    figures = payments_resolve(campaign_id=till.campaign.pk, now=till.wait(seconds=1))
    again = payments_resolve(campaign_id=till.campaign.pk, now=till.wait(seconds=1))

    assert too_early["payments_asked"] == again["payments_asked"] == 0
    assert figures == {
        "payments_asked": 2,
        "payments_answered": 2,
        "payments_paid": 1,
        "payments_closed": 1,
    }
    assert order_state_of(paid) == OrderState.PAID
    assert order_state_of(unpaid) == OrderState.CANCELLED


def test_what_an_outage_left_unresolved_goes_back_after_the_freeze(till: Till) -> None:
    till.now = till.campaign.orders_close_at - timedelta(seconds=1)
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    till.now = till.campaign.payments_close_at + timedelta(seconds=1)
    till.gateway.fail_next("close", Fault.CALL_LOST)
    payments_resolve(campaign_id=till.campaign.pk, now=till.now)
    assert unpaid_orders_drop(now=till.now) == 0
    till.freeze()

    payments_sweep(now=till.wait(minutes=2))

    payment.refresh_from_db()
    assert payment.verdict == PaymentVerdict.REFUND_AFTER_FREEZE
    assert payment.order.state == OrderState.LATE_PAID
    assert Refund.objects.get().amount_fen == 2990


def test_the_buyer_who_looks_at_the_order_sees_it_paid_at_once(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)

    verdict = payment_refresh(payment_id=payment.pk, now=till.now)

    assert verdict is PaymentVerdict.PAID
    assert payment_refresh(payment_id=payment.pk, now=till.now) is None


def test_a_page_that_is_reloaded_asks_the_provider_once(till: Till) -> None:
    payment = till.begun()
    payment_refresh(payment_id=payment.pk, now=till.now)
    payment_refresh(payment_id=payment.pk, now=till.now)

    payment.refresh_from_db()
    assert payment.queries == 1


def test_a_page_opens_although_the_provider_does_not_answer(till: Till) -> None:
    payment = till.begun()
    till.gateway.fail_next("query", Fault.CALL_LOST)

    assert payment_refresh(payment_id=payment.pk, now=till.now) is None


@pytest.mark.parametrize(
    ("after_s", "dropped"),
    [pytest.param(0, 0, id="in_the_last_second"), pytest.param(1, 1, id="over")],
)
def test_an_order_nobody_began_to_pay_is_dropped_when_its_time_is_over(
    till: Till, after_s: int, dropped: int
) -> None:
    order = till.ordered()
    assert order.pay_by is not None

    assert unpaid_orders_drop(now=order.pay_by + timedelta(seconds=after_s)) == dropped

    order.refresh_from_db()
    assert order.state == (OrderState.CANCELLED if dropped else OrderState.PENDING_PAYMENT)
    assert OfferStock.objects.get().reserved_qty == 1 - dropped


def test_money_in_suspense_keeps_the_goods_until_payments_close(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no, fen=1)
    till.told(payment)

    early = unpaid_orders_drop(now=till.campaign.payments_close_at)
    late = unpaid_orders_drop(now=till.campaign.payments_close_at + timedelta(seconds=1))

    assert (early, late) == (0, 1)
    assert Payment.objects.get().verdict == Verdict.HOLD_IN_SUSPENSE


def test_one_payment_that_cannot_be_counted_keeps_no_other_from_it(till: Till) -> None:
    first, second = till.begun(), till.begun()
    for payment in (first, second):
        till.gateway.pay(payment.out_trade_no)
    taken = f"TX{first.out_trade_no}"
    Payment.objects.filter(pk=till.begun().pk).update(transaction_id=taken)

    figures = payments_sweep(now=till.wait(seconds=15))

    assert figures["payments_paid"] == 1
    assert order_state_of(second) == OrderState.PAID
    assert state_of(first) == PaymentState.SUBMITTED
