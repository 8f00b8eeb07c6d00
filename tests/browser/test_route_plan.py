"""The dispatcher's page in a real browser: map, timeline, choice of a trip."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.delivery import DeliveryRun
from leaders.models.accounts import Role, User
from tests.browser.workplaces import PHONE, overflow_px, workplace
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TRIPS, STOPS = 3, 4
ADDRESS = "/routes/D-C1/"


@pytest.fixture
def plan(transactional_db: None) -> DeliveryRun:
    return planned_day(CutoffRunFactory.create(campaign__code="C1"), trips=TRIPS, stops=STOPS)


@pytest.fixture
def dispatcher(transactional_db: None) -> User:
    user: User = UserFactory.create(role=Role.DISPATCHER)
    return user


def expect_map(page: Page, *, lines: int, marks: int) -> None:
    expect(page.locator("#plan-map path.trip-line")).to_have_count(lines)
    expect(page.locator("#plan-map .stop-mark")).to_have_count(marks)


def test_the_map_draws_every_trip_and_stop_and_asks_nobody_else(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, heard):
        page.goto(ADDRESS)

        expect_map(page, lines=TRIPS, marks=TRIPS * STOPS)
        expect(page.locator("#plan-map .warehouse-mark")).to_have_count(1)
        expect(page.locator("#plan-map .unserved-mark")).to_have_count(1)
        assert heard.strangers == []
        assert heard.complaints == []


def test_trips_differ_in_colour(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto(ADDRESS)
        expect_map(page, lines=TRIPS, marks=TRIPS * STOPS)

        lines = page.locator("#plan-map path.trip-line")
        colours = {lines.nth(index).get_attribute("stroke") for index in range(TRIPS)}

    assert len(colours) == TRIPS


def test_choosing_a_trip_leaves_it_alone_on_map_and_page(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto(ADDRESS)
        expect_map(page, lines=TRIPS, marks=TRIPS * STOPS)

        page.select_option("#trip", "2")

        expect_map(page, lines=1, marks=STOPS)
        expect(page.locator("#trip-2")).to_be_visible()
        expect(page.locator("#trip-1")).to_be_hidden()

        page.select_option("#trip", "")

        expect_map(page, lines=TRIPS, marks=TRIPS * STOPS)
        expect(page.locator("#trip-1")).to_be_visible()


def test_a_bar_of_the_timeline_chooses_its_trip(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto(ADDRESS)
        expect_map(page, lines=TRIPS, marks=TRIPS * STOPS)

        page.locator('.timeline .bar--unload[data-route="3"]').first.click()

        expect(page.locator("#trip")).to_have_value("3")
        expect_map(page, lines=1, marks=STOPS)


def test_a_stop_tells_its_details_and_marks_its_row(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto(f"{ADDRESS}?trip=1")
        expect_map(page, lines=1, marks=STOPS)

        page.locator("#plan-map .stop-mark").first.click()

        card = page.locator(".stop-card")
        expect(card).to_contain_text("R01 · 1-01")
        expect(card).to_contain_text("06:20")
        expect(page.locator("#stop-1-1")).to_have_class("is-chosen")


def test_from_a_page_with_one_trip_another_can_be_chosen(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto(f"{ADDRESS}?trip=1")
        expect_map(page, lines=1, marks=STOPS)

        page.select_option("#trip", "2")

        page.wait_for_url(re.compile(r"trip=2"))
        expect(page.locator("#trip-2")).to_be_visible()


def test_when_the_plan_cannot_be_fetched_the_page_says_where_to_look(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.route("**/api/**", lambda route: route.fulfill(status=500))

        page.goto(ADDRESS)

        expect(page.locator("#plan-map .notice")).to_be_visible()
        expect(page.locator("#stop-1-1")).to_be_visible()


def test_without_scripts_the_tables_and_the_timeline_remain(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher, has_scripts=False) as (page, _heard):
        page.goto(ADDRESS)
        page.select_option("#trip", "2")
        page.locator(".trip-choice button").click()

        expect(page.locator("#stop-2-1")).to_be_visible()
        expect(page.locator("#stop-1-1")).to_have_count(0)
        expect(page.locator(".timeline__svg")).to_be_visible()


@pytest.mark.parametrize("address", ["/routes/", ADDRESS])
def test_nothing_runs_off_a_phone(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun, address: str
) -> None:
    with workplace(browser, live_server, dispatcher, PHONE) as (page, heard):
        page.goto(address)
        page.wait_for_load_state("networkidle")

        assert overflow_px(page) == 0
        assert heard.complaints == []


def test_a_long_plan_is_folded_and_its_stops_are_dots_until_one_trip_is_chosen(
    browser: Browser, live_server: LiveServer, dispatcher: User
) -> None:
    planned_day(CutoffRunFactory.create(campaign__code="C2"), trips=8, stops=8)
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto("/routes/D-C2/")
        expect_map(page, lines=8, marks=64)
        expect(page.locator("#plan-map.is-crowded")).to_have_count(1)
        expect(page.locator("#stop-5-1")).to_be_hidden()

        page.select_option("#trip", "5")

        expect(page.locator("#plan-map.is-crowded")).to_have_count(0)
        expect(page.locator("#stop-5-1")).to_be_visible()
