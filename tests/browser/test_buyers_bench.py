"""The buyers' bench in a real browser: the forecast's picture, sheets, and lists by keyboard."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from orders.domain.demand_history import STEPS
from orders.models.campaigns import Campaign, CampaignState
from orders.models.forecasts import SkuBuildUp
from orders.models.orders import Order
from tests.browser.workplaces import overflow_px, workplace
from tests.factories.fulfillment import SupplierOfferFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = "supplier,SKU,cost per piece (¥)\n{supplier},{sku},5.55\n"


@pytest.fixture
def buyer(transactional_db: None, settings: Settings, tmp_path: Path) -> User:
    settings.VAR_DIR = tmp_path
    user: User = UserFactory.create(role=Role.BUYER)
    role_permissions_apply(Role.BUYER)
    return User.objects.get(pk=user.pk)


def half_a_day() -> Campaign:
    """A campaign that has been open for eight hours, a week after one that sold evenly."""
    opens_at = timezone.now() - timedelta(hours=8)
    clocks = {
        "opens_at": opens_at,
        "orders_close_at": opens_at + timedelta(hours=15, minutes=50),
        "payments_close_at": opens_at + timedelta(hours=16),
        "freeze_at": opens_at + timedelta(hours=16),
        "delivery_date": timezone.localdate(opens_at) + timedelta(days=1),
    }
    week = timedelta(days=7)
    campaign: Campaign = CampaignFactory.create(code="C2", **clocks)
    before = CampaignFactory.create(
        code="C1",
        state=CampaignState.DONE,
        **{name: moment - week for name, moment in clocks.items()},
    )
    for number in range(3):
        offer = OfferFactory.create(campaign=campaign, sku__code=f"K{number}")
        SupplierOfferFactory.create(sku=offer.sku, supplier__code=f"S{number}", cost_fen=400)
        SkuBuildUp.objects.create(
            campaign=before, sku=offer.sku, pieces_by_step=[2 + number] * STEPS, is_bounded=False
        )
        order: Order = OrderFactory.create(campaign=campaign, paid_at=timezone.now())
        OrderLineFactory.create(order=order, offer=offer, qty=90)
    return campaign


def test_the_forecast_draws_its_picture_beside_its_tables(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    half_a_day()

    with workplace(browser, live_server, buyer) as (page, heard):
        page.goto("/workbench/forecast/")

        expect(page.locator("#forecast-chart canvas")).to_be_visible()
        expect(page.locator("tbody tr").filter(has_text="K2")).to_be_visible()
        assert overflow_px(page) == 0
        page.goto("/workbench/suppliers/")
        assert overflow_px(page) == 0
        assert heard.complaints == []
        assert heard.strangers == []


def test_a_list_is_walked_by_keys_and_a_sheet_goes_in(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    half_a_day()

    with workplace(browser, live_server, buyer) as (page, heard):
        page.goto("/admin/fulfillment/supplieroffer/")
        page.keyboard.press("/")
        expect(page.locator("#searchbar")).to_be_focused()
        page.keyboard.press("Escape")
        for key in ("j", "j", "j", "k"):
            page.keyboard.press(key)
        second = page.locator("#result_list tbody tr").nth(1)
        expect(second.locator("a").first).to_be_focused()
        address = second.locator("a").first.get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")

        page.goto("/admin/fulfillment/supplieroffer/sheet/")
        content = SHEET.format(supplier="S1", sku="K1").encode()
        file = FilePayload(name="a.csv", mimeType="text/csv", buffer=content)
        page.locator("#id_file").set_input_files(file)
        page.locator("input[type=submit]").click()
        expect(page.locator("ins")).to_have_text("5.55")
        assert overflow_px(page) == 0
        page.locator("input[type=submit]").first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        assert heard.complaints == []
        assert heard.strangers == []
