"""Handing out on a phone with the network cut: whom it finds, and one hand-out in the books."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.pickups import Pickup
from tests.browser.workplaces import PHONE, Heard, overflow_px, workplace
from tests.factories.pickups import PickupDesk, pickup_desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/leader/pickups/"


@pytest.fixture
def desk(transactional_db: None) -> PickupDesk:
    """A point with four orders."""
    return pickup_desk(orders=4)


@pytest.fixture
def phone(
    browser: Browser, live_server: LiveServer, desk: PickupDesk
) -> Iterator[tuple[Page, Heard]]:
    """The leader's phone, with the list on it."""
    with workplace(browser, live_server, desk.user, PHONE) as (page, heard):
        page.goto(PAGE)
        expect(page.locator("[data-kept]")).to_be_visible()
        yield page, heard


def cut_network(context: BrowserContext) -> None:
    """Take the network away; a tab that is opened later has none from its first moment."""
    context.route("**/*", lambda route: route.abort())
    context.set_offline(True)


def mend_network(context: BrowserContext) -> None:
    """Give it back."""
    context.unroute("**/*")
    context.set_offline(False)


def find(page: Page, text: str) -> None:
    page.locator("[data-scan]").fill(text)
    page.locator("[data-scan]").press("Enter")


def hand_out(page: Page, desk: PickupDesk, nth: int) -> None:
    find(page, f"{nth + 1:02d}-000{nth + 1}")
    card(page, desk, nth).locator('[name="fetch"]').click()
    expect(card(page, desk, nth)).to_have_attribute("data-fetched-card", "")


def card(page: Page, desk: PickupDesk, nth: int) -> Locator:
    return page.locator(f'[data-order="{desk.orders[nth].pk}"]')


def fetched(desk: PickupDesk) -> list[int]:
    """Which orders the books say were handed out, by their place on the list."""
    rows = Pickup.objects.filter(undone_at__isnull=True).values_list("order_id", flat=True)
    return sorted(desk.orders.index(order) for order in desk.orders if order.pk in set(rows))


def test_a_queue_is_served_without_a_network_and_all_of_it_arrives_once(
    phone: tuple[Page, Heard], desk: PickupDesk
) -> None:
    page, heard = phone
    hand_out(page, desk, 0)
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert fetched(desk) == [0]

    # No network: two more by their codes, one of them a mistake that is taken back.
    cut_network(page.context)
    hand_out(page, desk, 1)
    hand_out(page, desk, 2)
    hand_out(page, desk, 3)
    card(page, desk, 3).locator("summary").click()
    card(page, desk, 3).locator('[name="undo"]').click()
    expect(card(page, desk, 3)).not_to_have_attribute("data-fetched-card", "")
    expect(page.locator("[data-queue]")).to_have_attribute("data-unsent", "4")
    expect(page.locator("[data-fetched]")).to_have_text("3")

    # A reload and a closed tab lose nothing; a tab that closes may get a report through.
    page.reload()
    expect(page.locator("[data-fetched]")).to_have_text("3")
    tab = page.context.new_page()
    page.close()
    tab.goto(PAGE)
    expect(tab.locator("[data-fetched]")).to_have_text("3")
    assert fetched(desk)[0] == 0

    mend_network(tab.context)
    expect(tab.locator("[data-queue]")).to_be_hidden(timeout=20_000)
    assert fetched(desk) == [0, 1, 2]
    assert Pickup.objects.get(order=desk.orders[3]).undone_at is not None
    assert heard.strangers == []


def test_a_second_phone_was_quicker_and_the_first_hears_it_when_it_is_back(
    phone: tuple[Page, Heard], desk: PickupDesk
) -> None:
    page, _heard = phone
    cut_network(page.context)
    hand_out(page, desk, 0)
    helped = desk.fetch(0)
    desk.send(helped)

    mend_network(page.context)

    expect(page.locator("[data-queue]")).to_be_hidden(timeout=20_000)
    expect(page.locator("[data-beaten]")).to_contain_text(str(desk.user))
    expect(page.locator('[data-log-rows] [data-status="already"]')).to_have_count(1)
    expect(page.locator("[data-fetched]")).to_have_text("1")
    assert Pickup.objects.get().event_id == helped.event_id


def test_what_another_phone_hands_out_shows_when_the_page_is_looked_at_again(
    phone: tuple[Page, Heard], desk: PickupDesk
) -> None:
    page, _heard = phone
    desk.send(desk.fetch(1))

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(card(page, desk, 1)).to_have_attribute("data-fetched-card", "")
    expect(page.locator("[data-fetched]")).to_have_text("1")


@pytest.mark.parametrize(
    ("typed", "hits"), [("2", [1]), ("0003", [2]), ("02 0002", [1]), ("３栋 401", [3]), ("陈", 4)]
)
def test_the_phone_finds_whom_the_server_would_find(
    phone: tuple[Page, Heard], desk: PickupDesk, typed: str, hits: list[int] | int
) -> None:
    page, _heard = phone

    find(page, typed)

    expected = list(range(hits)) if isinstance(hits, int) else hits
    expect(page.locator("[data-order]:visible")).to_have_count(len(expected))
    for nth in expected:
        expect(card(page, desk, nth)).to_be_visible()


def test_a_list_is_not_kept_longer_than_the_day_after(phone: tuple[Page, Heard]) -> None:
    page, _heard = phone
    # What the store holds was made the day before yesterday.
    page.evaluate(
        """async () => {
          const store = await caches.open('leader-pickups-1');
          const [page] = (await store.keys()).filter((one) => one.url.endsWith('/pickups/'));
          const old = await store.match(page);
          const headers = new Headers(old.headers);
          headers.set('Date', new Date(Date.now() - 2 * 24 * 3600 * 1000).toUTCString());
          await store.put(page, new Response(await old.text(), { headers }));
        }"""
    )
    cut_network(page.context)

    with pytest.raises(Exception, match="ERR_"):
        page.reload()

    mend_network(page.context)
    page.goto(PAGE)
    expect(page.locator("[data-kept]")).to_be_visible()


def test_the_pages_fit_the_phone_and_break_no_rule(
    phone: tuple[Page, Heard], desk: PickupDesk
) -> None:
    page, heard = phone
    desk.send(desk.fetch(0))
    for address in [PAGE, "/leader/unpicked/", f"/leader/unpicked/{desk.orders[1].pk}/"]:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")

        assert overflow_px(page) == 0, address
    assert heard.complaints == []
    assert heard.strangers == []


def test_a_phone_without_scripts_hands_out(
    browser: Browser, live_server: LiveServer, desk: PickupDesk
) -> None:
    with workplace(browser, live_server, desk.user, PHONE, has_scripts=False) as (page, heard):
        page.goto(PAGE)
        find(page, "03-0003")
        page.locator('[name="fetch"]').click()

        expect(page.locator("[data-fetched]")).to_have_text("1")
        assert fetched(desk) == [2]
        assert Pickup.objects.get().method == "code"
        assert re.search("/leader/pickups/$", page.url)
        assert heard.complaints == []
