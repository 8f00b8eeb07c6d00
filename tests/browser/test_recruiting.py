"""Recruiters work at a desk, on a phone, and with JavaScript off."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from leaders.models.applications import ApplicationState
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.care import RecruiterFactory
from tests.factories.leaders import (
    CommissionPlanFactory,
    LeaderApplicationFactory,
    PickupPointFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_map_draws_a_radius_around_every_point(
    browser: Browser, live_server: LiveServer
) -> None:
    PickupPointFactory.create(lng=113.68, lat=34.790)
    PickupPointFactory.create(lng=113.68, lat=34.791)
    PickupPointFactory.create(lng=113.70, lat=34.790)

    with workplace(browser, live_server, RecruiterFactory.create(), DESK) as (page, heard):
        page.goto("/recruiting/points/")

        expect(page.locator(".point-radius")).to_have_count(3)
        expect(page.locator(".point-radius--crowded")).to_have_count(2)
    assert (heard.complaints, heard.strangers) == ([], [])


def test_an_application_is_approved_with_scripts_off(
    browser: Browser, live_server: LiveServer
) -> None:
    application = LeaderApplicationFactory.create(
        state=ApplicationState.TRAINED, submitted_at=timezone.now()
    )
    CommissionPlanFactory.create(is_default=True)

    with workplace(browser, live_server, RecruiterFactory.create(), PHONE, has_scripts=False) as (
        page,
        heard,
    ):
        page.goto("/recruiting/")
        page.get_by_text(application.applicant_name).click()
        page.locator("form[action$='/approve/'] button[type=submit]").click()
        page.locator("form[action$='/log-in/'] button[type=submit]").click()

        expect(page.locator("#login-link")).to_have_value(re.compile("/login/new/"))
    application.refresh_from_db()
    assert application.leader is not None
    assert heard.complaints == []


@pytest.mark.parametrize(
    "path", ["", "applications/{application}/", "points/", "dormant/", "leaders/{leader}/"]
)
def test_no_page_is_wider_than_a_phone(
    browser: Browser, live_server: LiveServer, path: str
) -> None:
    point = PickupPointFactory.create(lng=113.68, lat=34.791)
    application = LeaderApplicationFactory.create()
    address = path.format(application=application.pk, leader=point.leader.code)

    with workplace(browser, live_server, RecruiterFactory.create(), PHONE) as (page, heard):
        page.goto(f"/recruiting/{address}")

        assert overflow_px(page) == 0
    assert heard.complaints == []
