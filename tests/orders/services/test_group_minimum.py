"""A group buy that stayed too small goes back, and nobody else notices."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models.campaigns import Offer
from orders.models.orders import Order, OrderEvent, OrderLine, OrderState
from orders.models.outbox import OutboxMessage
from orders.models.payments import Payment, Refund, RefundLine
from orders.models.stock import OfferStock, ResidentQuota
from orders.selectors.demand import demand_rows
from orders.services.campaigns import campaign_freeze
from orders.services.order_states import order_pay
from tests.factories.orders import PaymentFactory, ResidentFactory
from tests.factories.shops import Shop, counters, lines_held

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """One open campaign and one leader with a point."""
    return Shop()


def paid(shop: Shop, *lines: tuple[Offer, int]) -> Order:
    """An order that was placed and paid for."""
    order_id = shop.placed(*lines)
    order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")
    order = Order.objects.get(pk=order_id)
    PaymentFactory.create(order=order, provider="sandbox")
    return order


def freeze(shop: Shop) -> None:
    campaign_freeze(campaign_id=shop.campaign.pk, now=shop.campaign.freeze_at)


def test_lines_below_the_minimum_fall_out_and_the_rest_of_the_order_stays(shop: Shop) -> None:
    group, plain = shop.offer(price_fen=700, min_group_qty=5), shop.offer(price_fen=300)
    order = paid(shop, (group, 4), (plain, 1))

    freeze(shop)

    order.refresh_from_db()
    assert (order.state, order.pickup_no) == (OrderState.FROZEN, 1)
    assert dict(OrderLine.objects.values_list("offer", "is_void")) == {
        group.pk: True,
        plain.pk: False,
    }
    assert [row.sku_id for row in demand_rows(shop.campaign.pk)] == [plain.sku_id]
    assert shop.campaign.demand.pieces == 1
    refund = Refund.objects.get()
    assert (refund.out_refund_no, refund.reason) == (f"{order.order_no}-G1", "group_not_reached")
    assert refund.amount_fen == 2800
    assert list(RefundLine.objects.values_list("qty", "amount_fen")) == [(4, 2800)]
    assert Payment.objects.get().refund_reserved_fen == 2800


def test_a_group_that_is_just_large_enough_stands(shop: Shop) -> None:
    group = shop.offer(min_group_qty=5)
    paid(shop, (group, 4))
    paid(shop, (group, 1))

    freeze(shop)

    assert not OrderLine.objects.filter(is_void=True).exists()
    assert not Refund.objects.exists()
    assert shop.campaign.demand.pieces == 5


def test_pieces_that_nobody_paid_do_not_make_a_group(shop: Shop) -> None:
    group = shop.offer(min_group_qty=5)
    paid(shop, (group, 4))
    unpaid = shop.placed((group, 3))

    freeze(shop)

    assert shop.campaign.demand.pieces == 0
    # Its goods stay held until the provider says that it was never paid.
    assert not OrderLine.objects.get(order_id=unpaid).is_void
    assert Order.objects.get(pk=unpaid).state == OrderState.PENDING_PAYMENT


def test_an_order_of_fallen_lines_alone_is_cancelled_before_numbers_are_given(shop: Shop) -> None:
    group, plain = shop.offer(min_group_qty=5), shop.offer()
    lone = paid(shop, (group, 2))
    shop.now += timedelta(minutes=1)
    other = paid(shop, (plain, 1))

    freeze(shop)

    lone.refresh_from_db()
    other.refresh_from_db()
    assert (lone.state, lone.pickup_no) == (OrderState.CANCELLED, None)
    assert (other.state, other.pickup_no) == (OrderState.FROZEN, 1)
    assert Refund.objects.get().amount_fen == lone.total_fen
    event = OrderEvent.objects.get(order=lone, to_state=OrderState.CANCELLED)
    assert (event.from_state, event.actor, event.reason) == ("paid", "system", "group_not_reached")


def test_counters_of_fallen_lines_go_back(shop: Shop) -> None:
    group = shop.offer(min_group_qty=9, stock_cap=9, per_resident_limit=4, stock_buckets=2)
    plain = shop.offer(stock_cap=9)
    paid(shop, (group, 4), (plain, 2))
    paid(shop, (group, 3))

    freeze(shop)

    reserved = OfferStock.objects.filter(offer=group).values_list("reserved_qty", flat=True)
    assert list(reserved) == [0, 0]
    assert set(ResidentQuota.objects.values_list("qty", flat=True)) == {0}
    assert counters() == lines_held()


def test_whoever_gets_money_back_is_told_why(shop: Shop) -> None:
    order = paid(shop, (shop.offer(price_fen=700, min_group_qty=5), 1))

    freeze(shop)

    message = OutboxMessage.objects.get()
    assert (message.phone, message.facts) == (
        order.resident_phone,
        {"order_no": order.order_no, "amount_fen": 700, "reason": "group_not_reached"},
    )


def test_a_gift_falls_out_without_a_refund(shop: Shop) -> None:
    gift, plain = shop.offer(price_fen=0, min_group_qty=5), shop.offer()
    paid(shop, (gift, 1), (plain, 1))

    freeze(shop)

    assert OrderLine.objects.get(offer=gift).is_void
    assert not Refund.objects.exists()


def test_more_orders_take_no_more_statements(shop: Shop) -> None:
    def statements(orders: int) -> int:
        shop = Shop()
        group, plain = shop.offer(min_group_qty=99, stock_cap=99), shop.offer()
        for number in range(orders):
            paid(shop, (group, 1), *([(plain, 1)] if number % 2 else []))
        with CaptureQueriesContext(connection) as captured:
            freeze(shop)
        return len(captured)

    statements(2)  # accounts are opened once

    assert statements(12) == statements(3)


def test_freezing_again_refunds_nothing_twice(shop: Shop) -> None:
    paid(shop, (shop.offer(min_group_qty=5), 1))
    freeze(shop)

    freeze(shop)

    assert Refund.objects.count() == 1


def test_a_resident_with_two_orders_gets_each_back_on_its_own_payment(shop: Shop) -> None:
    group = shop.offer(price_fen=100, min_group_qty=9, per_resident_limit=9)
    resident = ResidentFactory.create()
    for qty in (1, 2):
        order_id = shop.placed((group, qty), resident=resident)
        order_pay(order_id=order_id, paid_at=shop.now, now=shop.now, actor="system")
        PaymentFactory.create(order_id=order_id, amount_fen=100 * qty)

    freeze(shop)

    assert sorted(Refund.objects.values_list("amount_fen", flat=True)) == [100, 200]
    assert ResidentQuota.objects.get().qty == 0
