"""One order in many hands: begun, paid, cancelled, closed and dropped at once."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

from django.db.models import Count

from leaders.errors import DomainError
from orders.integrations import providers
from orders.integrations.sandbox import SandboxGateway
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderEvent, OrderState
from orders.models.payments import Payment, Refund, SandboxTrade
from orders.models.stock import OfferStock
from orders.services.cancellation import order_cancel
from orders.services.payment_reports import notice_receive
from orders.services.payment_sweep import payments_sweep, unpaid_orders_drop
from orders.services.payments import payment_begin
from orders.services.placement import order_place
from tests.concurrency.race import Runner, deadlocks, errors, race, values
from tests.concurrency.shop import ORDERING_AT, Shop, ordering_clock, shop_open

OVERDUE = ORDERING_AT + timedelta(minutes=6)


def sandbox() -> SandboxGateway:
    """The provider on the clock of the shop; its memory is in the database."""
    return SandboxGateway(ordering_clock)


def orders_placed(shop: Shop) -> list[int]:
    return [
        order_place(
            request=shop.request(buyer, shop.offer_ids, key="order"), clock=ordering_clock
        ).order.pk
        for buyer in range(len(shop.resident_ids))
    ]


def begin(order_id: int) -> str:
    with patch.object(providers, "_sandbox", sandbox):
        return payment_begin(order_id=order_id, clock=ordering_clock).out_trade_no


def test_one_order_begun_on_many_phones_has_one_attempt() -> None:
    (order_id,) = orders_placed(shop_open(buyers=1, caps=[10]))

    outcomes = race(
        lambda _runner: begin(order_id),
        processes=8,
        sleep_at={"payment.attempt_stored": 0.05, "payment.trade_created": 0.05},
    )

    assert errors(outcomes) == []
    assert set(values(outcomes)) == {Payment.objects.get().out_trade_no}
    assert SandboxTrade.objects.count() == 1


def test_an_order_that_is_paid_and_cancelled_at_once_ends_in_one_way_with_its_money() -> None:
    shop = shop_open(buyers=6, caps=[10])
    orders = orders_placed(shop)
    numbers = [begin(order_id) for order_id in orders]
    notices = []
    for number in numbers:
        sandbox().pay(number)
        notices.append(sandbox().notice(number))

    def pay_or_cancel(runner: Runner) -> str:
        order_id = orders[runner.round]
        headers, body = notices[runner.round]
        with patch.object(providers, "_sandbox", sandbox):
            if runner.number % 2:
                return notice_receive(
                    provider="sandbox", headers=headers, body=body, now=ordering_clock()
                )
            return order_cancel(order_id=order_id, actor="resident:1", clock=ordering_clock).state

    outcomes = race(pay_or_cancel, processes=4, rounds=6, sleep_at={"report.payment_counted": 0.02})

    # All cancellers succeed in the end: whatever came first, the money goes back.
    assert errors(outcomes) == []
    assert set(Order.objects.values_list("state", flat=True)) == {OrderState.CANCELLED}
    assert Refund.objects.count() == Payment.objects.count() == 6
    assert Transfer.objects.filter(event="payment_received").count() == 6
    assert OfferStock.objects.get().reserved_qty == 0


def test_sweep_cancelling_dropping_and_notices_never_lock_in_a_circle() -> None:
    shop = shop_open(buyers=12, caps=[100, 100, None])
    orders = orders_placed(shop)
    numbers = [begin(order_id) for order_id in orders[:9]]
    for number in numbers[:6]:
        sandbox().pay(number)
    notices = [sandbox().notice(number) for number in numbers[:6]]

    def tell() -> object:
        return [
            notice_receive(provider="sandbox", headers=headers, body=body, now=OVERDUE)
            for headers, body in notices
        ]

    def cancel() -> object:
        return [
            order_cancel(order_id=order_id, actor="resident:1", clock=ordering_clock)
            for order_id in reversed(orders)
        ]

    acts: list[Callable[[], object]] = [
        tell,
        cancel,
        lambda: payments_sweep(now=OVERDUE),
        lambda: unpaid_orders_drop(now=OVERDUE),
    ]

    def act(runner: Runner) -> bool:
        with patch.object(providers, "_sandbox", sandbox):
            acts[runner.number % len(acts)]()
        return True

    outcomes = race(act, processes=8, sleep_at={"report.order_moved": 0.01})

    assert deadlocks(outcomes) == 0
    assert [error for error in errors(outcomes) if not isinstance(error, DomainError)] == []
    twice = OrderEvent.objects.values("order_id", "to_state").annotate(n=Count("pk"))
    assert set(twice.values_list("n", flat=True)) == {1}
