"""Unpaid orders: whose they are, how long they wait, and who has bought since."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderEvent, OrderState
from orders.selectors.unpaid import (
    NOT_PAID_IN_TIME,
    given_up_orders,
    unpaid_of_leader,
    unpaid_orders,
)
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import CampaignFactory, OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def campaign() -> Campaign:
    return CampaignFactory.create()


def waiting(leader: Leader, campaign: Campaign, minutes: int = 5, **columns: object) -> Order:
    """An order of two pieces that waits for its money so many minutes more."""
    order: Order = OrderFactory.create(
        leader=leader,
        campaign=campaign,
        state=OrderState.PENDING_PAYMENT,
        paid_at=None,
        pay_by=NOW + timedelta(minutes=minutes),
        **columns,
    )
    OrderLineFactory.create(order=order, sku_name="西兰花 500g")
    return order


def dropped(order: Order, *, reason: str = NOT_PAID_IN_TIME, minutes: int = 0) -> Order:
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    OrderEvent.objects.create(
        order=order,
        from_state=OrderState.PENDING_PAYMENT,
        to_state=OrderState.CANCELLED,
        actor="system",
        reason=reason,
        at=NOW + timedelta(minutes=minutes),
    )
    return order


def test_names_are_masked_and_of_the_phone_only_the_end_is_shown(
    lin: Leader, campaign: Campaign
) -> None:
    waiting(lin, campaign, resident_name="毛海燕", resident_phone="19906912483", room="501")

    [row] = unpaid_orders(lin, campaign)

    assert (row.door, row.resident, row.phone_last4) == ("3栋 501", "毛**", "2483")
    assert (row.goods, row.pieces, row.total_fen) == ("西兰花 500g × 2", 2, 1000)
    assert row.pay_by == NOW + timedelta(minutes=5)
    assert row.given_up_at is None


def test_who_runs_out_of_time_first_comes_first(lin: Leader, campaign: Campaign) -> None:
    late, soon = waiting(lin, campaign, 5), waiting(lin, campaign, 1)

    assert [row.order_no for row in unpaid_orders(lin, campaign)] == [soon.order_no, late.order_no]


def test_orders_of_others_and_paid_ones_are_not_listed(lin: Leader, campaign: Campaign) -> None:
    waiting(LeaderFactory.create(), campaign)
    waiting(lin, CampaignFactory.create())
    OrderFactory.create(leader=lin, campaign=campaign)

    assert unpaid_orders(lin, campaign) == []
    assert unpaid_of_leader(lin).count() == 1


def test_only_what_was_not_paid_in_time_counts_as_given_up(lin: Leader, campaign: Campaign) -> None:
    first = dropped(waiting(lin, campaign), minutes=1)
    last = dropped(waiting(lin, campaign), minutes=2)
    dropped(waiting(lin, campaign), reason="cancelled by the resident")

    rows = given_up_orders(lin, campaign)

    assert [row.order_no for row in rows] == [last.order_no, first.order_no]
    assert rows[0].given_up_at == NOW + timedelta(minutes=2)


def test_who_has_paid_for_another_order_since_is_marked(lin: Leader, campaign: Campaign) -> None:
    order = dropped(waiting(lin, campaign))
    OrderFactory.create(leader=lin, campaign=campaign, resident=order.resident)
    dropped(waiting(lin, campaign), minutes=1)

    assert [row.has_bought for row in given_up_orders(lin, campaign)] == [False, True]


def test_a_list_takes_two_queries_however_long_it_is(
    lin: Leader, campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        waiting(lin, campaign)

    with django_assert_num_queries(2):
        assert len(unpaid_orders(lin, campaign)) == 6
