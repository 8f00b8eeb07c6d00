"""A leader orders and pays for a neighbour."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from orders.integrations.sandbox import SandboxGateway
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment
from orders.models.residents import Resident
from orders.models.stock import OfferStock
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderFactory
from tests.factories.storefronts import OpenShop

PAGE = "/leader/proxy-order/"
NEIGHBOUR = {"name": "陈奶奶", "phone": "", "building": "3栋", "room": "501", "request_key": "k1"}


@pytest.fixture
def lin(client: Client, shop: OpenShop) -> Client:
    """The leader's client."""
    user = shop.leader.user
    assert user is not None
    client.force_login(user)
    return client


def body(shop: OpenShop, **more: object) -> dict[str, object]:
    return {**NEIGHBOUR, "campaign": shop.campaign.code, **more}


def test_the_page_offers_what_is_on_sale(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    gone = shop.offer("卖完的豆腐", category="豆制品", stock_cap=1)
    OfferStock.objects.filter(offer=gone).update(reserved_qty=1)

    html = lin.get(PAGE).content.decode()

    assert f'name="qty-{offer.pk}"' in html
    assert f'name="qty-{gone.pk}"' not in html
    assert "豆制品" not in html


def test_an_order_names_the_neighbour_and_the_leader_who_pays(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer(price_fen=2490)

    response = lin.post(PAGE, body(shop, **{f"qty-{offer.pk}": "2"}))

    order = Order.objects.get()
    assert response["Location"].startswith(f"/pay/sandbox/{Payment.objects.get().out_trade_no}/")
    assert (order.source, order.payer_leader, order.leader) == ("proxy", shop.leader, shop.leader)
    assert (order.resident_name, order.resident_phone) == ("陈奶奶", shop.leader.phone)
    assert (order.resident.name, order.resident.phone) == ("陈奶奶", "")
    assert order.total_fen == 4980


def test_a_neighbour_with_a_phone_is_the_resident_of_that_phone(
    lin: Client, shop: OpenShop
) -> None:
    resident = shop.resident()
    offer = shop.offer()

    lin.post(PAGE, body(shop, phone=resident.phone, **{f"qty-{offer.pk}": "1"}))

    assert Order.objects.get().resident == resident
    assert Resident.objects.count() == 1


def test_the_same_form_sent_twice_places_one_order(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    lin.post(PAGE, body(shop, **{f"qty-{offer.pk}": "1"}))

    again = lin.post(PAGE, body(shop, **{f"qty-{offer.pk}": "1"}))

    assert again["Location"] == f"{PAGE}{Order.objects.get().order_no}/"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="nothing_picked"),
        pytest.param({"qty-1": "0"}, id="no_pieces"),
        pytest.param({"qty-x": "1"}, id="no_offer"),
        pytest.param({"name": ""}, id="no_name"),
        pytest.param({"phone": "123"}, id="no_mobile_number"),
        pytest.param({"campaign": "gone"}, id="no_campaign"),
    ],
)
def test_what_is_no_order_comes_back_with_a_reason(
    lin: Client, shop: OpenShop, more: dict[str, object]
) -> None:
    offer = shop.offer()
    picked = {f"qty-{offer.pk}": "1"} if {"name", "phone", "campaign"} & more.keys() else {}

    response = lin.post(PAGE, body(shop, **picked) | more)

    assert response.status_code == 422
    assert not Order.objects.exists()


def test_what_is_sold_out_is_named(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer("限量鸡蛋", stock_cap=2)

    response = lin.post(PAGE, body(shop, **{f"qty-{offer.pk}": "3"}))

    assert response.status_code == 422
    assert "限量鸡蛋" in response.content.decode()
    assert not Order.objects.exists()


def test_with_two_campaigns_one_is_chosen(lin: Client, shop: OpenShop) -> None:
    today = shop.offer()
    later = shop.offer("脐橙", campaign=shop.campaign_of(days=5))

    first = lin.get(PAGE).content.decode()
    second = lin.get(f"{PAGE}?campaign={later.campaign.code}").content.decode()

    assert f"qty-{today.pk}" in first
    assert f"qty-{later.pk}" in second
    assert f"qty-{today.pk}" not in second


def test_what_waits_for_a_payment_is_listed_and_paid(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    lin.post(PAGE, body(shop, **{f"qty-{offer.pk}": "1"}))
    order = Order.objects.get()
    assert f"{PAGE}{order.order_no}/" in lin.get(PAGE).content.decode()

    again = lin.post(f"{PAGE}{order.order_no}/pay/")
    SandboxGateway().pay(Payment.objects.get().out_trade_no)
    html = lin.get(f"{PAGE}{order.order_no}/").content.decode()

    assert again["Location"].startswith("/pay/sandbox/")
    assert Order.objects.get().state == OrderState.PAID
    assert 'data-state="paid"' in html
    assert order.order_no not in lin.get(PAGE).content.decode()


def test_an_order_that_needs_no_payment_says_so(lin: Client, shop: OpenShop) -> None:
    order = OrderFactory.create(
        leader=shop.leader, payer_leader=shop.leader, source="proxy", campaign=shop.campaign
    )

    response = lin.post(f"{PAGE}{order.order_no}/pay/", follow=True)

    assert "notice--caution" in response.content.decode()


def test_it_can_be_cancelled_before_the_close(lin: Client, shop: OpenShop) -> None:
    offer = shop.offer()
    lin.post(PAGE, body(shop, **{f"qty-{offer.pk}": "1"}))
    order = Order.objects.get()

    lin.post(f"{PAGE}{order.order_no}/cancel/")

    assert Order.objects.get().state == OrderState.CANCELLED


def test_the_refusal_of_a_cancellation_is_told(lin: Client, shop: OpenShop) -> None:
    order = OrderFactory.create(
        leader=shop.leader,
        payer_leader=shop.leader,
        source="proxy",
        campaign=shop.campaign,
        state=OrderState.COMPLETED,
    )

    response = lin.post(f"{PAGE}{order.order_no}/cancel/", follow=True)

    assert "notice--caution" in response.content.decode()


def test_residents_own_orders_are_none_of_it(lin: Client, shop: OpenShop) -> None:
    order = OrderFactory.create(leader=shop.leader, campaign=shop.campaign)

    assert lin.get(f"{PAGE}{order.order_no}/").status_code == 404
    assert lin.post(f"{PAGE}{order.order_no}/pay/").status_code == 404
    assert lin.post(f"{PAGE}{order.order_no}/cancel/").status_code == 404


def test_another_leaders_proxy_orders_do_not_exist(lin: Client, shop: OpenShop) -> None:
    order = OrderFactory.create(campaign=shop.campaign)
    Order.objects.update(source="proxy", payer_leader=order.leader)

    assert lin.get(f"{PAGE}{order.order_no}/").status_code == 404


def test_only_leaders_get_in(client: Client, shop: OpenShop) -> None:
    assert client.get(PAGE)["Location"].startswith("/login/")
    client.force_login(UserFactory.create(role=Role.BUYER))

    assert client.get(PAGE).status_code == 403
