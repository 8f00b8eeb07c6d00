"""The residents' shop on a phone of 360 px, as a thumb meets it."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from orders.models.campaigns import Offer
from orders.models.legal import Licence
from orders.models.orders import Order, OrderState
from orders.models.outbox import OutboxMessage
from orders.services.legal import default_rules_write
from tests.browser.conftest import log_in
from tests.browser.page_quality import faults_of
from tests.browser.test_leader_phone import complaints_of, width_of
from tests.factories.links import group_link
from tests.factories.orders import OrderFactory, OrderLineFactory, RefundFactory
from tests.factories.storefronts import PHONE, OpenShop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HIDDEN_BEHIND_BARS = """
() => {
  window.scrollTo(0, document.body.scrollHeight);
  const bars = [...document.querySelectorAll('.tabs, .cart-bar:not([hidden])')];
  const top = Math.min(...bars.map((bar) => bar.getBoundingClientRect().top));
  return [...document.querySelectorAll('.shop-foot a')]
    .filter((link) => link.getBoundingClientRect().bottom > top + 1).length;
}
"""


@pytest.fixture
def shop(transactional_db: None) -> OpenShop:
    """A shop with two sales, and everything an offer can be."""
    cache.clear()
    shop = OpenShop()
    default_rules_write(now=shop.now)
    Licence.objects.create(name="营业执照", holder="郑州团配商贸有限公司", number="A1")
    soon = shop.now + timedelta(hours=1)
    shop.offer("上海青 500g", category="叶菜", price_fen=169, per_resident_limit=2)
    shop.offer("脆桃 5斤装", category="水果", price_fen=2990, min_group_qty=30)
    shop.offer("鲜鸡蛋 30枚", price_fen=2490, stock_cap=12, sells_until=soon)
    shop.offer("鲜牛奶 950ml", category="乳品", sells_from=soon)
    shop.offer("脐橙 10斤装", category="水果", campaign=shop.campaign_of(days=5))
    return shop


def offer_named(name: str) -> Offer:
    return Offer.objects.get(sku__name=name)


def pick(page: Page, offer: Offer, pieces: int) -> None:
    """Press plus so many times, as fast as a thumb can."""
    for _piece in range(pieces):
        page.locator(f"#offer-{offer.pk} .stepper__more").click()


def log_in_by_code(page: Page) -> None:
    """From the page that asks for the phone to wherever the log-in leads."""
    page.locator("[name=phone]").fill(PHONE)
    page.locator("[name=has_agreed]").check()
    page.locator("button[type=submit]", has_text=re.compile("验证码|code")).click()
    page.locator("[name=code]").wait_for()
    page.locator("[name=code]").fill(str(OutboxMessage.objects.latest("pk").facts["code"]))
    page.locator("form.form button[type=submit]").click()


def check_out(page: Page) -> None:
    """Fill in who and where, and go to the cashier."""
    page.locator("[name=name]").fill("毛海燕")
    page.locator("[name=building]").fill("6栋")
    page.locator("[name=room]").fill("1202")
    page.locator("form[data-once] button[type=submit]").click()
    page.wait_for_url("**/pay/sandbox/**")


def looks_well_made(page: Page, path: str) -> None:
    """The page fits, and nothing of it is hidden behind the bars."""
    assert width_of(page) == 360, path
    assert faults_of(page) == [], path
    assert page.evaluate(HIDDEN_BEHIND_BARS) == 0, path


def test_from_the_link_to_the_paid_order(phone: Page, shop: OpenShop) -> None:
    complaints = complaints_of(phone)
    link = group_link(shop.leader, shop.now)
    phone.goto(f"/s/{link.code}/")
    eggs, peaches = offer_named("鲜鸡蛋 30枚"), offer_named("脆桃 5斤装")

    pick(phone, eggs, 2)
    pick(phone, peaches, 1)
    expect(phone.locator(".cart-bar__total")).to_have_text("¥79.70")
    phone.locator("#cart-bar a").click()
    phone.locator("a[href*='/checkout/']").click()
    log_in_by_code(phone)
    check_out(phone)
    phone.locator("main form button[type=submit]").first.click()

    phone.wait_for_url("**/me/orders/**")
    expect(phone.locator("[data-state]")).to_have_attribute("data-state", "paid")
    order = Order.objects.get()
    assert (order.state, order.total_fen) == (OrderState.PAID, 7970)
    assert complaints == []


def test_every_page_is_well_made(phone: Page, shop: OpenShop) -> None:
    complaints = complaints_of(phone)
    for path in ("/g/L0001/", "/me/login/?leader=L0001", "/licences/", "/rules/privacy/"):
        phone.goto(path)
        looks_well_made(phone, path)
    phone.goto("/g/L0001/")
    pick(phone, offer_named("鲜鸡蛋 30枚"), 1)
    expect(phone.locator("#cart-bar")).to_be_visible()
    looks_well_made(phone, "a picked shop")
    phone.locator("#cart-bar a").click()
    phone.wait_for_url("**/cart/")
    looks_well_made(phone, "cart")
    phone.locator("a[href*='/checkout/']").click()
    phone.wait_for_url("**/me/login/**")
    log_in_by_code(phone)
    phone.wait_for_url("**/checkout/**")
    looks_well_made(phone, "checkout")
    check_out(phone)
    order = Order.objects.get()
    for path in (f"/me/orders/{order.order_no}/", "/me/orders/", "/me/"):
        phone.goto(path)
        looks_well_made(phone, path)
    assert complaints == []


def test_the_leaders_pages_of_the_shop_are_well_made(phone: Page, shop: OpenShop) -> None:
    complaints = complaints_of(phone)
    log_in(phone, "lin")

    for path in (
        "/leader/",
        "/leader/kit/",
        "/leader/links/",
        "/leader/resales/",
        "/leader/proxy-order/",
    ):
        phone.goto(path)
        looks_well_made(phone, path)
    assert complaints == []


def test_long_words_do_not_widen_a_page(phone: Page, shop: OpenShop) -> None:
    resident = shop.resident(name="长" * 60, building="A" * 30, room="1" * 30)
    order = OrderFactory.create(
        resident=resident,
        leader=shop.leader,
        campaign=shop.campaign,
        pickup_point=shop.point,
        state=OrderState.FROZEN,
        pickup_no=12345,
        total_fen=99_999_999_99,
    )
    OrderLineFactory.create(order=order, sku_name="W" * 120)
    RefundFactory.create(payment__order=order)
    offer_named("上海青 500g").sku.product.skus.update(name="W" * 120)
    shop.leader.name = "长" * 60
    shop.leader.save()
    phone.goto("/me/login/?leader=L0001")
    log_in_by_code(phone)
    phone.wait_for_url("**/g/L0001/")

    for path in ("/g/L0001/", "/me/", "/me/orders/", f"/me/orders/{order.order_no}/"):
        phone.goto(path)
        assert width_of(phone) == 360, path


def test_a_fast_thumb_loses_no_press_and_no_reload_loses_the_cart(
    phone: Page, shop: OpenShop
) -> None:
    peaches = offer_named("脆桃 5斤装")
    phone.goto("/g/L0001/")

    pick(phone, peaches, 7)
    qty = phone.locator(f"#offer-{peaches.pk} output")
    expect(qty).to_have_text("7")
    phone.reload()

    expect(qty).to_have_text("7")
    phone.locator(f"#offer-{peaches.pk} .stepper__fewer").click()
    expect(qty).to_have_text("6")


def test_a_thumb_that_goes_from_goods_to_goods_loses_no_press(phone: Page, shop: OpenShop) -> None:
    eggs, peaches = offer_named("鲜鸡蛋 30枚"), offer_named("脆桃 5斤装")
    phone.goto("/g/L0001/")

    for _round in range(4):
        pick(phone, eggs, 2)
        pick(phone, peaches, 2)

    expect(phone.locator(f"#offer-{eggs.pk} output")).to_have_text("8")
    expect(phone.locator(f"#offer-{peaches.pk} output")).to_have_text("8")


def test_more_than_one_may_have_is_told_at_once(phone: Page, shop: OpenShop) -> None:
    greens = offer_named("上海青 500g")
    phone.goto("/g/L0001/")

    pick(phone, greens, 3)

    expect(phone.locator(".cart-bar__refusal")).to_be_visible()
    expect(phone.locator(f"#offer-{greens.pk} output")).to_have_text("2")


def test_in_the_cart_a_press_changes_the_sum_in_place(phone: Page, shop: OpenShop) -> None:
    phone.goto("/g/L0001/")
    pick(phone, offer_named("脆桃 5斤装"), 1)
    expect(phone.locator(".cart-bar__total")).to_have_text("¥29.90")
    phone.locator("#cart-bar a").click()
    phone.wait_for_url("**/cart/")

    phone.locator(".stepper__more").click()

    expect(phone.locator(".cart-foot__sum strong")).to_have_text("¥59.80")
    phone.locator(".stepper__fewer").click()
    phone.locator(".stepper__fewer").click()
    expect(phone.locator("#cart .empty")).to_be_visible()


def test_the_countdown_runs(phone: Page, shop: OpenShop) -> None:
    phone.goto("/g/L0001/")
    clock = phone.locator("[data-countdown]").first

    expect(clock).to_have_text(re.compile(r"^02:59:\d\d$"))
    first = clock.inner_text()

    expect(clock).not_to_have_text(first)


def test_without_scripts_everything_is_still_there(plain_phone: Page, shop: OpenShop) -> None:
    peaches = offer_named("脆桃 5斤装")
    plain_phone.goto("/g/L0001/")

    pick(plain_phone, peaches, 2)
    expect(plain_phone.locator(f"#offer-{peaches.pk} output")).to_have_text("2")
    plain_phone.locator("#cart-bar a").click()
    plain_phone.locator("a[href*='/checkout/']").click()
    log_in_by_code(plain_phone)
    check_out(plain_phone)
    plain_phone.locator("main form button[type=submit]").first.click()
    plain_phone.wait_for_url("**/me/orders/**")

    expect(plain_phone.locator("[data-state]")).to_have_attribute("data-state", "paid")
    plain_phone.locator("details.cancel summary").click()
    plain_phone.locator("details.cancel button").click()
    expect(plain_phone.locator("[data-state]")).to_have_attribute("data-state", "cancelled")


def test_the_order_page_hears_of_a_payment_made_elsewhere(phone: Page, shop: OpenShop) -> None:
    phone.goto("/g/L0001/")
    pick(phone, offer_named("脆桃 5斤装"), 1)
    expect(phone.locator("#cart-bar")).to_be_visible()
    phone.goto(f"/g/L0001/checkout/{shop.campaign.pk}/")
    log_in_by_code(phone)
    check_out(phone)
    cashier = phone.url
    elsewhere = phone.context.new_page()
    phone.goto(f"/me/orders/{Order.objects.get().order_no}/")
    expect(phone.locator("[data-awaiting]")).to_be_visible()

    elsewhere.goto(cashier)
    elsewhere.locator("main form button[type=submit]").first.click()
    elsewhere.close()

    expect(phone.locator("[data-state]")).to_have_attribute("data-state", "paid", timeout=15_000)
