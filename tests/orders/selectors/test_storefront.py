"""A leader's shop: what is shown, in how many queries."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leaders.models.leaders import LeaderState
from orders.domain.cutoff import Phase
from orders.domain.shelf import SaleState
from orders.models.campaigns import Campaign, CampaignState
from orders.models.orders import OrderState
from orders.models.stock import OfferStock, ResidentQuota
from orders.selectors.storefront import (
    CampaignOnSale,
    Shopper,
    campaign_on_sale,
    campaigns_on_sale,
    leader_by_code,
    points_open_of,
    storefront,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import (
    CampaignFactory,
    OfferFactory,
    OrderFactory,
    OrderLineFactory,
    ResidentFactory,
    SkuFactory,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
SHELVES = ["叶菜", "水果", "乳品", "米面粮油", "日用"]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def stocked(campaign: Campaign, offers: int) -> None:
    """Fill a campaign with offers on five shelves, every third one capped."""
    for at in range(offers):
        sku = SkuFactory.create(product__category__name=SHELVES[at % len(SHELVES)])
        cap = 10 if at % 3 == 0 else None
        offer = OfferFactory.create(campaign=campaign, sku=sku, stock_cap=cap)
        if cap:
            OfferStock.objects.create(offer=offer, cap_qty=cap)


def only(campaigns: tuple[CampaignOnSale, ...]) -> CampaignOnSale:
    (shown,) = campaigns
    return shown


@pytest.mark.parametrize("offers", [5, 60])
def test_a_shop_costs_six_queries_however_much_it_sells(offers: int) -> None:
    leader = PickupPointFactory.create().leader
    stocked(CampaignFactory.create(), offers)
    shopper = Shopper(ResidentFactory.create(leader=leader))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        front = storefront(leader, shopper, NOON)

    assert sum(len(shown.items) for shown in front.campaigns) == offers
    assert len(queries) == 6


def test_within_seconds_what_was_sold_is_not_counted_again() -> None:
    leader = PickupPointFactory.create().leader
    stocked(CampaignFactory.create(), 5)
    storefront(leader, Shopper(), NOON)

    with CaptureQueriesContext(connection) as queries:
        storefront(leader, Shopper(), NOON)

    assert len(queries) == 4


def test_campaigns_come_by_arrival_and_a_later_one_is_presale() -> None:
    later = CampaignFactory.create(delivery_date=date(2026, 3, 16))
    sooner = CampaignFactory.create()

    shown = campaigns_on_sale(Shopper(), NOON)

    assert [(of.campaign, of.is_presale) for of in shown] == [(sooner, False), (later, True)]


@pytest.mark.parametrize(
    "state",
    [CampaignState.DRAFT, CampaignState.FROZEN, CampaignState.DONE, CampaignState.CANCELLED],
)
def test_residents_see_no_drafts_and_nothing_that_is_over(state: CampaignState) -> None:
    CampaignFactory.create(state=state)

    assert campaigns_on_sale(Shopper(), NOON) == ()


def test_a_campaign_stays_on_the_page_until_it_freezes() -> None:
    campaign = CampaignFactory.create()

    closed = only(campaigns_on_sale(Shopper(), campaign.orders_close_at))

    assert (closed.phase, closed.is_ordering) == (Phase.PAYING, False)
    assert campaigns_on_sale(Shopper(), campaign.freeze_at) == ()


def test_categories_follow_the_codes_of_their_goods() -> None:
    campaign = CampaignFactory.create()
    for code, category in (("A3", "水果"), ("A1", "叶菜"), ("A2", "水果")):
        OfferFactory.create(
            campaign=campaign, sku=SkuFactory.create(code=code, product__category__name=category)
        )

    shelves = only(campaigns_on_sale(Shopper(), NOON)).shelves

    assert [(shelf.category, len(shelf.items)) for shelf in shelves] == [("叶菜", 1), ("水果", 2)]
    assert len({shelf.anchor for shelf in shelves}) == 2


def test_goods_taken_off_sale_are_gone() -> None:
    OfferFactory.create(sku__is_active=False)

    assert only(campaigns_on_sale(Shopper(), NOON)).shelves == ()


def test_what_is_left_is_the_sum_of_the_buckets() -> None:
    offer = OfferFactory.create(stock_cap=10, stock_buckets=2)
    OfferStock.objects.create(offer=offer, bucket=0, cap_qty=5, reserved_qty=5)
    OfferStock.objects.create(offer=offer, bucket=1, cap_qty=5, reserved_qty=3)

    item = only(campaigns_on_sale(Shopper(), NOON)).items[offer.pk]

    assert item.terms.left_qty == 2


def test_sold_out_is_said() -> None:
    offer = OfferFactory.create(stock_cap=5)
    OfferStock.objects.create(offer=offer, cap_qty=5, reserved_qty=5)

    item = only(campaigns_on_sale(Shopper(), NOON)).items[offer.pk]

    assert item.state is SaleState.SOLD_OUT


def test_what_was_sold_counts_paid_pieces_and_shows_how_far_the_group_is() -> None:
    offer = OfferFactory.create(min_group_qty=5)
    OrderLineFactory.create(order__campaign=offer.campaign, offer=offer, qty=3)
    OrderLineFactory.create(
        order=OrderFactory.create(campaign=offer.campaign, state=OrderState.PENDING_PAYMENT),
        offer=offer,
        qty=9,
    )

    item = only(campaigns_on_sale(Shopper(), NOON)).items[offer.pk]

    assert (item.sold_qty, item.group_missing_qty) == (3, 2)


def test_what_a_resident_has_ordered_counts_towards_the_limit() -> None:
    offer = OfferFactory.create(per_resident_limit=2)
    resident = ResidentFactory.create()
    ResidentQuota.objects.create(offer=offer, resident=resident, qty=1, limit_qty=2)

    mine = only(campaigns_on_sale(Shopper(resident), NOON)).items[offer.pk]
    strangers = only(campaigns_on_sale(Shopper(), NOON)).items[offer.pk]

    assert (mine.terms.bought_qty, mine.terms.most_qty(NOON)) == (1, 1)
    assert (strangers.terms.bought_qty, strangers.terms.most_qty(NOON)) == (0, 2)


def test_only_a_campaign_that_is_shown_can_be_asked_for() -> None:
    offer = OfferFactory.create()
    draft = CampaignFactory.create(state=CampaignState.DRAFT)

    shown = campaign_on_sale(offer.campaign_id, Shopper(basket={offer.pk: 2}), NOON)

    assert shown is not None
    assert shown.items[offer.pk].basket_qty == 2
    assert campaign_on_sale(draft.pk, Shopper(), NOON) is None


def test_a_leader_who_quit_has_no_shop() -> None:
    LeaderFactory.create(code="L1", state=LeaderState.QUIT)
    suspended = LeaderFactory.create(code="L2", state=LeaderState.SUSPENDED)

    assert leader_by_code("L1") is None
    assert leader_by_code("L2") == suspended
    assert not storefront(suspended, Shopper(), NOON).is_serving


def test_closed_points_are_not_shown() -> None:
    point = PickupPointFactory.create()
    PickupPointFactory.create(leader=point.leader, is_open=False)

    assert points_open_of(point.leader) == (point,)


def test_a_shop_shows_the_campaigns_of_its_city_only() -> None:
    point = PickupPointFactory.create(community__city="开封")
    OfferFactory.create(campaign__city="郑州")
    here = OfferFactory.create(campaign__city="开封")

    shown = storefront(point.leader, Shopper(), NOON).campaigns

    assert [sale.campaign for sale in shown] == [here.campaign]
