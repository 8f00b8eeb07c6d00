"""Campaigns and presets in the admin: drafts are edited, open ones only shown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from orders.models.campaigns import Campaign, CampaignState
from orders.models.orders import OrderState
from tests.factories.drafts import draft, line
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory
from tests.factories.presets import PresetLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST = "/admin/orders/campaign/"
BEFORE_THE_DAY = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def draft_form(campaign: Campaign, **changed: object) -> dict[str, object]:
    """The change form of a draft as a browser sends it."""
    clocks = {
        f"{clock}_{half}": value
        for clock, moment in (
            ("opens_at", campaign.opens_at + timedelta(hours=8)),
            ("orders_close_at", campaign.orders_close_at + timedelta(hours=8)),
            ("payments_close_at", campaign.payments_close_at + timedelta(hours=8)),
            ("freeze_at", campaign.freeze_at + timedelta(hours=8)),
        )
        for half, value in ((0, f"{moment:%Y-%m-%d}"), (1, f"{moment:%H:%M:%S}"))
    }
    return {
        "code": campaign.code,
        "city": campaign.city,
        "shortage_rule": campaign.shortage_rule,
        "delivery_date": "2026-03-11",
        **clocks,
        "offers-TOTAL_FORMS": 0,
        "offers-INITIAL_FORMS": 0,
        **changed,
    }


def opening(buyer: Client, campaign: Campaign) -> str:
    with time_machine.travel(BEFORE_THE_DAY, tick=False):
        page = buyer.post(
            LIST, {"action": "open_for_orders", "_selected_action": campaign.pk}, follow=True
        )
    campaign.refresh_from_db()
    return page.content.decode()


def test_the_clocks_of_a_draft_are_set_by_a_buyer(buyer: Client) -> None:
    campaign = draft()

    answer = buyer.post(
        f"{LIST}{campaign.pk}/change/", draft_form(campaign, delivery_date="2026-03-13")
    )

    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert f"{campaign.delivery_date}" == "2026-03-13"
    assert campaign.opens_at == datetime(2026, 3, 9, 23, 0, tzinfo=UTC)


def test_the_clocks_of_an_open_campaign_stay(buyer: Client) -> None:
    campaign = CampaignFactory.create(state=CampaignState.OPEN)

    buyer.post(f"{LIST}{campaign.pk}/change/", draft_form(campaign, delivery_date="2026-03-13"))

    campaign.refresh_from_db()
    assert f"{campaign.delivery_date}" == "2026-03-11"


def test_lines_are_shown_with_the_way_to_the_bench(buyer: Client) -> None:
    campaign = draft()
    line(campaign, price_fen=690, sells_from=datetime(2026, 3, 10, 2, 0, tzinfo=UTC))

    page = buyer.get(f"{LIST}{campaign.pk}/change/").content.decode()

    assert "¥6.90" in page
    assert "2026-03-10 10:00" in page
    assert "offers-0-price_fen" not in page
    assert f'href="/workbench/campaigns/{campaign.code}/"' in page


def test_an_offer_shows_what_was_paid_for_and_nothing_else(buyer: Client) -> None:
    campaign = CampaignFactory.create()
    offer = OfferFactory.create(campaign=campaign, price_fen=500)
    for state, qty in ((OrderState.PAID, 3), (OrderState.CANCELLED, 40)):
        order = OrderFactory.create(campaign=campaign, state=state)
        OrderLineFactory.create(order=order, offer=offer, qty=qty)
    fallen = OrderFactory.create(campaign=campaign, state=OrderState.FROZEN)
    OrderLineFactory.create(order=fallen, offer=offer, qty=50, is_void=True)

    page = buyer.get(f"{LIST}{campaign.pk}/change/").content.decode()

    assert '<td class="field-num_sold_qty">3</td>' in page.replace("<p>", "").replace("</p>", "")
    assert "¥15.00" in page


def test_opening_a_draft_moves_it_on(buyer: Client) -> None:
    campaign = draft()
    line(campaign)

    assert "is open for orders" in opening(buyer, campaign)
    assert campaign.state == CampaignState.OPEN


def test_a_draft_without_offers_stays_a_draft_and_says_why(buyer: Client) -> None:
    campaign = draft()

    assert 'class="error"' in opening(buyer, campaign)
    assert campaign.state == CampaignState.DRAFT


def test_every_fault_is_said_when_a_draft_is_opened(buyer: Client) -> None:
    campaign = draft()
    limit = line(campaign, stock_cap=0)
    cheap = line(campaign, price_fen=100)

    page = opening(buyer, campaign)

    assert f"{campaign}: {limit.sku}: A stock cap has at least one piece" in page
    assert f"{campaign}: {cheap.sku}: ¥1.00 is below the landed cost" in page
    assert campaign.state == CampaignState.DRAFT


def test_a_preset_gets_its_goods_and_loses_them(buyer: Client) -> None:
    kept = PresetLineFactory.create()
    preset = kept.preset
    form = {
        "name": "周二",
        "city": "郑州",
        "weekday": "1",
        "opens_time": "07:00",
        "orders_close_time": "22:58",
        "payment_minutes": 3,
        "freeze_minutes": 2,
        "delivery_days": 1,
        "is_active": "on",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 1,
        "lines-0-id": kept.pk,
        "lines-0-preset": preset.pk,
        "lines-0-sku": kept.sku_id,
        "lines-0-price_fen": "6.90",
    }
    address = f"/admin/orders/campaignpreset/{preset.pk}/change/"

    assert buyer.post(address, form).status_code == 302
    kept.refresh_from_db()
    assert kept.price_fen == 690

    assert buyer.post(address, form | {"lines-0-DELETE": "on"}).status_code == 302
    assert not preset.lines.exists()
