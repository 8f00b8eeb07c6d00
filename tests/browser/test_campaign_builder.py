"""The campaign builder by keyboard: what is typed is saved where it stands."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from leaders.models.accounts import Role
from tests.browser.workplaces import overflow_px, workplace
from tests.factories.drafts import draft, line
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_prices_are_typed_down_a_column_and_nothing_typed_is_lost(
    browser: Browser, live_server: LiveServer
) -> None:
    campaign = draft()
    first, second = line(campaign, sku__code="K1"), line(campaign, sku__code="K2")
    buyer = UserFactory.create(role=Role.BUYER)
    with workplace(browser, live_server, buyer) as (page, heard):
        page.goto(f"/workbench/campaigns/{campaign.code}/")
        price, below = (page.locator(f"#line-{offer.pk} [name=price]") for offer in (first, second))

        price.fill("4.50")
        price.press("Enter")
        expect(below).to_be_focused()
        below.fill("seven")
        below.press("Shift+Enter")

        expect(price).to_be_focused()
        # 4.50 lands at 4.20 and 12.6 % of it, rounded up.
        expect(page.locator(f"#left-{first.pk}")).to_contain_text("-¥0.27")
        expect(page.locator(f"#below-{first.pk} select")).to_be_visible()
        expect(page.locator(f"#words-{second.pk} .bench-danger")).to_have_count(1)
        expect(below).to_have_value("seven")
        assert overflow_px(page) == 0
        assert (heard.complaints, heard.strangers) == ([], [])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.price_fen, second.price_fen) == (450, 600)
