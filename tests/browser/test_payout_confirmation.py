"""A leader confirms a transfer inside WeChat; elsewhere the page says where."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.payouts import PayoutState
from tests.browser.workplaces import PHONE, workplace
from tests.factories.leaders import login_of
from tests.factories.payouts import TUESDAY, PayoutFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BRIDGE = """
window.asked = [];
window.WeixinJSBridge = { invoke: (name, values) => window.asked.push([name, values.package]) };
"""


def test_the_button_is_there_where_wechat_offers_it(
    browser: Browser, live_server: LiveServer
) -> None:
    payout = PayoutFactory.create(
        state=PayoutState.WAIT_CONFIRM, confirm_with="package-1", confirm_by=TUESDAY
    )
    statement = payout.statement
    address = f"/leader/statements/{statement.statement_no}/"

    with workplace(browser, live_server, login_of(statement.leader), PHONE) as (page, heard):
        page.goto(address)
        expect(page.locator("[data-confirm-payout]")).to_be_hidden()

        page.add_init_script(BRIDGE)
        page.goto(address)
        page.locator("[data-confirm-payout]").click()

        assert page.evaluate("window.asked") == [["requestMerchantTransfer", "package-1"]]
        assert heard.complaints == []
