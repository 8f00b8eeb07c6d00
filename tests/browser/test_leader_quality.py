"""Every page of leaders on a phone of 360 × 740: read, named, in reach, light, without scripts."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.leader_pages import BusyLeader, busy_leader
from tests.browser.page_quality import dead_controls_of, faults_of
from tests.browser.workplaces import PHONE, workplace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The pages this leader must be able to open, whatever else is found in the routes.
PAGES = {
    "leader-home",
    "leader-more",
    "leader-orders",
    "leader-order",
    "leader-pickups",
    "leader-unpicked",
    "leader-hand-out",
    "leader-delivery",
    "leader-kit",
    "leader-links",
    "leader-customers",
    "leader-claims",
    "leader-claim",
    "leader-jielong",
    "leader-jielong-import",
    "leader-statements",
    "leader-payee",
    "leader-sales",
    "leader-unpaid",
    "leader-level",
    "leader-shortages",
    "leader-commission",
    "leader-profile",
    "proxy-order",
}
HOME_KB_MAX = 100
KB = 1_000


@pytest.fixture
def busy(transactional_db: None) -> BusyLeader:
    return busy_leader()


def test_every_page_passes_on_a_phone(
    browser: Browser, live_server: LiveServer, busy: BusyLeader
) -> None:
    pages = busy.pages()
    faults: dict[str, list[str]] = {}
    assert busy.leader.user is not None

    with workplace(browser, live_server, busy.leader.user, PHONE) as (page, heard):
        for name, path in pages.items():
            page.goto(path)
            if found := faults_of(page):
                faults[name] = found

    assert faults == {}
    assert (heard.complaints, heard.strangers) == ([], [])
    assert pages.keys() >= PAGES


def test_every_page_works_without_scripts(
    browser: Browser, live_server: LiveServer, busy: BusyLeader
) -> None:
    dead: dict[str, list[str]] = {}
    assert busy.leader.user is not None

    with workplace(browser, live_server, busy.leader.user, PHONE, has_scripts=False) as (page, _):
        for name, path in busy.pages().items():
            page.goto(path)
            assert page.locator("h1").count() == 1, name
            if found := dead_controls_of(page):
                dead[name] = found

    assert dead == {}


def test_the_home_comes_in_less_than_a_hundred_kilobytes(
    browser: Browser, live_server: LiveServer, busy: BusyLeader
) -> None:
    assert busy.leader.user is not None

    with workplace(browser, live_server, busy.leader.user, PHONE) as (page, _heard):
        sizes = _sizes_over_the_wire(page, "/leader/")

    assert 0 < sum(sizes.values()) < HOME_KB_MAX * KB, sizes


def _sizes_over_the_wire(page: Page, path: str) -> dict[str, int]:
    """Bytes with headers of everything the page loads but pictures, by address.

    The test server compresses nothing, so what is served in production is less.
    """
    sent = page.context.new_cdp_session(page)
    sent.send("Network.enable")
    sent.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, int] = {}
    sent.on(
        "Network.responseReceived",
        lambda event: kinds.update({event["requestId"]: (event["response"]["url"], event["type"])}),
    )

    def finished(event: dict[str, object]) -> None:
        url, kind = kinds.get(str(event["requestId"]), ("", ""))
        if kind != "Image":
            size = event["encodedDataLength"]
            assert isinstance(size, int | float)
            sizes[url] = int(size)

    sent.on("Network.loadingFinished", finished)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sizes
