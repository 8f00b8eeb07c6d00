"""Two ways into the pages: a phone with scripts and a phone without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.cutoff_run import CutoffRun
from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.orders import Order
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import PASSWORD, LeaderFactory
from tests.factories.orders import CampaignFactory
from tests.factories.scenes import order_on_the_way

PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def codes_stay_readable(settings: Settings) -> None:
    """A code is forgotten once it is sent, except where the page shows it, as in a demo."""
    settings.SHOW_LOGIN_CODES = True


@pytest.fixture
def lin(transactional_db: None) -> Leader:
    """A leader who logs in as `lin`."""
    return LeaderFactory.create(code="L0001", user__username="lin")


@pytest.fixture
def order(lin: Leader) -> Order:
    """An order of Lin's on the day it arrives."""
    run: CutoffRun = CutoffRunFactory.create(
        campaign=CampaignFactory.create(code="C20260310", state=CampaignState.FULFILLING)
    )
    return order_on_the_way(lin, run)


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A small phone in Chinese that runs scripts."""
    yield from _page(browser.new_context(viewport=PHONE, base_url=live_server.url, locale="zh-CN"))


@pytest.fixture
def plain_phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A small phone in English, where words are longer, that runs no scripts."""
    yield from _page(
        browser.new_context(
            viewport=PHONE, base_url=live_server.url, locale="en-GB", java_script_enabled=False
        )
    )


def log_in(page: Page, username: str) -> None:
    """Log in as people do."""
    page.goto("/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/leader/")


def _page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    context.close()
