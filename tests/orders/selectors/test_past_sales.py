"""What goods sold for before, and how many."""

from datetime import timedelta

import pytest

from orders.models.campaigns import Offer
from orders.models.catalogue import Sku
from orders.selectors.past_sales import last_quantities, past_sales
from tests.factories.drafts import draft, sold
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory

pytestmark = pytest.mark.django_db


def offered(sku: Sku, days_ago: int, price_fen: int, city: str = "郑州") -> Offer:
    plain = CampaignFactory.build()
    shift = timedelta(days=-days_ago)
    campaign = CampaignFactory.create(
        city=city,
        opens_at=plain.opens_at + shift,
        orders_close_at=plain.orders_close_at + shift,
        payments_close_at=plain.payments_close_at + shift,
        freeze_at=plain.freeze_at + shift,
    )
    offer: Offer = OfferFactory.create(campaign=campaign, sku=sku, price_fen=price_fen)
    return offer


def test_the_last_three_prices_come_with_what_they_sold() -> None:
    sku, other = SkuFactory.create(), SkuFactory.create()
    for days_ago, price_fen, qty in ((1, 590, 40), (2, 690, 12), (3, 600, 30), (4, 500, 99)):
        sold(offered(sku, days_ago, price_fen), qty)
    sold(offered(other, 2, 100), 7)
    offered(sku, 0, 1)

    found = past_sales([sku.pk, other.pk], draft().opens_at)

    assert [(sale.price_fen, sale.qty) for sale in found[sku.pk]] == [
        (590, 40),
        (690, 12),
        (600, 30),
    ]
    assert [(sale.price_fen, sale.qty) for sale in found[other.pk]] == [(100, 7)]


def test_quantities_are_those_of_the_last_day_of_the_same_city() -> None:
    sku = SkuFactory.create()
    sold(offered(sku, 2, 690), 12)
    sold(offered(sku, 1, 590), 40)
    sold(offered(sku, 1, 590, city="洛阳"), 500)

    assert last_quantities(draft()) == {sku.pk: 40}
    assert last_quantities(draft(city="开封")) == {}
