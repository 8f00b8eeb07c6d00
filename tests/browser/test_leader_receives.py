"""A leader receives on a phone of 360 px: shows the code, says received, reports a difference."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.warehouse import Drop
from fulfillment.services.handover_codes import handover_code
from fulfillment.services.trip_returns import trip_return_rest
from leaders.models.accounts import User
from tests.browser.page_quality import faults_of
from tests.browser.workplaces import PHONE, overflow_px, workplace
from tests.factories.docks import Dock, dock
from tests.factories.driving import DriverFactory
from tests.orders.photos import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def night(settings: LazySettings, tmp_path: Path) -> Dock:
    """A published trip on the road."""
    settings.MEDIA_ROOT = tmp_path
    made = dock()
    made.seal_all()
    made.load_all()
    made.sign_all()
    DeliveryRun.objects.update(published_at=timezone.now())
    Trip.objects.update(driver=DriverFactory.create())
    return made


def leader_of(drop: Drop) -> User:
    user = drop.pickup_point.leader.user
    assert user is not None
    return user


def arrive(night: Dock) -> None:
    trip_return_rest(
        trip_id=night.trips[0].pk,
        empties={},
        empties_in=0,
        actor=night.worker,
        now=timezone.now(),
    )


def fits(page: Page) -> None:
    assert overflow_px(page) == 0
    assert faults_of(page) == []


def test_a_leader_shows_the_code_and_reports_a_broken_egg(
    browser: Browser, live_server: LiveServer, night: Dock, tmp_path: Path
) -> None:
    drop = night.drops[0]
    stop = Stop.objects.get(drop=drop)
    Stop.objects.filter(pk=stop.pk).update(expected_at=stop.start_at + timedelta(minutes=90))
    broken = tmp_path / "egg.png"
    broken.write_bytes(photo(1))
    with workplace(browser, live_server, leader_of(drop), PHONE) as (page, heard):
        page.goto(f"/leader/deliveries/{drop.pk}/")
        code = handover_code(stop, timezone.now())
        expect(page.locator(".handover-code__digits")).to_have_text(code)
        fits(page)

        page.locator(".handover-tap summary").click()
        page.locator("input[name=totes]").fill("3")
        fits(page)
        page.locator(".handover-tap button").click()
        expect(page.locator(".notice--info")).to_be_visible()
        assert Handover.objects.get().state == "pending"
        arrive(night)

        page.reload()
        fits(page)
        page.locator(f"a[href='/leader/deliveries/{drop.pk}/count/']").click()
        fits(page)
        page.locator(f"[name=qty_{night.skus['egg'].pk}]").fill("3")
        page.locator("main form button").click()
        fits(page)
        page.locator("input[value=damaged]").check()
        page.locator("main form button").click()
        expect(page.locator(".field__error")).to_be_visible()
        page.locator("input[type=file]").set_input_files(broken)
        page.locator("main form button").click()

        expect(page.locator(".difference")).to_have_count(1)
        fits(page)
        # The photo that was asked for is answered by a 422, which a browser notes.
        assert all("422" in words for words in heard.complaints)
        assert heard.strangers == []
    case = ExceptionCase.objects.get()
    assert (case.cause, case.qty, bool(case.photo)) == ("damaged", 1, True)


def test_the_code_changes_by_itself(browser: Browser, live_server: LiveServer, night: Dock) -> None:
    drop = night.drops[0]
    with workplace(browser, live_server, leader_of(drop), PHONE) as (page, _heard):
        page.clock.install()
        page.goto(f"/leader/deliveries/{drop.pk}/")
        expect(page.locator(".handover-code")).to_be_visible()
        arrive(night)

        page.clock.run_for(21_000)

        expect(page.locator("h2#goods-title")).to_be_visible()


def test_without_scripts_all_as_delivered_is_one_press(
    browser: Browser, live_server: LiveServer, night: Dock
) -> None:
    arrive(night)
    drop = night.drops[0]
    with workplace(browser, live_server, leader_of(drop), PHONE, has_scripts=False) as (page, _):
        page.goto("/leader/")
        page.locator(".arrival__go a").click()
        page.locator("section form button.button--primary").click()

        expect(page.locator(".badge--accent")).to_have_count(1)
    assert Handover.objects.get(stop__drop=drop).state == "accepted"
