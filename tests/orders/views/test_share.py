"""What a leader posts in the group."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.models.residents import ShortLink
from orders.models.stock import OfferStock
from tests.factories.storefronts import OpenShop


@pytest.fixture
def lin(client: Client, shop: OpenShop, settings: Settings) -> Client:
    """The leader's client."""
    settings.SITE_URL = "https://tuan.example/"
    user = shop.leader.user
    assert user is not None
    client.force_login(user)
    return client


def test_the_text_names_goods_prices_and_the_address(lin: Client, shop: OpenShop) -> None:
    shop.offer("农家鲜鸡蛋 30枚", price_fen=2490, per_resident_limit=2)
    for at in range(9):
        shop.offer(f"商品{at}")

    html = lin.get("/leader/share/").content.decode()

    assert "①农家鲜鸡蛋 30枚 24.90" in html
    assert "⑧" in html
    assert "商品8" not in html
    assert "https://tuan.example/g/L0001/" in html


def test_a_short_link_takes_the_place_of_the_long_one(lin: Client, shop: OpenShop) -> None:
    shop.offer()

    assert lin.post("/leader/share/short-link/")["Location"] == "/leader/share/"

    link = ShortLink.objects.get()
    html = lin.get("/leader/share/").content.decode()
    assert html.count(f"https://tuan.example/s/{link.code}/") == 2


def test_what_is_sold_out_is_not_advertised(lin: Client, shop: OpenShop) -> None:
    gone = shop.offer("卖完的豆腐", stock_cap=1)
    OfferStock.objects.filter(offer=gone).update(reserved_qty=1)

    assert "卖完的豆腐" not in lin.get("/leader/share/").content.decode()


def test_a_sale_that_closes_another_day_says_which(lin: Client, shop: OpenShop) -> None:
    later = shop.offer("脐橙", campaign=shop.campaign_of(days=5)).campaign
    close = timezone.localtime(later.orders_close_at)

    html = lin.get("/leader/share/").content.decode()

    assert f"{close.month}月{close.day}日 {close:%H:%M}" in html


def test_closed_campaigns_have_no_text(lin: Client, shop: OpenShop) -> None:
    shop.offer()
    shop.over(shop.campaign)

    assert "<textarea" not in lin.get("/leader/share/").content.decode()


def test_the_code_is_a_picture_that_never_expires(lin: Client) -> None:
    response = lin.get("/leader/share/qr.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<?xml")


def test_strangers_are_sent_to_the_log_in(client: Client, shop: OpenShop) -> None:
    for path in ("/leader/share/", "/leader/share/qr.svg"):
        assert client.get(path)["Location"].startswith("/login/")


def test_the_home_page_leads_there(lin: Client) -> None:
    html = lin.get("/leader/").content.decode()

    assert 'href="/leader/share/"' in html
    assert 'href="/leader/proxy-order/"' in html
