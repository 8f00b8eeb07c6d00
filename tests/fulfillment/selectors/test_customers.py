"""A leader's own residents: who, how lively, and no more of the phone than its end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from fulfillment.domain.customers import Liveliness
from fulfillment.selectors.customers import (
    counts_by_liveliness,
    customers,
    orders_answered_by,
    phones_openable,
    residents_of_leader,
    win_back_script,
)
from leaders.models.care import Script, ScriptOccasion, Substitution
from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.orders import OrderState
from orders.models.residents import BindingSource
from orders.services.residents import resident_change_leader
from tests.factories.customers import customer, waiting_order
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import (
    CampaignFactory,
    OfferFactory,
    OrderFactory,
    OrderLineFactory,
    ResidentFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create()


def names(lin: Leader, liveliness: Liveliness, query: str = "") -> list[str]:
    return [row.name for row in residents_of_leader(lin, liveliness, query, NOW)]


def test_lists_follow_the_days_since_the_last_order(lin: Leader) -> None:
    for name, days in (("今", 0), ("六", 6), ("七", 7), ("半月", 14), ("月", 30), ("从未", None)):
        customer(lin, name, days_ago=days, now=NOW)
    customer(LeaderFactory.create(), "别家", days_ago=0, now=NOW)

    assert names(lin, Liveliness.ALL) == ["今", "六", "七", "半月", "月", "从未"]
    assert names(lin, Liveliness.ACTIVE) == ["今", "六"]
    assert names(lin, Liveliness.QUIET_7) == ["七", "半月", "月", "从未"]
    assert names(lin, Liveliness.QUIET_14) == ["半月", "月", "从未"]
    assert names(lin, Liveliness.QUIET_30) == ["月", "从未"]
    assert dict(counts_by_liveliness(lin, NOW)) == {
        Liveliness.ALL: 6,
        Liveliness.ACTIVE: 2,
        Liveliness.QUIET_7: 4,
        Liveliness.QUIET_14: 3,
        Liveliness.QUIET_30: 2,
    }


def test_a_search_finds_names_doors_and_the_end_of_a_phone(lin: Leader) -> None:
    ResidentFactory.create(leader=lin, name="毛海燕", building="7栋", phone="19906912483")
    ResidentFactory.create(leader=lin, name="陈明", building="8栋", room="1202")

    assert names(lin, Liveliness.ALL, "海燕") == ["毛海燕"]
    assert names(lin, Liveliness.ALL, "2483") == ["毛海燕"]
    assert names(lin, Liveliness.ALL, "8栋") == names(lin, Liveliness.ALL, "1202") == ["陈明"]
    assert names(lin, Liveliness.ALL, "1990691") == []


def test_who_is_bound_away_is_no_longer_on_the_list(lin: Leader) -> None:
    resident = customer(lin, "毛海燕", days_ago=1, now=NOW)
    other = LeaderFactory.create()

    resident_change_leader(resident=resident, leader=other, now=NOW)

    assert names(lin, Liveliness.ALL) == []
    gone = list(residents_of_leader(other, Liveliness.ALL, "", NOW))
    shown = customers(other, gone, NOW)[0]
    assert (shown.bound_at, shown.binding) == (NOW, str(BindingSource.RESIDENT.label))
    assert (shown.last_at, shown.orders, shown.usual) == (None, 0, ())


def test_figures_are_of_thirty_days_and_of_paid_orders_with_this_leader(lin: Leader) -> None:
    resident = customer(lin, "毛海燕", days_ago=29, now=NOW)
    for order in (
        {"leader": lin, "paid_at": NOW - timedelta(days=1)},
        {"leader": lin, "paid_at": NOW - timedelta(days=30)},
        {"leader": lin, "state": OrderState.CANCELLED, "paid_at": NOW},
        {"leader": LeaderFactory.create(), "paid_at": NOW},
    ):
        OrderFactory.create(resident=resident, **order)

    row = customers(lin, residents_of_leader(lin, Liveliness.ALL, "", NOW), NOW)[0]

    assert (row.orders, row.sales_fen) == (2, 2000)
    assert row.last_at == NOW - timedelta(days=1)
    assert (row.phone_last4, row.bound_at, row.binding) == (resident.phone[-4:], None, "")


def test_the_usual_goods_are_those_ordered_most_often(lin: Leader) -> None:
    resident = ResidentFactory.create(leader=lin)
    over = CampaignFactory.create(state=CampaignState.FULFILLING)
    offers = [OfferFactory.create(campaign=over, sku__name=f"商品{at}") for at in range(4)]
    for times, offer in enumerate(offers):
        for _at in range(times + 1):
            order = OrderFactory.create(leader=lin, resident=resident, campaign=over)
            OrderLineFactory.create(order=order, offer=offer)
    selling = CampaignFactory.create(
        state=CampaignState.OPEN,
        opens_at=NOW - timedelta(hours=1),
        orders_close_at=NOW + timedelta(hours=1),
    )
    OfferFactory.create(campaign=selling, sku=offers[2].sku)

    row = customers(lin, residents_of_leader(lin, Liveliness.ALL, "", NOW), NOW)[0]

    assert row.usual == ("商品3", "商品2", "商品1")
    assert row.usual_on_sale == ("商品2",)


def test_a_page_takes_as_many_queries_for_one_resident_as_for_many(
    lin: Leader, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for at in range(9):
        customer(lin, f"居民{at}", days_ago=at, now=NOW)
        waiting_order(lin, NOW)

    for many in (1, 9):
        with django_assert_num_queries(4):
            shown = residents_of_leader(lin, Liveliness.ALL, "", NOW)[:many]
            assert len(customers(lin, shown, NOW)) == many


def test_a_number_may_be_opened_from_the_delivery_day_until_the_goods_are_fetched(
    lin: Leader,
) -> None:
    today = waiting_order(lin, NOW)
    late = waiting_order(lin, NOW, days=3)
    waiting_order(lin, NOW, days=4)
    waiting_order(lin, NOW, days=-1)
    waiting_order(LeaderFactory.create(), NOW)
    paid = waiting_order(lin, NOW)
    done = waiting_order(lin, NOW)
    nobody = waiting_order(lin, NOW)
    for order, changed in (
        (paid, {"state": OrderState.PAID}),
        (done, {"state": OrderState.COMPLETED}),
        (nobody, {"resident_phone": ""}),
    ):
        type(order).objects.filter(pk=order.pk).update(**changed)

    assert set(phones_openable(lin, TODAY)) == {today, late}


def test_a_substitute_may_ring_for_the_days_they_mind_the_point(lin: Leader) -> None:
    order = waiting_order(lin, NOW)
    wang = LeaderFactory.create()
    assert lin.user is not None
    Substitution.objects.create(
        pickup_point=order.pickup_point,
        substitute=wang,
        from_date=TODAY,
        until_date=TODAY,
        made_by=lin.user,
        made_at=NOW,
    )

    assert list(phones_openable(wang, TODAY)) == [order]
    assert list(orders_answered_by(wang, TODAY)) == [order]
    assert list(phones_openable(lin, TODAY)) == [order]
    assert list(phones_openable(wang, TODAY + timedelta(days=1))) == []


def test_the_first_script_that_is_shown_wins_back() -> None:
    assert win_back_script() == ""
    for rank, body, is_active in ((2, "二", True), (1, "一", True), (0, "零", False)):
        Script.objects.create(
            occasion=ScriptOccasion.WIN_BACK, title="t", body=body, rank=rank, is_active=is_active
        )
    Script.objects.create(occasion=ScriptOccasion.SELLING, title="t", body="卖")

    assert win_back_script() == "一"
