"""A resident's evening in a real browser, paid at a provider of its own process.

Two neighbours order from the same link. One pays and gets a pickup code. The
other pays, too, but word of it comes only when demand is frozen: the money
goes back by itself, and the page says so.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from orders.models.campaigns import Campaign, CampaignState
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, Verdict
from orders.services.legal import default_rules_write
from orders.services.login_codes import login_code_shown
from tests.browser.conftest import PHONE as PHONE_SIZE
from tests.factories.fulfillment import SupplierOfferFactory, WarehouseFactory
from tests.factories.links import group_link
from tests.factories.storefronts import OpenShop
from tests.fake_wechat import FakeWechat

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("books_hold"),
]

MOBILE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def shop(transactional_db: None, live_server: LiveServer, settings: Settings) -> OpenShop:
    """A shop with one offer, whose provider knows where to send its notices."""
    cache.clear()
    settings.SITE_URL = live_server.url
    shop = OpenShop()
    default_rules_write(now=shop.now)
    WarehouseFactory.create()
    eggs = shop.offer(stock_cap=10, price_fen=2490)
    SupplierOfferFactory.create(sku=eggs.sku)
    return shop


@pytest.fixture
def neighbours(browser: Browser, live_server: LiveServer) -> Iterator[tuple[Page, Page]]:
    """Two phones of two people."""
    contexts = [
        browser.new_context(viewport=PHONE_SIZE, base_url=live_server.url, user_agent=MOBILE)
        for _person in range(2)
    ]
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


def order_eggs(page: Page, link: str, phone: str) -> Order:
    """From the link in the group to the provider's cashier; return the order."""
    page.goto(link)
    page.locator(".stepper__more").first.click()
    page.locator("#cart-bar a").click()
    page.locator("a[href*='/checkout/']").click()
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=has_agreed]").check()
    page.locator("form.form button[type=submit]").first.click()
    page.locator("[name=code]").wait_for()
    page.locator("[name=code]").fill(str(login_code_shown(phone)))
    page.locator("form.form button[type=submit]").first.click()
    page.locator("[name=name]").fill("毛海燕")
    page.locator("[name=building]").fill("6栋")
    page.locator("[name=room]").fill("1202")
    page.locator("form[data-once] button[type=submit]").click()
    page.locator("[data-cashier] [data-go]").click()
    page.wait_for_url("**/cashier/**")
    return Order.objects.latest("pk")


def freeze(campaign: Campaign) -> None:
    """Let payments close this second and demand freeze, as the schedule does it."""
    # Clocks of their own: what was paid until now was paid in time.
    now = timezone.now()
    Campaign.objects.filter(pk=campaign.pk).update(
        orders_close_at=now - timedelta(minutes=3),
        payments_close_at=now - timedelta(microseconds=1),
        freeze_at=now,
    )
    call_command("advance", verbosity=0)


def state_of(page: Page, order: Order) -> str | None:
    page.goto(f"/me/orders/{order.order_no}/")
    return page.locator("[data-state]").get_attribute("data-state")


def test_from_the_link_to_the_pickup_code_and_late_money_back(
    neighbours: tuple[Page, Page], shop: OpenShop, fake_wechat: FakeWechat
) -> None:
    chen, mao = neighbours
    link = f"/s/{group_link(shop.leader, shop.now).code}/"

    first = order_eggs(chen, link, "19906910001")
    chen.locator("button").click()
    chen.wait_for_url("**/me/orders/**")
    expect(chen.locator("[data-state]")).to_have_attribute("data-state", "paid")

    second = order_eggs(mao, link, "19906910002")
    fake_wechat.hold_notices()
    fake_wechat.fault("query", "drop_answer", times=-1)
    fake_wechat.fault("close", "drop_answer", times=-1)
    mao.locator("button").click()
    mao.wait_for_url("**/me/orders/**")
    expect(mao.locator("[data-state]")).to_have_attribute("data-state", "pending_payment")
    freeze(shop.campaign)

    assert Campaign.objects.get().state in (CampaignState.FROZEN, CampaignState.FULFILLING)
    assert state_of(chen, first) == OrderState.FROZEN
    expect(chen.locator("[data-pickup-code]")).to_have_text("01-0001")

    fake_wechat.clear_faults()
    fake_wechat.hold_notices(held=False)
    fake_wechat.flush()  # that it was paid
    call_command("advance", verbosity=0)
    fake_wechat.flush()  # that the refund is done

    payment = Payment.objects.get(order=second)
    assert payment.verdict == Verdict.REFUND_AFTER_FREEZE
    assert [(row["amount_fen"], row["status"]) for row in fake_wechat.refunds()] == [
        (2490, "SUCCESS")
    ]
    assert state_of(mao, second) == OrderState.LATE_PAID
    expect(mao.locator("[data-refund=late_payment]")).to_contain_text("¥24.90")
    expect(mao.locator("[data-refund=late_payment]")).to_contain_text("已退回您的账户")
