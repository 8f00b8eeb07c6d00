"""The selling kit and the leader's customers on a phone of 360 px, with scripts and without."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from orders.models.kit import Post, PostKind
from orders.models.residents import ShortLink
from tests.browser.conftest import log_in
from tests.browser.page_quality import dead_controls_of, faults_of
from tests.browser.test_leader_phone import complaints_of
from tests.factories.customers import customer, waiting_order
from tests.factories.links import ResaleFactory, group_link
from tests.factories.orders import OrderFactory, OrderLineFactory
from tests.factories.storefronts import OpenShop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(transactional_db: None) -> OpenShop:
    """A sale with a few orders, links, a resale, quiet residents and one who should come."""
    cache.clear()
    shop = OpenShop()
    eggs = shop.offer("农家鲜鸡蛋 30枚", price_fen=2490, stock_cap=12, per_resident_limit=2)
    shop.offer("W" * 120, price_fen=2990)
    order = OrderFactory.create(leader=shop.leader, campaign=shop.campaign)
    OrderLineFactory.create(order=order, offer=eggs, qty=3)
    group_link(shop.leader, shop.now)
    ResaleFactory.create(owner=shop.leader)
    ResaleFactory.create(reseller=shop.leader)
    customer(shop.leader, "毛海燕", days_ago=20, now=shop.now)
    waiting_order(shop.leader, shop.now)
    return shop


def test_every_page_is_well_made(phone: Page, shop: OpenShop) -> None:
    complaints = complaints_of(phone)
    log_in(phone, "lin")
    goods = f"/leader/kit/{shop.campaign.code}/goods/"

    for path in (
        "/leader/kit/",
        goods,
        f"{goods}{shop.campaign.offers.earliest('pk').pk}/",
        "/leader/links/",
        "/leader/resales/",
        "/leader/customers/",
        "/leader/customers/phones/",
        "/leader/customers/export/",
    ):
        phone.goto(path)
        assert faults_of(phone) == [], path
    assert complaints == []


def test_a_copied_post_is_in_the_clipboard_and_counted(phone: Page, shop: OpenShop) -> None:
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in(phone, "lin")
    phone.goto("/leader/kit/")
    post = phone.locator("[data-post]").filter(has=phone.locator("[value=opening]"))

    with phone.expect_response("**/leader/kit/posted/"):
        post.locator("[data-copy]").click()

    expect(phone.locator("[data-restraint-count]")).to_contain_text("1")
    copied = phone.evaluate("navigator.clipboard.readText()")
    assert "农家鲜鸡蛋 30枚 24.90" in copied
    assert ShortLink.objects.get().code in copied
    assert Post.objects.get().kind == PostKind.OPENING


def test_the_picture_of_a_post_opens_and_counts(phone: Page, shop: OpenShop) -> None:
    log_in(phone, "lin")
    phone.goto("/leader/kit/")
    post = phone.locator("[data-post]").filter(has=phone.locator("[value=war_report]"))

    with phone.expect_response("**/war_report.png") as drawn:
        post.locator("[data-takes]").click()

    assert drawn.value.headers["content-type"] == "image/png"
    phone.go_back()
    expect(phone.locator("[data-restraint-count]")).to_contain_text("1")


def test_without_scripts_posts_are_noted_by_a_button(plain_phone: Page, shop: OpenShop) -> None:
    log_in(plain_phone, "lin")
    plain_phone.goto("/leader/kit/")
    assert dead_controls_of(plain_phone) == []
    post = plain_phone.locator("[data-post]").filter(has=plain_phone.locator("[value=last_call]"))

    assert "农家鲜鸡蛋 30枚" in post.locator("textarea").input_value()
    expect(post.locator("[data-copy]")).to_be_hidden()
    post.locator("button[type=submit]").click()

    expect(plain_phone.locator("[data-restraint-count]")).to_contain_text("1")
    assert Post.objects.get().kind == PostKind.LAST_CALL


def test_a_number_opens_for_a_pickup(phone: Page, shop: OpenShop) -> None:
    log_in(phone, "lin")
    phone.goto("/leader/customers/")

    phone.locator("form[action$='/open/'] button").click()

    expect(phone.locator("a[href^='tel:']")).to_have_text("19906912483")
