"""The payment link of a chain's row leads through the shop's own checkout."""

import pytest
from django.test import Client

from orders.models.jielong import JielongEntry, JielongEntryState
from orders.models.orders import Order, OrderSource
from orders.services.jielong import jielong_dismiss, jielong_import
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import ResidentFactory
from tests.factories.storefronts import OpenShop, shopping

TEXT = "#接龙\nA鸡蛋\n1. 小满橘子 3-501 A2"


@pytest.fixture
def entry(shop: OpenShop) -> JielongEntry:
    """A row that waits for its payment."""
    shop.offer("农家鸡蛋 30枚", price_fen=2490)
    assert shop.leader.user is not None
    outcome = jielong_import(
        leader=shop.leader,
        campaign=shop.campaign,
        text=TEXT,
        actor=shop.leader.user,
        now=shop.now,
    )
    entry: JielongEntry = outcome.jielong_import.entries.get()
    return entry


def address(entry: JielongEntry) -> str:
    """The link of a row."""
    return f"/j/{entry.token}/"


def test_a_stranger_sees_goods_and_price_and_a_masked_name(
    client: Client, entry: JielongEntry
) -> None:
    html = client.get(address(entry)).content.decode()

    assert "农家鸡蛋 30枚" in html
    assert "49.80" in html
    assert "小**" in html
    assert "小满橘子" not in html
    assert "501" not in html


def test_a_stranger_logs_in_and_comes_back(client: Client, entry: JielongEntry) -> None:
    response = client.post(address(entry))

    assert response["Location"].startswith("/me/login/?next=%2Fj%2F")


def test_a_resident_goes_through_the_checkout_and_the_row_is_ordered(
    client: Client, shop: OpenShop, entry: JielongEntry
) -> None:
    shopping(client, shop.resident())

    checkout = client.post(address(entry))["Location"]
    form = {"name": "小满", "building": "3栋", "room": "501", "request_key": "k1"}
    client.post(checkout, form)

    order = Order.objects.get()
    entry.refresh_from_db()
    assert checkout == f"/g/{shop.leader.code}/checkout/{shop.campaign.pk}/"
    assert (order.source, order.total_fen) == (OrderSource.JIELONG, 4980)
    assert (entry.state, entry.order) == (JielongEntryState.ORDERED, order)
    assert client.get(address(entry)).status_code == 200
    assert client.post(address(entry)).status_code == 200


def test_an_order_from_the_shop_later_is_no_order_of_the_chain(
    client: Client, shop: OpenShop, entry: JielongEntry
) -> None:
    shopping(client, shop.resident())
    checkout = client.post(address(entry))["Location"]
    form = {"name": "小满", "building": "3栋", "room": "501"}
    client.post(checkout, form | {"request_key": "k1"})
    offer = shop.campaign.offers.get()
    client.post(
        f"/g/{shop.leader.code}/cart/put/",
        {"campaign": shop.campaign.pk, "offer": offer.pk, "qty": 1},
    )

    client.post(checkout, form | {"request_key": "k2"})

    sources = Order.objects.order_by("pk").values_list("source", flat=True)
    assert list(sources) == [OrderSource.JIELONG, OrderSource.STOREFRONT]


def test_a_resident_of_another_leader_is_led_to_the_shop(
    client: Client, shop: OpenShop, entry: JielongEntry
) -> None:
    stranger = ResidentFactory.create(leader=LeaderFactory.create(), phone_verified_at=shop.now)
    shopping(client, stranger)

    assert client.post(address(entry))["Location"] == f"/g/{shop.leader.code}/"


def test_a_link_that_was_dismissed_or_never_was_is_not_found(
    client: Client, shop: OpenShop, entry: JielongEntry
) -> None:
    dead = address(entry)
    assert shop.leader.user is not None
    jielong_dismiss(entry=entry, reason="重复", actor=shop.leader.user, now=shop.now)

    assert client.get(dead).status_code == 404
    assert client.get("/j/nothing/").status_code == 404


def test_when_ordering_is_over_the_link_says_so(
    client: Client, shop: OpenShop, entry: JielongEntry
) -> None:
    shopping(client, shop.resident())
    shop.over(shop.campaign)

    html = client.get(address(entry)).content.decode()

    assert "<form" not in html.split("</header>", 2)[-1]
