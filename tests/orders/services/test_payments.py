"""An attempt to pay begins."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from orders.domain.gateway import PayMethod
from orders.errors import GatewayRefused, GatewayUnavailable, OrderNotPayable
from orders.models.orders import Order
from orders.models.payments import Payment, PaymentState, Verdict
from orders.services.cancellation import order_cancel
from orders.services.payments import payment_begin
from tests.factories.tills import Till
from tests.simulation.gateway import Fault

pytestmark = pytest.mark.usefixtures("books_hold")


def test_an_attempt_is_created_at_the_provider_for_the_whole_order(till: Till) -> None:
    order = till.ordered(qty=2)

    payment = till.begun(order)

    trade = till.gateway.books.trades[payment.out_trade_no]
    assert (payment.state, payment.amount_fen) == (PaymentState.SUBMITTED, 5980)
    assert payment.handle == {"url": f"/pay/{payment.out_trade_no}"}
    assert (trade.amount_fen, trade.expires_at) == (5980, order.pay_by)
    assert payment.next_query_at == till.now + timedelta(seconds=15)
    assert Payment.objects.get().handle == payment.handle


def test_its_number_has_32_letters_and_digits(till: Till) -> None:
    payment = till.begun()

    assert len(payment.out_trade_no) == 32
    assert payment.out_trade_no.isalnum()
    assert payment.out_trade_no.startswith("20260310")


def test_the_live_attempt_is_returned_without_another_call(till: Till) -> None:
    first = till.begun()
    till.gateway.fail_next("create", Fault.CALL_LOST)

    second = till.begun(first.order)

    assert (second.pk, second.handle) == (first.pk, first.handle)
    assert Payment.objects.count() == 1


def test_after_an_attempt_was_closed_another_begins(till: Till) -> None:
    first = till.begun()
    Payment.objects.filter(pk=first.pk).update(state=PaymentState.CLOSED)

    second = till.begun(first.order)

    assert second.out_trade_no != first.out_trade_no


@pytest.mark.parametrize("fault", [Fault.CALL_LOST, Fault.ANSWER_LOST])
def test_an_unheard_answer_is_unknown_and_the_same_number_is_created_again(
    till: Till, fault: Fault
) -> None:
    order = till.ordered()
    till.gateway.fail_next("create", fault)
    with pytest.raises(GatewayUnavailable):
        till.begun(order)
    unknown = Payment.objects.get()

    payment = till.begun(order)

    assert unknown.state == PaymentState.UNKNOWN
    assert unknown.next_query_at == till.now + timedelta(seconds=15)
    assert (payment.pk, payment.state) == (unknown.pk, PaymentState.SUBMITTED)
    assert list(till.gateway.books.trades) == [unknown.out_trade_no]


def test_an_attempt_that_was_paid_before_its_answer_came_is_asked_about_at_once(
    till: Till,
) -> None:
    order = till.ordered()
    till.gateway.fail_next("create", Fault.ANSWER_LOST)
    with pytest.raises(GatewayUnavailable):
        till.begun(order)
    payment = Payment.objects.get()
    till.gateway.pay(payment.out_trade_no)

    with pytest.raises(GatewayRefused):
        till.begun(order)

    payment.refresh_from_db()
    assert payment.state == PaymentState.UNKNOWN
    assert payment.next_query_at is not None
    assert payment.next_query_at <= till.now


def test_a_refusal_ends_the_attempt_and_the_next_call_begins_another(till: Till) -> None:
    order = till.ordered()
    till.gateway.fail_next("create", Fault.REFUSED)
    with pytest.raises(GatewayRefused):
        till.begun(order)

    payment = till.begun(order)

    states = dict(Payment.objects.values_list("out_trade_no", "state"))
    assert states.pop(payment.out_trade_no) == PaymentState.SUBMITTED
    assert list(states.values()) == [PaymentState.FAILED]


@pytest.mark.parametrize(
    ("left_s", "is_possible"),
    [
        pytest.param(60, True, id="a_minute_left"),
        pytest.param(59, False, id="less_than_the_provider_takes"),
        pytest.param(0, False, id="the_last_second"),
        pytest.param(-1, False, id="over"),
    ],
)
def test_an_attempt_needs_the_time_the_provider_asks_for(
    till: Till, left_s: int, is_possible: bool
) -> None:
    order = till.ordered()
    assert order.pay_by is not None
    till.now = order.pay_by - timedelta(seconds=left_s)

    if is_possible:
        assert till.begun(order).expires_at == order.pay_by
    else:
        with pytest.raises(OrderNotPayable):
            till.begun(order)
        assert not Payment.objects.exists()


def test_no_attempt_outlives_the_payment_clock(till: Till) -> None:
    order = till.ordered()
    till.now = till.campaign.payments_close_at - timedelta(seconds=90)
    Order.objects.filter(pk=order.pk).update(pay_by=till.now + timedelta(minutes=5))

    payment = till.begun(order)

    assert payment.expires_at == till.campaign.payments_close_at


def test_the_handle_of_an_attempt_that_is_over_is_not_handed_out(till: Till) -> None:
    payment = till.begun()
    till.wait(minutes=5, seconds=1)

    with pytest.raises(OrderNotPayable):
        till.begun(payment.order)


@pytest.mark.parametrize("is_paid", [True, False], ids=["paid", "cancelled"])
def test_only_an_order_that_waits_for_money_is_paid(till: Till, is_paid: bool) -> None:
    order = till.ordered()
    if is_paid:
        till.paid(order)
    else:
        order_cancel(order_id=order.pk, actor="resident:1", clock=till.clock)

    with pytest.raises(OrderNotPayable):
        till.begun(order)


def test_an_order_of_a_frozen_campaign_is_not_paid_any_more(till: Till) -> None:
    order = till.ordered()
    till.freeze()

    with pytest.raises(OrderNotPayable):
        till.begun(order)


def test_nobody_pays_again_while_a_payment_is_being_cleared_up(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no, fen=1)
    till.told(payment)

    with pytest.raises(OrderNotPayable):
        till.begun(payment.order)

    assert Payment.objects.get().verdict == Verdict.HOLD_IN_SUSPENSE


def test_a_way_to_pay_that_is_not_offered_is_refused(till: Till) -> None:
    order = till.ordered()

    with pytest.raises(GatewayRefused):
        payment_begin(order_id=order.pk, method=PayMethod.JSAPI, clock=till.clock)

    assert not Payment.objects.exists()


def test_beginning_a_payment_takes_five_statements(
    till: Till, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    order = till.ordered()

    # Order, campaign with the clock, attempts, the new attempt, its handle; a
    # savepoint and its release, because a test is a transaction.
    with django_assert_num_queries(5 + 2):
        till.begun(order)
