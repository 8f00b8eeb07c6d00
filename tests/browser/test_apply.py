"""Applying from a phone that knows where it is."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from leaders.models.applications import LeaderApplication
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_phone_fills_in_its_own_position(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(
        viewport=PHONE,
        base_url=live_server.url,
        locale="zh-CN",
        geolocation={"longitude": 113.681234, "latitude": 34.791234},
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto("/apply/")
    page.locator("[name=applicant_name]").fill("陈晓梅")
    page.locator("[name=phone]").fill("19911110001")
    page.locator("[name=community_name]").fill("桃园里")
    page.locator("[name=address]").fill("花园路 8 号")

    page.locator("[data-locate]").click()
    expect(page.locator("[name=lng]")).to_have_value("113.681234")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/apply/done/")
    context.close()

    application = LeaderApplication.objects.get()
    assert (application.lng, application.lat) == (113.681234, 34.791234)


def test_without_a_position_the_form_says_what_to_do(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(viewport=PHONE, base_url=live_server.url, permissions=[])
    page = context.new_page()
    page.goto("/apply/")

    page.locator("[data-locate]").click()

    expect(page.locator("[data-locate-status]")).not_to_be_empty()
    expect(page.locator("[data-locate]")).to_be_enabled()
    context.close()
