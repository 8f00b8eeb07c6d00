"""The buyers' admin in a real browser: within the screen, within the content policy."""

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.purchasing import PurchaseOrder
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.fulfillment import GoodsReceiptLineFactory
from tests.factories.leaders import UserFactory
from tests.factories.presets import PresetLineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/admin/",
    "/admin/fulfillment/purchaseorder/",
    "/admin/orders/campaign/",
    "/admin/orders/transfer/",
    "/admin/leaders/leaderapplication/",
]


@pytest.fixture
def buyer(transactional_db: None) -> User:
    user: User = UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def order(transactional_db: None) -> PurchaseOrder:
    order: PurchaseOrder = GoodsReceiptLineFactory.create().purchase_line.purchase_order
    return order


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("address", PAGES)
def test_lists_stay_within_the_screen_and_the_policy(
    browser: Browser,
    live_server: LiveServer,
    buyer: User,
    order: PurchaseOrder,
    address: str,
    viewport: ViewportSize,
) -> None:
    with workplace(browser, live_server, buyer, viewport) as (page, heard):
        page.goto(address)

        assert overflow_px(page) == 0
        assert heard.complaints == []
        assert heard.strangers == []


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_purchase_order_shows_its_lines(
    browser: Browser,
    live_server: LiveServer,
    buyer: User,
    order: PurchaseOrder,
    viewport: ViewportSize,
) -> None:
    with workplace(browser, live_server, buyer, viewport) as (page, heard):
        page.goto(f"/admin/fulfillment/purchaseorder/{order.pk}/change/")

        expect(page.locator(".shown-inline tbody tr")).to_have_count(1)
        assert overflow_px(page) == 0
        assert heard.complaints == []


def test_a_preset_is_priced_in_yuan_with_the_widgets_of_the_admin(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    line = PresetLineFactory.create(price_fen=500)
    with workplace(browser, live_server, buyer) as (page, heard):
        page.goto(f"/admin/orders/campaignpreset/{line.preset.pk}/change/")
        price = page.locator("#id_lines-0-price_fen")
        expect(price).to_have_value("5.00")

        price.fill("6.8")
        page.locator("input[name=_save]").click()

        expect(page.locator(".messagelist .success")).to_be_visible()
        assert heard.complaints == []
    line.refresh_from_db()
    assert line.price_fen == 680
