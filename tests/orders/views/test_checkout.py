"""From a basket to an order that waits for its payment."""

import pytest
from django.test import Client

from orders.errors import GatewayUnavailable
from orders.integrations.sandbox import SandboxGateway
from orders.models.orders import Order, OrderLine
from orders.models.payments import Payment
from orders.models.residents import Resident
from orders.models.stock import OfferStock
from orders.services.residents import resident_address_keep
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.storefronts import OpenShop, put, shopping

DOOR = {"name": "毛海燕", "building": "6栋", "room": "1202", "request_key": "k1"}


@pytest.fixture
def buyer_of(client: Client, shop: OpenShop) -> Client:
    """A resident of the shop, logged in, with an empty basket."""
    return shopping(client, shop.resident(name="", building="", room=""))


def test_the_page_says_what_by_when_and_where(buyer_of: Client, shop: OpenShop) -> None:
    put(buyer_of, shop.leader, shop.offer(price_fen=2490), 2)

    html = buyer_of.get(f"/g/L0001/checkout/{shop.campaign.pk}/").content.decode()

    assert "¥49.80" in html
    assert shop.point.address in html
    assert 'name="request_key"' in html
    assert "tag--quiet" in html


def test_an_order_is_placed_and_leads_to_the_cashier(buyer_of: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)
    put(buyer_of, shop.leader, offer, 2)

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)

    order = Order.objects.get()
    payment = Payment.objects.get()
    assert response["Location"] == (
        f"/pay/sandbox/{payment.out_trade_no}/?redirect_url=%2Fme%2Forders%2F{order.order_no}%2F"
    )
    assert (order.resident_name, order.building, order.room) == ("毛海燕", "6栋", "1202")
    assert (order.total_fen, order.source) == (4980, "storefront")
    assert order.resident.room == "1202"
    assert b'data-qty="2"' not in buyer_of.get("/g/L0001/cart/").content


@pytest.mark.parametrize(
    ("ticked", "kept", "shown"),
    [({}, False, "no"), ({"accepts_substitutes": "on"}, True, "yes")],
)
def test_substitutes_are_welcome_only_where_the_box_is_ticked(
    buyer_of: Client, shop: OpenShop, ticked: dict[str, str], kept: bool, shown: str
) -> None:
    put(buyer_of, shop.leader, shop.offer(), 1)
    page = buyer_of.get(f"/g/L0001/checkout/{shop.campaign.pk}/").content.decode()
    assert 'name="accepts_substitutes"' in page
    assert "checked" not in page

    buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR | ticked)

    order = Order.objects.get()
    assert order.accepts_substitutes is kept
    mine = buyer_of.get(f"/me/orders/{order.order_no}/").content.decode()
    assert f'data-substitutes="{shown}"' in mine


def test_the_same_form_sent_twice_places_one_order(buyer_of: Client, shop: OpenShop) -> None:
    put(buyer_of, shop.leader, shop.offer(), 1)
    path = f"/g/L0001/checkout/{shop.campaign.pk}/"
    buyer_of.post(path, DOOR)

    again = buyer_of.post(path, DOOR)

    assert again["Location"] == f"/me/orders/{Order.objects.get().order_no}/"


def test_what_was_sold_meanwhile_leads_back_to_the_cart(buyer_of: Client, shop: OpenShop) -> None:
    offer = shop.offer(stock_cap=5)
    put(buyer_of, shop.leader, offer, 5)
    OfferStock.objects.filter(offer=offer).update(reserved_qty=4)

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)

    assert response["Location"] == "/g/L0001/cart/"
    assert b'data-qty="1"' in buyer_of.get("/g/L0001/cart/").content
    assert not Order.objects.exists()


def test_the_last_piece_taken_in_between_names_the_goods(
    buyer_of: Client, shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = shop.offer(stock_cap=1)
    put(buyer_of, shop.leader, offer, 1)
    taken = OfferStock.objects.filter(offer=offer)

    def somebody_was_faster(*, resident: Resident, name: str, building: str, room: str) -> None:
        resident_address_keep(resident=resident, name=name, building=building, room=room)
        taken.update(reserved_qty=1)

    monkeypatch.setattr("orders.views.checkout.resident_address_keep", somebody_was_faster)

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR, follow=True)

    assert response.redirect_chain[-1][0] == "/g/L0001/cart/"
    assert offer.sku.name in response.content.decode()
    assert not OrderLine.objects.exists()


def test_a_closed_campaign_takes_no_orders(buyer_of: Client, shop: OpenShop) -> None:
    put(buyer_of, shop.leader, shop.offer(), 1)
    shop.over(shop.campaign)

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)

    assert response["Location"] == "/g/L0001/cart/"
    assert not Order.objects.exists()


def test_a_leader_without_an_open_point_takes_no_orders(buyer_of: Client, shop: OpenShop) -> None:
    put(buyer_of, shop.leader, shop.offer(), 1)
    shop.point.is_open = False
    shop.point.save()

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)

    assert response.status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize("missing", ["name", "building", "room"])
def test_name_and_door_are_needed(buyer_of: Client, shop: OpenShop, missing: str) -> None:
    put(buyer_of, shop.leader, shop.offer(), 1)

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR | {missing: " "})

    assert response.status_code == 422
    assert 'value="k1"' in response.content.decode()
    assert not Order.objects.exists()


def test_a_chosen_point_counts_if_it_is_the_leaders(buyer_of: Client, shop: OpenShop) -> None:
    second = PickupPointFactory.create(leader=shop.leader)
    foreign = PickupPointFactory.create()
    offer = shop.offer()

    for key, point in (("a", second), ("b", foreign)):
        put(buyer_of, shop.leader, offer, 1)
        body = DOOR | {"request_key": key, "point": str(point.pk)}
        buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", body)

    points = Order.objects.order_by("pk").values_list("pickup_point", flat=True)
    assert list(points) == [second.pk, shop.point.pk]


def test_nobody_orders_in_a_group_they_do_not_belong_to(buyer_of: Client, shop: OpenShop) -> None:
    LeaderFactory.create(code="L0002")
    put(buyer_of, shop.leader, shop.offer(), 1)

    response = buyer_of.post(f"/g/L0002/checkout/{shop.campaign.pk}/", DOOR)

    assert response["Location"] == "/g/L0002/"
    assert not Order.objects.exists()


def test_an_empty_basket_is_no_order(buyer_of: Client, shop: OpenShop) -> None:
    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)

    assert response["Location"] == "/g/L0001/cart/"
    assert buyer_of.get("/g/L0001/checkout/999999/").status_code == 404


def test_without_the_provider_the_order_stands_and_waits(
    buyer_of: Client, shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(buyer_of, shop.leader, shop.offer(), 1)

    def no_answer(*_args: object) -> None:
        raise GatewayUnavailable("The payment provider does not answer.")

    monkeypatch.setattr(SandboxGateway, "create", no_answer)

    response = buyer_of.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)

    assert response["Location"] == f"/me/orders/{Order.objects.get().order_no}/"


def test_a_limit_per_resident_is_kept_over_two_orders(buyer_of: Client, shop: OpenShop) -> None:
    offer = shop.offer(per_resident_limit=2)
    path = f"/g/L0001/checkout/{shop.campaign.pk}/"
    put(buyer_of, shop.leader, offer, 2)
    buyer_of.post(path, DOOR)

    put(buyer_of, shop.leader, offer, 1)
    response = buyer_of.post(path, DOOR | {"request_key": "k2"})

    assert response["Location"] == "/g/L0001/cart/"
    assert Order.objects.count() == 1
