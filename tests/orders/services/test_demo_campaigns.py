"""What a demo sells today."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.legal import Licence
from orders.models.stock import OfferStock
from orders.services.demo_campaigns import demo_campaigns_open, demo_licence_write
from tests.factories.drafts import logged
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # in Shanghai
LATE = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai


@pytest.fixture
def model() -> Campaign:
    """The last campaign of the town, long fulfilled."""
    campaign = CampaignFactory.create(state=CampaignState.FULFILLING)
    OfferFactory.create_batch(20, campaign=campaign)
    return campaign


@pytest.mark.usefixtures("model")
def test_today_and_a_presale_are_open_with_the_usual_clocks() -> None:
    today, presale = demo_campaigns_open(now=NOON)

    today.refresh_from_db()
    assert (today.code, today.state) == ("DEMO-20261122", CampaignState.OPEN)
    assert today.opens_at == NOON
    assert [
        today.orders_close_at,
        today.payments_close_at,
        today.freeze_at,
    ] == [datetime(2026, 11, 22, 14, 58, tzinfo=UTC) + timedelta(minutes=m) for m in (0, 3, 5)]
    assert (today.delivery_date, presale.delivery_date) == (date(2026, 11, 23), date(2026, 11, 25))
    assert (today.offers.count(), presale.offers.count()) == (20, 8)


@pytest.mark.usefixtures("model")
def test_every_kind_of_limit_is_there_and_capped_goods_have_their_counters() -> None:
    today = demo_campaigns_open(now=NOON)[0]

    offers = Offer.objects.filter(campaign=today)
    flash = offers.get(sells_from__isnull=False)
    assert flash.sells_until == NOON + timedelta(hours=2)
    assert flash.price_fen == 300
    assert offers.get(stock_buckets=8).stocks.count() == 8
    assert offers.filter(per_resident_limit=2).exists()
    assert offers.filter(min_group_qty=20).exists()
    assert OfferStock.objects.filter(offer__campaign=today).count() == 10


def test_a_flash_sale_strikes_the_former_price_through_where_the_log_has_one(
    model: Campaign,
) -> None:
    first = model.offers.order_by("sku__code")[0]
    logged(first.sku, 500, NOON - timedelta(days=9))

    today = demo_campaigns_open(now=NOON)[0]

    flash = today.offers.get(sells_from__isnull=False)
    assert (flash.price_fen, flash.strike_price_fen, flash.strike_meaning) == (300, 500, "former")


@pytest.mark.usefixtures("model")
def test_a_day_is_opened_once() -> None:
    assert len(demo_campaigns_open(now=NOON)) == 2
    assert demo_campaigns_open(now=NOON + timedelta(hours=3)) == []
    assert len(demo_campaigns_open(now=NOON + timedelta(days=1))) == 2


@pytest.mark.usefixtures("model")
def test_from_ten_at_night_it_is_tomorrows() -> None:
    today = demo_campaigns_open(now=LATE)[0]

    assert today.code == "DEMO-20261123"
    assert today.orders_close_at == datetime(2026, 11, 23, 14, 58, tzinfo=UTC)


@pytest.mark.usefixtures("model")
def test_an_earlier_day_nobody_ordered_in_is_cancelled() -> None:
    ordered_in, empty = demo_campaigns_open(now=NOON)
    OrderFactory.create(campaign=ordered_in)

    demo_campaigns_open(now=NOON + timedelta(days=1))

    ordered_in.refresh_from_db()
    empty.refresh_from_db()
    assert (ordered_in.state, empty.state) == (CampaignState.OPEN, CampaignState.CANCELLED)


def test_without_anything_to_copy_nothing_opens() -> None:
    assert demo_campaigns_open(now=NOON) == []
    assert Campaign.objects.count() == 0


def test_the_licence_is_there_once_and_says_what_it_is() -> None:
    for _call in range(2):
        demo_licence_write()

    assert "演示" in Licence.objects.get().name
