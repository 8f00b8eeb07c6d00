"""An order is placed, or refused with the reason a buyer can act on."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from leaders.errors import DomainError
from leaders.models.communities import Community
from leaders.models.leaders import LeaderState
from orders.domain.basket import BasketLine, OrderRequest
from orders.errors import (
    LeaderNotServing,
    NothingToPay,
    OfferNotOnSale,
    OrderingClosed,
    PlatformBusy,
    RequestKeyReused,
    ResidentLimitReached,
    SoldOut,
)
from orders.models.campaigns import CampaignState
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.stock import OfferStock, ResidentQuota
from orders.services import placement
from orders.services.placement import order_place
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.links import ResaleFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory, SkuFactory
from tests.factories.shops import Shop

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Shop:
    """One open campaign and one leader with a point."""
    return Shop()


def test_the_order_keeps_what_was_true_when_it_was_placed(shop: Shop) -> None:
    cabbage, eggs = shop.offer(price_fen=250), shop.offer(price_fen=1290)
    request = shop.request((cabbage, 2), (eggs, 1))

    placed = order_place(request=request, clock=shop.clock)

    assert placed.is_new
    order = Order.objects.get()
    assert order == placed.order
    assert order.state == OrderState.PENDING_PAYMENT
    assert (order.campaign, order.leader_id) == (shop.campaign, shop.point.leader_id)
    assert (order.pickup_point, order.resident_id) == (shop.point, request.resident_id)
    assert (order.resident_name, order.building, order.room) == ("陈海燕", "3栋", "501")
    assert (order.source, order.total_fen) == ("storefront", 1790)
    assert order.placed_at == shop.now
    assert order.paid_at is None
    lines = OrderLine.objects.values_list("line_no", "offer", "sku_name", "qty", "amount_fen")
    assert list(lines) == [
        (1, cabbage.pk, cabbage.sku.name, 2, 500),
        (2, eggs.pk, eggs.sku.name, 1, 1290),
    ]


def test_what_is_returned_is_what_was_written(shop: Shop) -> None:
    placed = order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock).order

    stored = Order.objects.get()
    fields = [field.attname for field in Order._meta.concrete_fields]
    assert {name: getattr(placed, name) for name in fields} == {
        name: getattr(stored, name) for name in fields
    }


def test_an_order_number_is_the_campaign_and_letters_one_can_read_out(shop: Shop) -> None:
    order = order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock).order

    code, letters = order.order_no.rsplit("-", 1)
    assert code == shop.campaign.code
    assert len(letters) == 8
    assert set(letters) <= set("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


def test_a_number_that_is_taken_is_drawn_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("22222222" + "22222222" + "33333333")
    monkeypatch.setattr(secrets, "choice", lambda _letters: next(drawn))
    offer = shop.offer()

    order_place(request=shop.request((offer, 1)), clock=shop.clock)
    second = order_place(request=shop.request((offer, 1)), clock=shop.clock).order

    assert second.order_no.endswith("-33333333")


def test_goods_are_held_for_the_payment_minutes_but_not_past_the_payment_clock(
    shop: Shop, settings: Settings
) -> None:
    settings.PAYMENT_MINUTES = 5
    offer = shop.offer()

    early = order_place(request=shop.request((offer, 1)), clock=shop.clock).order
    shop.now = shop.campaign.orders_close_at - timedelta(seconds=1)
    late = order_place(request=shop.request((offer, 1)), clock=shop.clock).order

    assert early.pay_by == early.placed_at + 5 * MINUTE
    assert late.pay_by == shop.campaign.payments_close_at


def test_a_leader_orders_for_a_neighbour_and_pays(shop: Shop) -> None:
    leader_id = shop.point.leader_id
    request = replace(shop.request((shop.offer(), 1)), source="proxy", payer_leader_id=leader_id)

    order_place(request=request, clock=shop.clock)

    order = Order.objects.get()
    assert (order.source, order.payer_leader_id) == ("proxy", leader_id)


# The same request, sent again -------------------------------------------------


def test_the_same_request_places_one_order_however_often_it_is_sent(shop: Shop) -> None:
    request = shop.request((shop.offer(stock_cap=5, per_resident_limit=2), 2))
    first = order_place(request=request, clock=shop.clock)

    again = order_place(request=request, clock=shop.clock)

    assert not again.is_new
    assert again.order == first.order
    assert OfferStock.objects.get().reserved_qty == 2
    assert ResidentQuota.objects.get().qty == 2


def test_the_answer_that_was_not_heard_is_given_after_ordering_closed(shop: Shop) -> None:
    request = shop.request((shop.offer(stock_cap=1), 1))
    first = order_place(request=request, clock=shop.clock)
    shop.now = shop.campaign.orders_close_at

    again = order_place(request=request, clock=shop.clock)

    assert again.order == first.order


def test_the_key_of_another_basket_is_refused(shop: Shop) -> None:
    offer = shop.offer()
    request = shop.request((offer, 1))
    order_place(request=request, clock=shop.clock)

    with pytest.raises(RequestKeyReused):
        order_place(request=replace(request, lines=(BasketLine(offer.pk, 2),)), clock=shop.clock)

    assert Order.objects.count() == 1


def test_two_residents_may_have_made_the_same_key(shop: Shop) -> None:
    offer = shop.offer()
    requests = [replace(shop.request((offer, 1)), request_key="1") for _resident in range(2)]

    placed = [order_place(request=request, clock=shop.clock) for request in requests]

    assert [p.is_new for p in placed] == [True, True]


# Refusals --------------------------------------------------------------------


def refused(shop: Shop, request: OrderRequest, refusal: type[DomainError]) -> DomainError:
    """The refusal of a request that left nothing behind."""
    before = list(OfferStock.objects.values_list("pk", "reserved_qty").order_by("pk"))
    with pytest.raises(refusal) as caught:
        order_place(request=request, clock=shop.clock)
    assert not Order.objects.filter(request_key=request.request_key).exists()
    assert list(OfferStock.objects.values_list("pk", "reserved_qty").order_by("pk")) == before
    return caught.value


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(lambda c: c.opens_at - MINUTE, id="before_it_opens"),
        pytest.param(lambda c: c.orders_close_at, id="in_the_second_orders_close"),
        pytest.param(lambda c: c.freeze_at, id="after"),
    ],
)
def test_the_clock_refuses_even_while_the_state_says_open(
    shop: Shop, moment: Callable[[object], datetime]
) -> None:
    shop.now = moment(shop.campaign)

    refusal = refused(shop, shop.request((shop.offer(), 1)), OrderingClosed)

    assert refusal.details["orders_close_at"] == shop.campaign.orders_close_at


@pytest.mark.parametrize("state", [state for state in CampaignState if state != CampaignState.OPEN])
def test_only_an_open_campaign_takes_orders(shop: Shop, state: CampaignState) -> None:
    request = shop.request((shop.offer(), 1))
    shop.campaign.state = state
    shop.campaign.save()

    refused(shop, request, OrderingClosed)


def test_the_database_clock_decides_unless_a_test_brings_its_own(shop: Shop) -> None:
    # The campaign of the tests closed in March 2026, long before this line ran.
    with pytest.raises(OrderingClosed):
        order_place(request=shop.request((shop.offer(), 1)))


def test_a_flash_sale_sells_in_its_slot_only(shop: Shop) -> None:
    start = shop.now + MINUTE
    flash = shop.offer(sells_from=start, sells_until=start + MINUTE)
    request = shop.request((shop.offer(), 1), (flash, 1))

    early = refused(shop, request, OfferNotOnSale)
    shop.now = start + MINUTE
    refused(shop, request, OfferNotOnSale)
    shop.now = start
    order_place(request=request, clock=shop.clock)

    assert early.details["offers"] == [{"offer_id": flash.pk, "name": flash.sku.name}]
    assert Order.objects.count() == 1


def test_an_offer_of_another_campaign_is_not_on_sale_here(shop: Shop) -> None:
    stranger = OfferFactory.create(campaign=CampaignFactory.create())

    refusal = refused(shop, shop.request((shop.offer(), 1), (stranger, 1)), OfferNotOnSale)

    assert refusal.details["offers"] == [{"offer_id": stranger.pk}]


def test_what_was_taken_off_sale_is_not_sold(shop: Shop) -> None:
    offer = shop.offer(sku=SkuFactory.create(is_active=False))

    refused(shop, shop.request((offer, 1)), OfferNotOnSale)


def test_a_basket_of_gifts_alone_is_no_order(shop: Shop) -> None:
    refused(shop, shop.request((shop.offer(price_fen=0), 1)), NothingToPay)


@pytest.mark.parametrize("state", [LeaderState.SUSPENDED, LeaderState.QUIT])
def test_a_leader_who_stopped_takes_no_orders(shop: Shop, state: LeaderState) -> None:
    request = shop.request((shop.offer(), 1))
    shop.point.leader.state = state
    shop.point.leader.save()

    refused(shop, request, LeaderNotServing)


def test_a_trial_leader_takes_orders(shop: Shop) -> None:
    shop.point.leader.state = LeaderState.TRIAL
    shop.point.leader.save()

    assert order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock).is_new


def test_goods_go_to_the_first_open_point_or_to_the_one_that_was_chosen(shop: Shop) -> None:
    leader = LeaderFactory.create()
    closed, first, second = (
        PickupPointFactory.create(leader=leader, code=code, is_open=is_open)
        for code, is_open in (("PX1", False), ("PX2", True), ("PX3", True))
    )
    request = replace(shop.request((shop.offer(), 1)), leader_id=leader.pk)

    by_itself = order_place(request=request, clock=shop.clock).order
    chosen = order_place(
        request=replace(request, request_key="chosen", pickup_point_id=second.pk),
        clock=shop.clock,
    ).order

    assert (by_itself.pickup_point_id, chosen.pickup_point_id) == (first.pk, second.pk)
    for point in (closed, shop.point):
        wrong = replace(request, request_key="wrong", pickup_point_id=point.pk)
        refused(shop, wrong, LeaderNotServing)


def test_sold_out_names_what_is_short_and_how_much_is_left(shop: Shop) -> None:
    plenty, scarce = shop.offer(stock_cap=9), shop.offer(stock_cap=3)
    order_place(request=shop.request((scarce, 1)), clock=shop.clock)

    refusal = refused(shop, shop.request((plenty, 1), (scarce, 3)), SoldOut)

    assert refusal.details["offers"] == [
        {"offer_id": scarce.pk, "name": scarce.sku.name, "left_qty": 2}
    ]


def test_a_limit_counts_over_all_orders_of_a_resident(shop: Shop) -> None:
    offer = shop.offer(per_resident_limit=3, stock_cap=9)
    resident = ResidentFactory.create()
    order_place(request=shop.request((offer, 2), resident=resident), clock=shop.clock)

    refusal = refused(shop, shop.request((offer, 2), resident=resident), ResidentLimitReached)
    order_place(request=shop.request((offer, 1), resident=resident), clock=shop.clock)
    order_place(request=shop.request((offer, 3)), clock=shop.clock)

    assert refusal.details["offers"] == [
        {"offer_id": offer.pk, "name": offer.sku.name, "limit_qty": 3}
    ]
    assert ResidentQuota.objects.get(resident=resident).qty == 3
    assert OfferStock.objects.get().reserved_qty == 6


def test_more_than_the_limit_in_one_basket_is_refused(shop: Shop) -> None:
    refused(shop, shop.request((shop.offer(per_resident_limit=2), 3)), ResidentLimitReached)


# The transaction ---------------------------------------------------------------


def test_a_basket_of_five_takes_seven_statements(
    shop: Shop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    offers = [shop.offer() for _plain in range(3)]
    offers += [shop.offer(stock_cap=50), shop.offer(per_resident_limit=5)]
    request = shop.request(*((offer, 1) for offer in offers))

    # Offers, pickup point, lock, campaign with clock, order with lines, limit,
    # stock; the savepoint and its end stand for BEGIN and COMMIT.
    with django_assert_num_queries(7 + 2):
        order_place(request=request, clock=shop.clock)


def test_stock_is_the_last_thing_that_is_locked(shop: Shop) -> None:
    offer = shop.offer(stock_cap=5, per_resident_limit=5)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        order_place(request=shop.request((offer, 1)), clock=shop.clock)

    statements = [query["sql"] for query in captured.captured_queries]
    order = [
        next(at for at, sql in enumerate(statements) if what in sql)
        for what in (
            "pg_advisory_xact_lock_shared",
            "clock_timestamp",
            "INSERT INTO orders_order",
            "INSERT INTO orders_residentquota",
            "UPDATE orders_offerstock",
        )
    ]
    assert order == sorted(order)
    assert statements[order[-1] + 1 :] == [statements[-1]]
    assert "RELEASE SAVEPOINT" in statements[-1]


def test_a_wait_in_vain_is_told_as_busy(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "campaign_lock_shared", failing("55P03", times=1))

    with pytest.raises(PlatformBusy):
        order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_a_victim_of_a_deadlock_tries_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, sqlstate: str
) -> None:
    monkeypatch.setattr(placement, "campaign_lock_shared", failing(sqlstate, times=2))

    assert order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock).is_new


def test_the_third_deadlock_is_told_as_busy(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "campaign_lock_shared", failing("40P01", times=3))

    with pytest.raises(PlatformBusy):
        order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock)


def test_any_other_trouble_of_the_database_is_no_business_answer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placement, "campaign_lock_shared", failing("57P01", times=1))

    with pytest.raises(OperationalError):
        order_place(request=shop.request((shop.offer(), 1)), clock=shop.clock)


def failing(sqlstate: str, *, times: int) -> Callable[[int], None]:
    """A lock that the database refuses so many times, then grants."""
    left = [times]

    def lock(_campaign_id: int) -> None:
        if left[0]:
            left[0] -= 1
            raise OperationalError("refused") from psycopg.errors.lookup(sqlstate)()

    return lock


def test_an_order_by_a_resellers_link_keeps_who_sold_it_and_at_what_rate(shop: Shop) -> None:
    resale = ResaleFactory.create(owner=shop.point.leader, rate_bp=300)
    request = replace(shop.request((shop.offer(), 1)), reseller_code=resale.reseller.code)

    order_place(request=request, clock=shop.clock)

    order = Order.objects.get()
    assert (order.leader, order.reseller, order.resell_rate_bp) == (
        resale.owner,
        resale.reseller,
        300,
    )


def test_once_the_agreement_has_ended_the_order_is_the_leaders_own(shop: Shop) -> None:
    resale = ResaleFactory.create(owner=shop.point.leader, ended_at=shop.now)
    request = replace(shop.request((shop.offer(), 1)), reseller_code=resale.reseller.code)

    order_place(request=request, clock=shop.clock)

    assert Order.objects.get().reseller is None


def test_a_line_keeps_the_own_rate_of_its_offer(shop: Shop) -> None:
    plain, pushed = shop.offer(), shop.offer(commission_rate_bp=1500)

    order_place(request=shop.request((plain, 1), (pushed, 1)), clock=shop.clock)

    rates = OrderLine.objects.values_list("commission_rate_bp", flat=True)
    assert list(rates) == [None, 1500]


def test_a_leader_of_another_city_takes_no_orders_for_this_one(shop: Shop) -> None:
    request = shop.request((shop.offer(), 1))
    Community.objects.update(city="开封")

    with pytest.raises(LeaderNotServing):
        order_place(request=request, clock=shop.clock)

    Community.objects.update(city=shop.campaign.city)
    assert order_place(request=request, clock=shop.clock).is_new
