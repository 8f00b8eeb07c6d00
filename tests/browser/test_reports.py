"""Reports in a real browser: charts and the map draw under our policy, tables stand alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from leaders.models.accounts import Role
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.figures import weeks_of_figures
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHARTS, POINTS = 5, 8


def test_charts_and_map_draw_and_nothing_is_lost_without_them(
    browser: Browser, live_server: LiveServer
) -> None:
    weeks_of_figures(timezone.localdate() - timedelta(days=1))
    buyer = UserFactory.create(role=Role.BUYER)

    with workplace(browser, live_server, buyer, DESK) as (page, heard):
        page.goto("/reports/")
        expect(page.locator("[data-chart] canvas")).to_have_count(CHARTS)
        page.goto("/reports/areas/")
        expect(page.locator("path.sales-mark")).to_have_count(POINTS)
        assert (heard.complaints, heard.strangers) == ([], [])

    with workplace(browser, live_server, buyer, PHONE, has_scripts=False) as (page, heard):
        page.goto("/reports/")
        expect(page.locator("[data-chart]:visible")).to_have_count(0)
        expect(page.locator("tbody tr")).to_have_count(7)
        assert overflow_px(page) == 0
