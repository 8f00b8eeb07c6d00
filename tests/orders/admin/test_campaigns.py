"""Campaigns in the admin: drafts are edited, open ones only shown."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.orders import OrderState
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/campaign/"
BEFORE_THE_DAY = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def draft_form(campaign: Campaign, offer: Offer, price: str) -> dict[str, object]:
    """The change form of a draft as a browser sends it."""
    clocks = {
        f"{clock}_{half}": value
        for clock, moment in (
            ("opens_at", campaign.opens_at),
            ("orders_close_at", campaign.orders_close_at),
            ("payments_close_at", campaign.payments_close_at),
            ("freeze_at", campaign.freeze_at),
        )
        for half, value in ((0, f"{moment:%Y-%m-%d}"), (1, f"{moment:%H:%M:%S}"))
    }
    return {
        "code": campaign.code,
        "city": campaign.city,
        "shortage_rule": campaign.shortage_rule,
        "delivery_date": "2026-03-11",
        **clocks,
        "offers-TOTAL_FORMS": 1,
        "offers-INITIAL_FORMS": 1,
        "offers-0-id": offer.pk,
        "offers-0-campaign": campaign.pk,
        "offers-0-sku": offer.sku_id,
        "offers-0-price_fen": price,
    }


def test_the_price_of_a_draft_is_typed_in_yuan(buyer: Client) -> None:
    campaign = CampaignFactory.create(state=CampaignState.DRAFT)
    offer = OfferFactory.create(campaign=campaign, price_fen=500)

    answer = buyer.post(f"{LIST}{campaign.pk}/change/", draft_form(campaign, offer, "6.80"))

    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.price_fen == 680


def test_the_price_of_an_open_campaign_stays(buyer: Client) -> None:
    campaign = CampaignFactory.create(state=CampaignState.OPEN)
    offer = OfferFactory.create(campaign=campaign, price_fen=500)

    buyer.post(f"{LIST}{campaign.pk}/change/", draft_form(campaign, offer, "6.80"))

    offer.refresh_from_db()
    assert offer.price_fen == 500


def test_an_offer_shows_what_was_paid_for_and_nothing_else(buyer: Client) -> None:
    campaign = CampaignFactory.create()
    offer = OfferFactory.create(campaign=campaign, price_fen=500)
    for state, qty in ((OrderState.PAID, 3), (OrderState.CANCELLED, 40)):
        order = OrderFactory.create(campaign=campaign, state=state)
        OrderLineFactory.create(order=order, offer=offer, qty=qty)

    page = buyer.get(f"{LIST}{campaign.pk}/change/").content.decode()

    assert "<p>3</p>" in page
    assert "¥15.00" in page


def test_opening_a_draft_moves_it_on(buyer: Client) -> None:
    campaign = CampaignFactory.create(state=CampaignState.DRAFT)
    OfferFactory.create(campaign=campaign)

    with time_machine.travel(BEFORE_THE_DAY, tick=False):
        buyer.post(LIST, {"action": "open_for_orders", "_selected_action": campaign.pk})

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_a_draft_without_offers_stays_a_draft_and_says_why(buyer: Client) -> None:
    campaign = CampaignFactory.create(state=CampaignState.DRAFT)

    with time_machine.travel(BEFORE_THE_DAY, tick=False):
        page = buyer.post(
            LIST, {"action": "open_for_orders", "_selected_action": campaign.pk}, follow=True
        )

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert 'class="error"' in page.content.decode()
