"""A leader's orders with what became of their goods."""

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.selectors.leader_orders import (
    grouped_by_building,
    grouped_by_resident,
    order_of_leader,
    order_rows_of_leader,
)
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import Order
from tests.factories.fulfillment import AllocationFactory, CutoffRunFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import (
    CampaignFactory,
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
    RefundLineFactory,
    ResidentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def campaign() -> Campaign:
    return CampaignFactory.create()


def order_at(leader: Leader, campaign: Campaign, building: str, room: str) -> Order:
    return OrderFactory.create(leader=leader, campaign=campaign, building=building, room=room)


def test_a_row_says_what_was_ordered_and_what_is_short(lin: Leader, campaign: Campaign) -> None:
    order = OrderFactory.create(leader=lin, campaign=campaign, resident_phone="19906912483")
    run = CutoffRunFactory.create(campaign=campaign)
    broccoli = OrderLineFactory.create(order=order, line_no=1, sku_name="西兰花 750g", qty=3)
    eggs = OrderLineFactory.create(order=order, line_no=2, sku_name="鸡蛋 30枚", qty=1)
    AllocationFactory.create(order_line=broccoli, run=run, allocated_qty=1)
    AllocationFactory.create(order_line=eggs, run=run)

    [row] = order_rows_of_leader(lin, campaign, "")

    assert row.goods == "西兰花 750g × 3、鸡蛋 30枚 × 1"
    assert (row.pieces, row.short_qty, row.phone_last4) == (4, 2, "2483")


def test_buildings_and_rooms_come_in_the_order_people_count_them(
    lin: Leader, campaign: Campaign
) -> None:
    for building, room in [("10栋", "101"), ("9栋", "1002"), ("9栋", "901"), ("", "")]:
        order_at(lin, campaign, building, room)

    groups = grouped_by_building(order_rows_of_leader(lin, campaign, ""))

    assert [(group.title, [row.room for row in group.rows]) for group in groups] == [
        ("", [""]),
        ("9栋", ["901", "1002"]),
        ("10栋", ["101"]),
    ]


def test_a_residents_orders_stand_together_by_the_first_pickup_no(
    lin: Leader, campaign: Campaign
) -> None:
    resident = ResidentFactory.create(leader=lin, name="陈海燕")
    for pickup_no, who in [(1, resident), (2, None), (3, resident)]:
        extra = {"resident": who} if who else {"resident__name": "毛建国"}
        OrderFactory.create(leader=lin, campaign=campaign, pickup_no=pickup_no, **extra)

    groups = grouped_by_resident(order_rows_of_leader(lin, campaign, ""))

    assert [(group.title, [row.pickup_no for row in group.rows]) for group in groups] == [
        ("陈海燕", [1, 3]),
        ("毛建国", [2]),
    ]


@pytest.mark.parametrize("orders", [1, 8])
def test_the_list_takes_two_queries(
    lin: Leader,
    campaign: Campaign,
    orders: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(orders):
        OrderLineFactory.create_batch(2, order=order_at(lin, campaign, "3栋", "501"))

    with django_assert_num_queries(2):
        rows = order_rows_of_leader(lin, campaign, "")

    assert len(rows) == orders


def test_an_order_shows_its_lines_with_allocation_and_refund(lin: Leader) -> None:
    order = OrderFactory.create(leader=lin)
    first = OrderLineFactory.create(order=order, line_no=1, qty=3, offer__price_fen=500)
    OrderLineFactory.create(order=order, line_no=2, qty=1, offer__price_fen=200)
    AllocationFactory.create(order_line=first, allocated_qty=2)
    refund = RefundFactory.create(payment__order=order)
    RefundLineFactory.create(refund=refund, order_line=first, qty=1, amount_fen=500)

    detail = order_of_leader(lin, order.pk)

    assert detail is not None
    assert [
        (line.qty, line.allocated_qty, line.short_qty, line.refund_fen) for line in detail.lines
    ] == [(3, 2, 1, 500), (1, None, 0, 0)]
    assert (detail.pieces, detail.short_qty, detail.refund_fen) == (4, 1, 500)


def test_goods_of_a_group_that_stayed_too_small_are_not_handed_over(
    lin: Leader, campaign: Campaign
) -> None:
    order = OrderFactory.create(leader=lin, campaign=campaign)
    OrderLineFactory.create(order=order, line_no=1, sku_name="西兰花 750g", qty=3)
    fallen = OrderLineFactory.create(order=order, line_no=2, qty=2, is_void=True)
    refund = RefundFactory.create(payment__order=order)
    RefundLineFactory.create(refund=refund, order_line=fallen, qty=2, amount_fen=1000)

    [row] = order_rows_of_leader(lin, campaign, "")
    detail = order_of_leader(lin, order.pk)

    assert (row.goods, row.pieces, row.short_qty) == ("西兰花 750g × 3", 3, 0)
    assert detail is not None
    assert [
        (line.qty, line.allocated_qty, line.short_qty, line.refund_fen) for line in detail.lines
    ] == [(3, None, 0, 0), (2, 0, 2, 1000)]


def test_another_leaders_order_is_nothing(lin: Leader) -> None:
    assert order_of_leader(lin, OrderFactory.create().pk) is None
