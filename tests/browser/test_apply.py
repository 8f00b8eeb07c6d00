"""Applying from a phone, with and without scripts, up to the signed agreement."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Geolocation, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from leaders.domain.coordinates import Place
from leaders.models.applications import LeaderApplication
from tests.browser.conftest import PHONE
from tests.browser.page_quality import faults_of
from tests.factories.applicants import RIGHT_ANSWERS, AgreementFactory
from tests.factories.leaders import PickupPointFactory
from tests.fake_geocoders import ADDRESS, KEY, PLACE, FakeGeocoders, fake_geocoders
from tests.orders.photos import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE: Geolocation = {"longitude": 113.681234, "latitude": 34.791234}


@pytest.fixture(autouse=True)
def _counted_from_nothing(settings: Settings, tmp_path: Path) -> None:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def geocoders(settings: Settings) -> Iterator[FakeGeocoders]:
    with fake_geocoders() as server:
        settings.GEOCODER, settings.GEOCODER_KEY = "baidu", KEY
        settings.GEOCODER_URL = server.url
        yield server


@contextmanager
def phone(
    browser: Browser, server: LiveServer, *, knows_place: bool = True, has_scripts: bool = True
) -> Iterator[tuple[Page, list[str]]]:
    """A small phone on the form, and what its page complained about."""
    context = browser.new_context(
        viewport=PHONE,
        base_url=server.url,
        locale="zh-CN",
        java_script_enabled=has_scripts,
        geolocation=HERE if knows_place else None,
        permissions=["geolocation"] if knows_place else [],
    )
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto("/apply/")
    try:
        yield page, heard
    finally:
        context.close()


def fill(page: Page, address: str = "花园路 8 号") -> None:
    page.locator("[name=applicant_name]").fill("陈晓梅")
    page.locator("[name=phone]").fill("19911110001")
    page.locator("[name=community_name]").fill("桃园里")
    page.locator("[name=address]").fill(address)
    page.locator("[name=has_agreed_to_privacy]").check()


def send(page: Page) -> None:
    page.locator("main button.button--primary").click()
    page.wait_for_url("**/apply/done/")


def get_ready(page: Page, shot: Path) -> None:
    """Hand in a photo, sign the agreement, pass the quiz, open the guide."""
    page.locator("[name=photos]").set_input_files([shot])
    page.locator("form[enctype] button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    page.locator("a[href$='/agreement/']").click()
    page.wait_for_url("**/agreement/")
    assert faults_of(page) == []
    page.locator("[name=signed_name]").fill("陈晓梅")
    page.locator("form button").click()
    page.wait_for_url("**/apply/*.*/")
    page.locator("a[href$='/quiz/']").click()
    page.wait_for_url("**/quiz/")
    for question, answer in RIGHT_ANSWERS.items():
        page.locator(f"[name={question}][value={answer}]").check()
    page.locator("form button").click()
    expect(page.locator(".notice--success")).to_be_visible()
    assert faults_of(page) == []
    page.locator(".back").click()
    page.wait_for_url("**/apply/*.*/")
    page.locator("a[href$='/guide/']").click()
    page.wait_for_url("**/guide/")
    assert faults_of(page) == []


def stored_place() -> Place:
    application = LeaderApplication.objects.get()
    assert application.lng is not None
    assert application.lat is not None
    return Place(application.lng, application.lat)


def test_a_phone_that_knows_where_it_is_applies_and_gets_ready(
    browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    agreement = AgreementFactory.create()
    with phone(browser, live_server) as (page, heard):
        fill(page)
        page.locator("[data-locate]").click()
        expect(page.locator("[name=lng]")).to_have_value("113.681234")
        expect(page.locator("[data-map]")).to_be_visible()
        expect(page.locator(".place-pin")).to_be_visible()
        assert faults_of(page) == []
        send(page)
        assert faults_of(page) == []
        page.locator("a.button--primary").click()
        page.wait_for_url("**/apply/*.*/")
        assert faults_of(page) == []
        shot = tmp_path / "shop.png"
        shot.write_bytes(photo(7))
        get_ready(page, shot)

    application = LeaderApplication.objects.get()
    assert stored_place() == Place(113.681234, 34.791234)
    assert application.documents.count() == 1
    assert application.consents.get().agreement == agreement
    assert application.quiz_attempts.get().is_passed
    assert heard == []


def test_the_pin_can_be_dragged_to_the_door(browser: Browser, live_server: LiveServer) -> None:
    with phone(browser, live_server) as (page, heard):
        fill(page)
        page.locator("[data-locate]").click()
        pin = page.locator(".place-pin")
        pin.scroll_into_view_if_needed()
        box = pin.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 30, y - 40, steps=5)
        page.mouse.up()
        expect(page.locator("[name=lng]")).not_to_have_value("113.681234")
        send(page)

    # Right and up is east and north; at this zoom a pixel is about a metre.
    place = stored_place()
    assert 0.0001 < place.lng - 113.681234 < 0.001
    assert 0.0001 < place.lat - 34.791234 < 0.001
    assert heard == []


def test_without_the_map_the_phones_position_still_counts(
    browser: Browser, live_server: LiveServer
) -> None:
    with phone(browser, live_server) as (page, _heard):
        page.route("**/leaflet.js", lambda route: route.abort())
        page.reload()
        fill(page)
        page.locator("[data-locate]").click()
        expect(page.locator("[name=lng]")).to_have_value("113.681234")
        expect(page.locator("[data-open-map]")).to_be_hidden()
        send(page)

    assert stored_place() == Place(113.681234, 34.791234)


def test_a_phone_that_knows_nothing_puts_a_pin_among_known_communities(
    browser: Browser, live_server: LiveServer
) -> None:
    PickupPointFactory.create(community__name="桃园里", lng=113.68, lat=34.79)
    with phone(browser, live_server, knows_place=False) as (page, heard):
        fill(page)
        page.locator("[data-open-map]").click()
        expect(page.locator(".landmark-name")).to_have_text("桃园里")
        ground = page.locator("[data-map]")
        ground.click(position={"x": 200, "y": 60})
        expect(page.locator(".place-pin")).to_be_visible()
        assert faults_of(page) == []
        send(page)

    place = stored_place()
    assert 0 < abs(place.lng - 113.68) < 0.003
    assert 0 < abs(place.lat - 34.79) < 0.003
    assert heard == []


def test_an_address_is_found_and_shown(
    browser: Browser, live_server: LiveServer, geocoders: FakeGeocoders
) -> None:
    with phone(browser, live_server, knows_place=False) as (page, heard):
        fill(page, ADDRESS)
        page.locator("[data-find]").click()
        expect(page.locator("[name=found]")).to_be_checked()
        expect(page.locator(".place-pin")).to_be_visible()
        send(page)

    assert stored_place().lng == pytest.approx(PLACE.lng, abs=1e-5)
    assert heard == []


def test_without_scripts_the_address_is_found_by_sending_the_form(
    browser: Browser, live_server: LiveServer, geocoders: FakeGeocoders
) -> None:
    with phone(browser, live_server, has_scripts=False) as (page, _heard):
        expect(page.locator("[data-locate]")).to_be_hidden()
        fill(page, ADDRESS)
        page.locator("[data-find]").click()
        expect(page.locator("[name=found]")).to_be_checked()
        page.wait_for_load_state()
        assert page.locator("[name=phone]").input_value() == "19911110001"
        assert faults_of(page) == []
        # The Enter key sends the form, although the search has the first button to be seen.
        page.locator("[name=phone]").press("Enter")
        page.wait_for_url("**/apply/done/")

    assert stored_place().lng == pytest.approx(PLACE.lng, abs=1e-5)


def test_without_a_position_the_form_says_what_to_do(
    browser: Browser, live_server: LiveServer
) -> None:
    with phone(browser, live_server, knows_place=False) as (page, _heard):
        page.locator("[data-locate]").click()

        expect(page.locator("[data-place-status]")).not_to_be_empty()
        expect(page.locator("[data-locate]")).to_be_enabled()
