"""The price log when campaigns open."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.models.campaigns import CampaignState, Offer
from orders.models.catalogue import PriceLog, Sku
from orders.selectors.price_log import former_prices
from orders.services.campaign_opening import campaign_open
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def draft(sku: Sku, price_fen: int, **clocks: object) -> Offer:
    offer: Offer = OfferFactory.create(
        campaign=CampaignFactory.create(state=CampaignState.DRAFT, **clocks),
        sku=sku,
        price_fen=price_fen,
    )
    return offer


def opened(offer: Offer, cost_fen: int | None = None) -> None:
    costs = {} if cost_fen is None else {offer.sku_id: cost_fen}
    campaign_open(campaign_id=offer.campaign_id, now=NOON, cost_by_sku=costs)


def logged(sku: Sku) -> list[tuple[int, int | None]]:
    rows = PriceLog.objects.filter(sku=sku).order_by("pk")
    return list(rows.values_list("price_fen", "cost_fen"))


def test_an_opening_writes_down_price_cost_campaign_and_who() -> None:
    buyer = UserFactory.create()
    offer = draft(SkuFactory.create(), 599)

    campaign_open(
        campaign_id=offer.campaign_id, now=NOON, actor=buyer, cost_by_sku={offer.sku_id: 400}
    )

    row = PriceLog.objects.get()
    assert (row.sku_id, row.price_fen, row.cost_fen) == (offer.sku_id, 599, 400)
    assert (row.reason, row.actor, row.valid_from) == (
        f"campaign {offer.campaign.code}",
        buyer,
        NOON,
    )


def test_the_same_price_and_cost_are_written_once() -> None:
    sku = SkuFactory.create()

    for price_fen, cost_fen in ((599, 400), (599, 400), (599, 410), (650, 410), (650, None)):
        opened(draft(sku, price_fen), cost_fen)

    assert logged(sku) == [(599, 400), (599, 410), (650, 410)]


def test_goods_nobody_ever_sold_us_have_no_cost() -> None:
    offer = draft(SkuFactory.create(), 599)

    opened(offer)

    assert logged(offer.sku) == [(599, None)]


def test_a_price_opened_ahead_holds_from_the_opening_on() -> None:
    offer = draft(SkuFactory.create(), 599, opens_at=NOON + timedelta(hours=3))

    opened(offer, 400)

    assert PriceLog.objects.get().valid_from == NOON + timedelta(hours=3)


def test_former_prices_are_the_lowest_of_the_days() -> None:
    sku, unknown = SkuFactory.create(), SkuFactory.create()
    for days_ago, price_fen in ((60, 300), (40, 900), (10, 700), (2, 800), (-1, 100)):
        PriceLog.objects.create(
            sku=sku,
            price_fen=price_fen,
            reason="campaign",
            valid_from=NOON - timedelta(days=days_ago),
        )

    found = former_prices([sku.pk, unknown.pk], before=NOON, strike_days=30)

    assert {sku_id: price.price_fen for sku_id, price in found.items()} == {sku.pk: 700}
