"""A leader's sales: only their own, by the operator's clock, beside the week before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import OrderLine, OrderState
from orders.selectors.leader_sales import (
    BuildingSales,
    CampaignSales,
    HourSales,
    Returning,
    Sales,
    glance_of_leader,
    recent_sales_of_leader,
    returning_residents,
    sales_by_building,
    sales_by_hour,
    sales_by_sku,
)
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # noon in Shanghai
WEEK = timedelta(days=7)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def today() -> Campaign:
    return CampaignFactory.create(code="C20260310")


@pytest.fixture
def last_week() -> Campaign:
    campaign: Campaign = CampaignFactory.build()
    return CampaignFactory.create(
        code="C20260303",
        opens_at=campaign.opens_at - WEEK,
        orders_close_at=campaign.orders_close_at - WEEK,
        payments_close_at=campaign.payments_close_at - WEEK,
        freeze_at=campaign.freeze_at - WEEK,
        delivery_date=date(2026, 3, 4),
    )


def sold(
    leader: Leader, campaign: Campaign, paid_at: datetime | None = NOW, **order: object
) -> OrderLine:
    """Two pieces at 5.00 yuan."""
    names = {f"order__{name}": value for name, value in order.items()}
    return OrderLineFactory.create(
        order__leader=leader, order__campaign=campaign, order__paid_at=paid_at, **names
    )


def test_doors_are_households_and_who_names_no_room_is_one_alone(
    lin: Leader, today: Campaign
) -> None:
    first = sold(lin, today, building="3栋", room="501")
    point = first.order.pickup_point
    sold(lin, today, building="3栋", room="501", pickup_point=point)
    sold(lin, today, building="3栋", room="502", pickup_point=point)
    sold(lin, today, building="", room="", pickup_point=point)
    sold(lin, today, building="", room="", pickup_point=point)

    glance = glance_of_leader(lin, today, NOW)

    assert glance.now == Sales(households=4, orders=5, pieces=10, paid_fen=5000)


def test_the_week_before_counts_until_the_same_moment(
    lin: Leader, today: Campaign, last_week: Campaign
) -> None:
    sold(lin, today)
    sold(lin, last_week, NOW - WEEK)
    sold(lin, last_week, NOW - WEEK + timedelta(seconds=1))

    glance = glance_of_leader(lin, today, NOW)

    assert glance.before == Sales(households=1, orders=1, pieces=2, paid_fen=1000)
    assert glance.more_fen == 0


def test_without_sales_a_week_before_there_is_nothing_to_compare(
    lin: Leader, today: Campaign, last_week: Campaign
) -> None:
    sold(LeaderFactory.create(), last_week, NOW - WEEK)

    assert glance_of_leader(lin, today, NOW).before is None


def test_unpaid_orders_void_lines_and_other_leaders_do_not_count(
    lin: Leader, today: Campaign
) -> None:
    sold(lin, today, None, state=OrderState.PENDING_PAYMENT)
    sold(LeaderFactory.create(), today)
    line = sold(lin, today)
    OrderLine.objects.filter(pk=line.pk).update(is_void=True)

    assert glance_of_leader(lin, today, NOW).now.orders == 0
    assert sales_by_sku(lin, today) == []
    assert sales_by_building(lin, today) == []


def test_recent_sales_show_the_last_campaigns_newest_first(lin: Leader) -> None:
    for day in (1, 2, 3):
        campaign = CampaignFactory.create(
            code=f"C{day}",
            opens_at=datetime(2026, 2, day, tzinfo=UTC),
            delivery_date=date(2026, 2, day + 1),
        )
        OrderLineFactory.create(
            order__leader=lin, order__campaign=campaign, qty=day, offer__price_fen=100
        )

    recent = recent_sales_of_leader(lin, 2)

    assert recent == [
        CampaignSales("C3", date(2026, 2, 4), 1, 3, 300),
        CampaignSales("C2", date(2026, 2, 3), 1, 2, 200),
    ]


def test_hours_within_a_day_leave_no_gap(lin: Leader, today: Campaign) -> None:
    sold(lin, today, NOW)
    sold(lin, today, NOW + timedelta(minutes=59))
    sold(lin, today, NOW + timedelta(hours=2))

    assert sales_by_hour(lin, today) == [
        HourSales(at=NOW, orders=2, pieces=4, paid_fen=2000),
        HourSales(at=NOW + timedelta(hours=1), orders=0, pieces=0, paid_fen=0),
        HourSales(at=NOW + timedelta(hours=2), orders=1, pieces=2, paid_fen=1000),
    ]


def test_of_a_presale_only_the_hours_that_sold_are_there(lin: Leader, today: Campaign) -> None:
    sold(lin, today, NOW)
    sold(lin, today, NOW + timedelta(days=2))

    hours = [row.at for row in sales_by_hour(lin, today)]

    assert hours == [NOW, NOW + timedelta(days=2)]


def test_the_goods_with_most_money_come_first(lin: Leader, today: Campaign) -> None:
    cheap = OfferFactory.create(campaign=today, price_fen=100)
    dear = OfferFactory.create(campaign=today, price_fen=900)
    order = OrderFactory.create(leader=lin, campaign=today)
    OrderLineFactory.create(order=order, offer=cheap, qty=5)
    OrderLineFactory.create(order=order, offer=dear, qty=1)

    rows = sales_by_sku(lin, today)

    assert [(row.code, row.pieces, row.paid_fen) for row in rows] == [
        (dear.sku.code, 1, 900),
        (cheap.sku.code, 5, 500),
    ]


def test_buildings_count_residents_and_not_orders(lin: Leader, today: Campaign) -> None:
    line = sold(lin, today, building="3栋")
    sold(lin, today, building="3栋", resident=line.order.resident)
    sold(lin, today, building="")

    assert sales_by_building(lin, today) == [
        BuildingSales(building="3栋", residents=1, orders=2, pieces=4, paid_fen=2000),
        BuildingSales(building="", residents=1, orders=1, pieces=2, paid_fen=1000),
    ]


def test_who_bought_from_this_leader_before_has_returned(
    lin: Leader, today: Campaign, last_week: Campaign
) -> None:
    regular = sold(lin, last_week, NOW - WEEK).order.resident
    sold(lin, today, resident=regular)
    sold(lin, today)
    stranger = sold(LeaderFactory.create(), last_week, NOW - WEEK).order.resident
    sold(lin, today, resident=stranger)

    returning = returning_residents(lin, today)

    assert returning == Returning(residents=3, returning=1)
    assert returning.percent == 33
    assert Returning(residents=0, returning=0).percent == 0


def test_the_figures_take_five_queries(
    lin: Leader, today: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sold(lin, today)

    with django_assert_num_queries(5):
        glance_of_leader(lin, today, NOW)
        sales_by_hour(lin, today)
        sales_by_sku(lin, today)
        sales_by_building(lin, today)
        returning_residents(lin, today)
