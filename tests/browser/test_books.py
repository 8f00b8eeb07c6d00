"""The books in a real browser: balance, statement and differences on a desk and a phone."""

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from orders.models.ledger import Account
from orders.models.reconciliation import BillDifference
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.busy_day import BusyDay
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = "since=2026-03-10&until=2026-03-11"


@pytest.fixture
def buyer(transactional_db: None) -> User:
    """A buyer, after a busy day."""
    BusyDay()
    user: User = UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_books_are_read_within_the_screen_and_the_policy(
    browser: Browser, live_server: LiveServer, buyer: User, viewport: ViewportSize
) -> None:
    account = Account.objects.get(code="customer_prepaid")
    addresses = [
        "/admin/orders/account/",
        "/admin/orders/account/trial-balance/",
        f"/admin/orders/account/{account.pk}/statement/?{PERIOD}",
        "/admin/orders/billcheck/",
        "/admin/orders/billdifference/",
        "/admin/orders/bookscheck/",
    ]
    with workplace(browser, live_server, buyer, viewport) as (page, heard):
        for address in addresses:
            page.goto(address)
            assert overflow_px(page) == 0, address

        assert heard.complaints == []
        assert heard.strangers == []


def test_a_difference_is_cleared_up_by_hand(
    browser: Browser, live_server: LiveServer, buyer: User
) -> None:
    difference = BillDifference.objects.get()
    with workplace(browser, live_server, buyer) as (page, heard):
        page.goto("/admin/orders/billdifference/")
        page.get_by_role("link", name=difference.number, exact=True).click()
        page.locator("#id_resolution").fill("商户平台的测试付款")
        page.locator("input[name=_save]").click()

        expect(page.locator(".field-resolution")).to_have_text("商户平台的测试付款")
        assert heard.complaints == []
    difference.refresh_from_db()
    assert difference.resolved_by == buyer
