"""The page of the API draws itself under the strict policy, from this site alone."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_description_is_drawn_without_a_complaint(
    browser: Browser, live_server: LiveServer
) -> None:
    page = browser.new_page(base_url=live_server.url)
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/api/v1/docs/")
    operation = page.locator("#operations-Orders-order_place")
    operation.locator(".opblock-summary-control").click()

    expect(page.locator(".title").first).to_contain_text("Tuanpei")
    expect(page.locator(".opblock")).to_have_count(16)
    expect(operation).to_contain_text("Idempotency-Key")
    assert complaints == []
    strangers = [url for url in asked if not url.startswith((live_server.url, "data:"))]
    assert strangers == []
    page.close()
