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


def draft_form(campaign: Campaign, offer: Offer, price: str, **terms: object) -> dict[str, object]:
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
        "offers-0-stock_buckets": 1,
        **{f"offers-0-{field}": value for field, value in terms.items()},
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
    fallen = OrderFactory.create(campaign=campaign, state=OrderState.FROZEN)
    OrderLineFactory.create(order=fallen, offer=offer, qty=50, is_void=True)

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


def test_the_limits_of_a_draft_are_set_by_a_buyer(buyer: Client) -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT)
    form = draft_form(
        offer.campaign,
        offer,
        "5.00",
        stock_cap=40,
        stock_buckets=4,
        per_resident_limit=2,
        min_group_qty=10,
        sells_from_0="2026-03-10",
        sells_from_1="10:00:00",
        sells_until_0="2026-03-10",
        sells_until_1="12:00:00",
    )

    answer = buyer.post(f"{LIST}{offer.campaign_id}/change/", form)

    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.stock_cap, offer.stock_buckets) == (40, 4)
    assert (offer.per_resident_limit, offer.min_group_qty) == (2, 10)
    assert offer.sells_from is not None
    assert offer.sells_until is not None
    assert (offer.sells_until - offer.sells_from).total_seconds() == 7200


def test_a_fault_of_an_offer_stands_beside_its_field(buyer: Client) -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT)
    form = draft_form(offer.campaign, offer, "5.00", stock_cap=3, min_group_qty=4)

    answer = buyer.post(f"{LIST}{offer.campaign_id}/change/", form)

    assert answer.status_code == 200
    [faults] = answer.context["inline_admin_formsets"][0].formset.errors
    assert list(faults) == ["min_group_qty"]
    offer.refresh_from_db()
    assert offer.stock_cap is None


def test_a_slot_is_checked_against_the_clocks_that_are_typed_with_it(buyer: Client) -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT)
    form = draft_form(
        offer.campaign, offer, "5.00", sells_until_0="2026-03-19", sells_until_1="12:00:00"
    )

    answer = buyer.post(f"{LIST}{offer.campaign_id}/change/", form)

    [faults] = answer.context["inline_admin_formsets"][0].formset.errors
    assert list(faults) == ["sells_until"]


def test_an_offer_that_cannot_be_sold_is_named_when_the_draft_is_opened(buyer: Client) -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT, stock_cap=0)

    with time_machine.travel(BEFORE_THE_DAY, tick=False):
        page = buyer.post(
            LIST,
            {"action": "open_for_orders", "_selected_action": offer.campaign_id},
            follow=True,
        )

    assert f"{offer.campaign}: {offer.sku.name}: " in page.content.decode()


def test_the_slot_of_an_open_campaign_is_only_shown(buyer: Client) -> None:
    offer = OfferFactory.create(
        campaign__state=CampaignState.OPEN, sells_from=datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
    )

    page = buyer.get(f"{LIST}{offer.campaign_id}/change/").content.decode()

    assert "2026-03-10 10:00" in page
    assert "offers-0-sells_from" not in page
