"""Baskets as the cart shows them."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from orders.domain.shelf import ChangeKind, KeptLine
from orders.selectors.baskets import CartSum, cart_of, cart_sum, carts_of
from orders.selectors.storefront import Shopper, campaigns_on_sale
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def test_a_cart_has_amounts_and_says_what_cannot_be_returned() -> None:
    campaign = CampaignFactory.create()
    greens = OfferFactory.create(campaign=campaign, price_fen=169)
    paper = OfferFactory.create(
        campaign=campaign, sku=SkuFactory.create(product__category__name="日用"), price_fen=1690
    )
    (shown,) = campaigns_on_sale(Shopper(), NOON)

    cart = cart_of(shown, [KeptLine(greens.pk, 2, 169), KeptLine(paper.pk, 1, 1690)], NOON)

    assert (cart.pieces, cart.total_fen) == (3, 2028)
    assert [line.amount_fen for line in cart.lines] == [338, 1690]
    assert [item.terms.offer_id for item in cart.return_excluded] == [greens.pk]
    assert cart.kept == [KeptLine(greens.pk, 2, 169), KeptLine(paper.pk, 1, 1690)]


def test_a_line_knows_whether_there_may_be_more() -> None:
    offer = OfferFactory.create(per_resident_limit=2)
    (shown,) = campaigns_on_sale(Shopper(), NOON)

    may_have_more = [
        cart_of(shown, [KeptLine(offer.pk, qty, 500)], NOON).lines[0].may_have_more
        for qty in (1, 2)
    ]

    assert may_have_more == [True, False]


def test_carts_come_by_arrival_and_an_emptied_one_still_tells_why() -> None:
    offer = OfferFactory.create()
    CampaignFactory.create()
    campaigns = campaigns_on_sale(Shopper(), NOON)

    (cart,) = carts_of(campaigns, {offer.campaign_id: [KeptLine(999_999, 1, 100)]}, NOON)

    assert cart.lines == ()
    assert [change.kind for change in cart.changes] == [ChangeKind.GONE]


def test_the_sum_leaves_out_what_can_no_longer_be_ordered() -> None:
    offer = OfferFactory.create(price_fen=500)
    shopper = Shopper(basket={offer.pk: 3})

    at_noon = cart_sum(campaigns_on_sale(shopper, NOON))
    closed = cart_sum(campaigns_on_sale(shopper, offer.campaign.orders_close_at))

    assert at_noon == CartSum(pieces=3, total_fen=1500)
    assert closed == CartSum(pieces=0, total_fen=0)
