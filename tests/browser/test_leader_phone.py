"""The leader's pages on a phone of 360 px, as a thumb meets them."""

import pytest
from playwright.sync_api import Page, expect

from orders.models.orders import Order
from tests.browser.conftest import log_in
from tests.browser.page_quality import faults_of
from tests.factories.orders import OrderFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/leader/",
    "/leader/orders/",
    "/leader/orders/?by=resident",
    "/leader/hand-out/",
    "/leader/hand-out/?sort=building",
    "/leader/hand-out/?sort=product",
    "/leader/shortages/",
    "/leader/commission/",
    "/leader/profile/",
]
PUBLIC_PAGES = ["/login/", "/apply/", "/apply/done/"]
TOUCH_PX = 44


def width_of(page: Page) -> int:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert isinstance(width, int)
    return width


def complaints_of(page: Page) -> list[str]:
    """Collect what the console complains about, broken content policy included."""
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_every_page_fits_the_phone_and_the_thumb(phone: Page, order: Order) -> None:
    complaints = complaints_of(phone)
    log_in(phone, "lin")

    for path in [*PAGES, f"/leader/orders/{order.pk}/"]:
        phone.goto(path)

        assert faults_of(phone) == [], path
    assert complaints == []


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_pages_fit_the_phone_and_the_thumb(phone: Page, path: str) -> None:
    complaints = complaints_of(phone)

    phone.goto(path)

    assert faults_of(phone) == []
    assert complaints == []


def test_long_names_and_words_without_a_break_do_not_widen_the_page(
    phone: Page, order: Order
) -> None:
    order.lines.update(sku_name="W" * 120)
    OrderFactory.create(
        leader=order.leader,
        campaign=order.campaign,
        resident_name="长" * 60,
        building="A" * 30,
        room="1" * 30,
        total_fen=99_999_999_99,
    )
    log_in(phone, "lin")

    for path in [*PAGES, f"/leader/orders/{order.pk}/"]:
        phone.goto(path)

        assert width_of(phone) == 360, path


def test_the_tabs_lie_in_reach_of_the_thumb_and_lead_everywhere(phone: Page, order: Order) -> None:
    log_in(phone, "lin")
    tabs = phone.locator("nav.tabs a")

    expect(tabs).to_have_count(5)
    for at in range(5):
        tabs.nth(at).click()
        expect(tabs.nth(at)).to_have_attribute("aria-current", "page")
        box = tabs.nth(at).bounding_box()
        assert box is not None
        assert box["y"] > 740 * 0.85
        assert box["height"] >= TOUCH_PX


def test_typing_four_digits_finds_the_resident(phone: Page, order: Order) -> None:
    OrderFactory.create(leader=order.leader, campaign=order.campaign, resident_phone="19900000001")
    complaints = complaints_of(phone)
    log_in(phone, "lin")
    phone.goto("/leader/orders/")
    expect(phone.locator("#order-groups .rows li")).to_have_count(2)

    phone.locator("#q").press_sequentially("2483")

    expect(phone.locator("#order-groups .rows li")).to_have_count(1)
    expect(phone.locator("#order-groups")).to_contain_text("毛海燕")
    assert complaints == []


def test_without_scripts_everything_is_still_there(plain_phone: Page, order: Order) -> None:
    log_in(plain_phone, "lin")

    plain_phone.goto("/leader/orders/")
    plain_phone.locator("#q").fill("2483")
    plain_phone.locator("form.search button").click()
    plain_phone.locator("#order-groups a.rows__item").click()

    expect(plain_phone.locator("h1")).to_contain_text("毛海燕")
    plain_phone.goto("/leader/hand-out/")
    expect(plain_phone.locator(".hand-line")).to_have_count(1)
    expect(plain_phone.locator("[data-print]")).to_be_hidden()
    plain_phone.locator(".account summary").click()
    plain_phone.locator(".account__menu button").click()
    plain_phone.wait_for_url("**/login/")


def test_the_printed_list_is_the_list_alone(phone: Page, order: Order) -> None:
    log_in(phone, "lin")
    phone.goto("/leader/hand-out/")
    expect(phone.locator("[data-print]")).to_be_visible()

    phone.emulate_media(media="print")

    for gone in (".topbar", "nav.tabs", "[data-print]", ".segments"):
        expect(phone.locator(gone)).to_be_hidden()
    expect(phone.locator(".hand-line")).to_be_visible()
    expect(phone.locator(".hand-out__foot")).to_be_visible()


def test_the_keyboard_shows_where_it_is(phone: Page, order: Order) -> None:
    log_in(phone, "lin")

    phone.keyboard.press("Tab")

    expect(phone.locator(".skip-link")).to_be_focused()
    expect(phone.locator(".skip-link")).to_be_in_viewport()
    outline = phone.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
