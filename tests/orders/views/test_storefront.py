"""The shop page, short links and photos."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from leaders.models.leaders import LeaderState
from leaders.services.photos import photo_file
from orders.http import reseller_of
from orders.models.campaigns import StrikeMeaning
from orders.models.residents import ShortLink, ShortLinkClick
from orders.models.stock import OfferStock
from tests.factories.leaders import LeaderFactory
from tests.factories.links import ResaleFactory, group_link
from tests.factories.storefronts import OpenShop, put, shopping
from tests.orders.photos import photo


def page(client: Client, path: str = "/g/L0001/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_sees_goods_prices_and_clocks(client: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)

    html = page(client)

    assert "农家鲜鸡蛋 30枚" in html
    assert "¥24.90" in html
    assert f'id="offer-{offer.pk}"' in html
    assert "data-countdown=" in html


def test_limits_stock_slots_and_groups_are_shown(client: Client, shop: OpenShop) -> None:
    shop.offer("秒杀鸡蛋", stock_cap=12, per_resident_limit=2, min_group_qty=30)
    shop.offer("晚上的牛奶", sells_from=shop.now + timedelta(hours=1))
    gone = shop.offer("卖完的豆腐", stock_cap=3)
    OfferStock.objects.filter(offer=gone).update(reserved_qty=3)

    html = page(client)

    assert html.count("stepper__more") == 1
    assert "good__over" in html
    assert "0/30" in html


@pytest.mark.usefixtures("english")
def test_what_is_struck_through_is_said_in_words(client: Client, shop: OpenShop) -> None:
    shop.offer(
        price_fen=1990,
        strike_price_fen=2490,
        strike_meaning=StrikeMeaning.MARKET,
        strike_source="刘庄市场 3月9日",
    )

    html = page(client)

    assert '<s class="num">¥24.90</s> The price at a named market (刘庄市场 3月9日)' in html


def test_the_shop_costs_a_fixed_number_of_queries(client: Client, shop: OpenShop) -> None:
    shop.offer()
    shopping(client, shop.resident())
    page(client)

    with CaptureQueriesContext(connection) as few:
        page(client)
    for at in range(30):
        shop.offer(f"商品{at}", category=f"类{at % 7}")
    with CaptureQueriesContext(connection) as many:
        page(client)

    assert len(many) == len(few)


def test_no_copy_of_the_page_is_kept(client: Client, shop: OpenShop) -> None:
    assert "no-store" in client.get("/g/L0001/")["Cache-Control"]


def test_an_unknown_shop_is_not_found(client: Client, shop: OpenShop) -> None:
    LeaderFactory.create(code="L9", state=LeaderState.QUIT)

    assert client.get("/g/L0002/").status_code == 404
    assert client.get("/g/L9/").status_code == 404


def test_a_leader_who_takes_no_orders_says_so(client: Client, shop: OpenShop) -> None:
    shop.point.is_open = False
    shop.point.save()

    assert "notice--caution" in page(client)


def test_another_leaders_resident_is_told_and_may_choose(client: Client, shop: OpenShop) -> None:
    LeaderFactory.create(code="L0002", name="王桂兰")
    shopping(client, shop.resident())

    html = page(client, "/g/L0002/")

    assert 'href="/g/L0001/"' in html
    assert 'href="/me/leader/L0002/"' in html


def test_the_sum_of_the_baskets_is_in_reach(client: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)

    put(client, shop.leader, offer, 3)

    assert "¥74.70" in page(client)


def open_link(client: Client, link: ShortLink) -> str:
    """Open a link as a person does, and return who the session says sells."""
    client.get(f"/s/{link.code}/", headers={"User-Agent": "MicroMessenger/8.0"})
    return reseller_of(client.session)


def test_a_short_link_leads_to_the_shop(client: Client, shop: OpenShop) -> None:
    link = group_link(shop.leader, shop.now)

    assert client.get(f"/s/{link.code}/")["Location"] == "/g/L0001/"
    assert client.get("/s/nobody/").status_code == 404


def test_people_who_open_a_link_are_counted_and_machines_are_not(
    client: Client, shop: OpenShop
) -> None:
    address = f"/s/{group_link(shop.leader, shop.now).code}/"

    for agent in ("MicroMessenger/8.0", "Baiduspider/2.0", ""):
        assert client.get(address, headers={"User-Agent": agent}).status_code == 302
    client.head(address, headers={"User-Agent": "MicroMessenger/8.0"})

    assert ShortLinkClick.objects.count() == 1


def test_the_session_knows_who_sells_until_another_link_is_opened(
    client: Client, shop: OpenShop
) -> None:
    resale = ResaleFactory.create(owner=shop.leader, reseller__code="L0002")
    resold, own = (
        group_link(shop.leader, shop.now, resale.reseller),
        group_link(shop.leader, shop.now),
    )

    assert open_link(client, resold) == "L0002"
    assert open_link(client, own) == ""
    open_link(client, resold)
    resale.ended_at = shop.now
    resale.save()
    assert open_link(client, resold) == ""


def test_an_old_short_link_says_so_and_shows_the_way(client: Client, shop: OpenShop) -> None:
    link = group_link(shop.leader, shop.now - timedelta(days=31))

    response = client.get(f"/s/{link.code}/")

    assert response.status_code == 410
    assert b'href="/g/L0001/"' in response.content


def test_only_photos_of_goods_and_licences_are_public(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    names = [
        default_storage.save(f"{folder}/{file.name}", file)
        for folder in ("products", "licences", "claims")
        for file in [photo_file(photo(7))]
    ]
    (tmp_path / "products" / "note.txt").write_text("private")

    answers = [client.get(f"/media/{name}").status_code for name in names]

    assert answers == [200, 200, 404]
    assert client.get("/media/products/note.txt").status_code == 404
    assert client.get("/media/products/missing.jpg").status_code == 404


@pytest.mark.parametrize("path", ["/media/products/..%2F..%2Fa.jpg", "/media/products/../a.jpg"])
def test_nobody_climbs_out_of_the_folder(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_photo_is_what_it_says_and_may_be_kept(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = photo_file(photo(7))
    name = default_storage.save(f"products/{file.name}", file)

    response = client.get(f"/media/{name}")

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
