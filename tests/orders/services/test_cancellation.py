"""A resident takes an order back."""

from datetime import timedelta

import pytest

from orders.domain.gateway import TradeState
from orders.errors import GatewayUnavailable, OrderNotCancellable, PlatformBusy
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderEvent, OrderState
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import Payment, PaymentState, Refund, RefundReason
from orders.models.stock import OfferStock
from orders.services import cancellation
from orders.services.cancellation import order_cancel
from tests.factories.deaths import Died, die_at
from tests.factories.tills import Till
from tests.simulation.gateway import Fault

pytestmark = pytest.mark.usefixtures("books_hold")


def cancelled(till: Till, order_id: int) -> Order:
    return order_cancel(order_id=order_id, actor="resident:7", clock=till.clock)


def test_an_order_nobody_began_to_pay_is_dropped(till: Till) -> None:
    order = till.ordered()

    returned = cancelled(till, order.pk)

    order.refresh_from_db()
    assert returned.state == order.state == OrderState.CANCELLED
    assert OfferStock.objects.get().reserved_qty == 0
    event = OrderEvent.objects.get()
    assert (event.actor, event.reason) == ("resident:7", "cancelled_by_resident")


def test_a_live_attempt_is_closed_at_the_provider_first(till: Till) -> None:
    payment = till.begun()

    cancelled(till, payment.order_id)

    payment.refresh_from_db()
    assert payment.state == PaymentState.CLOSED
    assert till.word(payment).state is TradeState.CLOSED
    assert not Refund.objects.exists()


def test_a_paid_order_goes_back_in_full(till: Till) -> None:
    payment = till.paid(till.ordered(qty=2))

    cancelled(till, payment.order_id)

    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert payment.order.state == OrderState.CANCELLED
    assert (refund.reason, refund.amount_fen) == (RefundReason.CANCELLATION, 5980)
    assert payment.refund_reserved_fen == 5980
    assert OfferStock.objects.get().reserved_qty == 0
    assert list(Transfer.objects.order_by("pk").values_list("event", flat=True)) == [
        "payment_received",
        "refund_due",
    ]
    assert OutboxMessage.objects.filter(topic=Topic.PAYMENT_RETURNED).count() == 1


def test_cancelling_again_changes_nothing(till: Till) -> None:
    payment = till.paid()
    cancelled(till, payment.order_id)

    assert cancelled(till, payment.order_id).state == OrderState.CANCELLED
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(
    ("after_s", "is_free"),
    [
        pytest.param(-1, True, id="a_second_before"),
        pytest.param(0, False, id="when_orders_close"),
        pytest.param(3600, False, id="an_hour_later"),
    ],
)
def test_a_paid_order_can_be_cancelled_until_orders_close(
    till: Till, after_s: int, is_free: bool
) -> None:
    payment = till.paid()
    till.now = till.campaign.orders_close_at + timedelta(seconds=after_s)

    if is_free:
        cancelled(till, payment.order_id)
    else:
        with pytest.raises(OrderNotCancellable):
            cancelled(till, payment.order_id)

    assert Refund.objects.exists() is is_free


def test_an_unpaid_order_can_still_be_cancelled_after_orders_closed(till: Till) -> None:
    till.now = till.campaign.orders_close_at - timedelta(seconds=1)
    payment = till.begun()
    till.now = till.campaign.orders_close_at + timedelta(seconds=1)

    assert cancelled(till, payment.order_id).state == OrderState.CANCELLED


def test_money_that_came_before_the_closing_goes_back(till: Till) -> None:
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)

    cancelled(till, payment.order_id)

    payment.refresh_from_db()
    assert payment.order.state == OrderState.CANCELLED
    assert payment.refund_reserved_fen == 2990


def test_money_that_came_after_orders_closed_stays(till: Till) -> None:
    till.now = till.campaign.orders_close_at - timedelta(seconds=1)
    payment = till.begun()
    till.gateway.pay(payment.out_trade_no)
    till.now = till.campaign.orders_close_at + timedelta(seconds=1)

    with pytest.raises(OrderNotCancellable):
        cancelled(till, payment.order_id)

    payment.refresh_from_db()
    assert payment.order.state == OrderState.PAID


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        pytest.param("close", Fault.CALL_LOST, id="closing_lost"),
        pytest.param("close", Fault.LIES, id="closing_lies"),
        pytest.param("query", Fault.CALL_LOST, id="question_lost"),
    ],
)
def test_goods_are_kept_until_the_provider_says_that_nothing_will_come(
    till: Till, call: str, fault: Fault
) -> None:
    payment = till.begun()
    till.gateway.fail_next(call, fault)

    with pytest.raises(GatewayUnavailable):
        cancelled(till, payment.order_id)

    assert OfferStock.objects.get().reserved_qty == 1
    assert cancelled(till, payment.order_id).state == OrderState.CANCELLED


def test_a_payment_that_began_meanwhile_keeps_the_order(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = till.begun()

    def end_and_begin(*, payment: Payment, **_more: object) -> TradeState:
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.CLOSED)
        till.begun(payment.order)
        return TradeState.CLOSED

    monkeypatch.setattr(cancellation, "attempt_end", end_and_begin)

    with pytest.raises(PlatformBusy):
        cancelled(till, first.order_id)

    assert first.order.state == OrderState.PENDING_PAYMENT


@pytest.mark.parametrize("state", [OrderState.FROZEN, OrderState.LATE_PAID])
def test_an_order_beyond_the_cut_off_cannot_be_cancelled(till: Till, state: OrderState) -> None:
    payment = till.paid()
    Order.objects.update(state=state)

    with pytest.raises(OrderNotCancellable):
        cancelled(till, payment.order_id)

    Order.objects.update(state=OrderState.PAID)


def test_a_death_after_the_closing_leaves_an_order_that_can_be_cancelled(till: Till) -> None:
    payment = till.begun()
    with pytest.raises(Died), die_at("report.attempt_closed"):
        cancelled(till, payment.order_id)

    assert cancelled(till, payment.order_id).state == OrderState.CANCELLED
    payment.refresh_from_db()
    assert payment.state == PaymentState.CLOSED
