"""A resident's own orders, from unpaid to picked up."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.domain.gateway import PayHandle, PayMethod
from orders.integrations.sandbox import SandboxGateway
from orders.models.campaigns import Campaign, CampaignState
from orders.models.claims import Claim, ClaimKind
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, PaymentState, RefundState
from orders.models.residents import Resident
from tests.factories.orders import (
    OrderFactory,
    OrderLineFactory,
    PaymentFactory,
    RefundFactory,
    RefundLineFactory,
    ResidentFactory,
)
from tests.factories.pickups import PickupFactory
from tests.factories.storefronts import OpenShop, put, shopping

DOOR = {"name": "毛海燕", "building": "6栋", "room": "1202", "request_key": "k1"}


@pytest.fixture
def resident(shop: OpenShop) -> Resident:
    return shop.resident()


@pytest.fixture
def mine(client: Client, resident: Resident) -> Client:
    """The resident's client."""
    return shopping(client, resident)


@pytest.fixture
def unpaid(mine: Client, shop: OpenShop) -> Order:
    """An order that was just placed and sent to the cashier."""
    put(mine, shop.leader, shop.offer(price_fen=2490), 2)
    mine.post(f"/g/L0001/checkout/{shop.campaign.pk}/", DOOR)
    return Order.objects.get()


def paid_order(shop: OpenShop, resident: Resident, **known: object) -> Order:
    order: Order = OrderFactory.create(
        campaign=shop.campaign,
        leader=shop.leader,
        pickup_point=shop.point,
        resident=resident,
        resident_phone="19906918821",
        **known,
    )
    OrderLineFactory.create(order=order)
    return order


def html_of(client: Client, order: Order) -> str:
    response = client.get(f"/me/orders/{order.order_no}/")
    assert response.status_code == 200
    return response.content.decode()


def state_of(order: Order) -> str:
    return str(Order.objects.values_list("state", flat=True).get(pk=order.pk))


def test_an_unpaid_order_counts_down_and_can_be_paid_or_cancelled(
    mine: Client, unpaid: Order
) -> None:
    html = html_of(mine, unpaid)

    assert "data-countdown=" in html
    assert f"/me/orders/{unpaid.order_no}/begin/" in html
    assert f"/me/orders/{unpaid.order_no}/cancel/" in html


def test_who_comes_back_from_the_cashier_sees_the_payment(mine: Client, unpaid: Order) -> None:
    SandboxGateway().pay(Payment.objects.get().out_trade_no)

    html = html_of(mine, unpaid)

    assert state_of(unpaid) == OrderState.PAID
    assert 'data-state="paid"' in html


def test_paying_again_leads_to_the_same_attempt(mine: Client, unpaid: Order) -> None:
    response = mine.post(f"/me/orders/{unpaid.order_no}/begin/")

    payment = Payment.objects.get()
    assert response["Location"].startswith(f"/pay/sandbox/{payment.out_trade_no}/")


def test_an_order_that_is_paid_cannot_be_paid_again(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident)

    response = mine.post(f"/me/orders/{order.order_no}/begin/", follow=True)

    assert "notice--caution" in response.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("handle", "shown"),
    [
        pytest.param(
            PayHandle(PayMethod.H5, {"url": "https://wx.example/h5?prepay_id=1"}),
            "https://wx.example/h5?prepay_id=1&amp;redirect_url=",
            id="h5",
        ),
        pytest.param(
            PayHandle(PayMethod.NATIVE, {"code_url": "weixin://wxpay/1"}),
            "data:image/svg+xml",
            id="native",
        ),
        pytest.param(
            PayHandle(PayMethod.NATIVE, {"code_url": "http://127.0.0.1:8001/cashier?id=1"}),
            'href="http://127.0.0.1:8001/cashier?id=1&amp;redirect_url=',
            id="native_that_a_browser_opens",
        ),
    ],
)
def test_a_cashier_elsewhere_is_opened_from_a_page_of_ours(
    mine: Client,
    unpaid: Order,
    monkeypatch: pytest.MonkeyPatch,
    handle: PayHandle,
    shown: str,
) -> None:
    Payment.objects.update(state=PaymentState.FAILED, next_query_at=None)
    monkeypatch.setattr(SandboxGateway, "create", lambda _self, _order: handle)

    response = mine.post(f"/me/orders/{unpaid.order_no}/begin/")

    assert response["Location"] == f"/me/orders/{unpaid.order_no}/pay/"
    assert shown in mine.get(response["Location"]).content.decode()


def test_inside_wechat_the_bridge_gets_its_parameters(
    mine: Client, unpaid: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    Resident.objects.update(openid="o1")
    Payment.objects.update(state=PaymentState.FAILED, next_query_at=None)
    monkeypatch.setattr(SandboxGateway, "methods", (PayMethod.NATIVE, PayMethod.JSAPI))
    handle = PayHandle(PayMethod.JSAPI, {"package": "prepay_id=1"})
    monkeypatch.setattr(SandboxGateway, "create", lambda _self, _order: handle)

    mine.post(
        f"/me/orders/{unpaid.order_no}/begin/", headers={"User-Agent": "MicroMessenger/8.0 Mobile"}
    )

    html = mine.get(f"/me/orders/{unpaid.order_no}/pay/").content.decode()
    assert Payment.objects.latest("pk").method == PayMethod.JSAPI
    assert "prepay_id=1" in html
    assert 'data-cashier="jsapi"' in html


def test_without_anything_to_pay_the_pay_page_leads_to_the_order(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident)

    assert mine.get(f"/me/orders/{order.order_no}/pay/")["Location"] == (
        f"/me/orders/{order.order_no}/"
    )


def test_an_unpaid_order_is_cancelled_at_a_press(mine: Client, unpaid: Order) -> None:
    mine.post(f"/me/orders/{unpaid.order_no}/cancel/")

    assert state_of(unpaid) == OrderState.CANCELLED


def test_a_paid_order_is_cancelled_before_the_close_and_its_money_goes_back(
    mine: Client, unpaid: Order
) -> None:
    SandboxGateway().pay(Payment.objects.get().out_trade_no)
    html_of(mine, unpaid)

    mine.post(f"/me/orders/{unpaid.order_no}/cancel/")

    html = html_of(mine, unpaid)
    assert state_of(unpaid) == OrderState.CANCELLED
    assert 'data-refund="cancellation"' in html
    assert "¥49.80" in html


def test_after_the_close_nothing_is_cancelled(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident)
    shop.over(shop.campaign)

    assert "/cancel/" not in html_of(mine, order)
    response = mine.post(f"/me/orders/{order.order_no}/cancel/", follow=True)

    assert state_of(order) == OrderState.PAID
    assert "notice--caution" in response.content.decode()


def test_the_pickup_code_is_the_number_and_the_end_of_the_phone(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident, state=OrderState.FROZEN, pickup_no=7)

    assert "07-8821" in html_of(mine, order)


def test_the_pickup_code_is_there_for_a_camera_until_the_goods_are_fetched(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident, state=OrderState.FROZEN, pickup_no=7)
    waiting = html_of(mine, order)

    PickupFactory.create(order=order)
    fetched = html_of(mine, order)

    assert 'class="pickup__qr" src="data:image/svg+xml' in waiting
    assert "data-fetched" not in waiting
    assert "data-fetched" in fetched
    assert "pickup__qr" not in fetched


def test_shortages_and_their_refunds_are_told_with_their_state(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident, state=OrderState.FROZEN, pickup_no=7)
    refund = RefundFactory.create(
        payment=PaymentFactory.create(order=order),
        state=RefundState.SUCCEEDED,
        succeeded_at=shop.now,
    )
    RefundLineFactory.create(refund=refund, order_line=order.lines.get())

    html = html_of(mine, order)

    assert 'data-refund="shortage"' in html
    assert "−¥5.00" in html


def test_a_late_payment_is_explained(mine: Client, shop: OpenShop, resident: Resident) -> None:
    order = paid_order(shop, resident, state=OrderState.LATE_PAID)

    assert "state--late_paid" in html_of(mine, order)


def test_claims_are_shown_with_their_answers(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident, state=OrderState.COMPLETED)
    Claim.objects.create(
        order_line=order.lines.get(),
        kind=ClaimKind.SPOILED,
        qty=1,
        asked_fen=250,
        request_key="c1",
        filed_at=shop.now,
    )

    assert "¥2.50" in html_of(mine, order)


def test_an_order_is_shown_in_a_fixed_number_of_queries(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident)
    html_of(mine, order)
    with CaptureQueriesContext(connection) as few:
        html_of(mine, order)
    OrderLineFactory.create_batch(20, order=order)
    with CaptureQueriesContext(connection) as many:
        html_of(mine, order)

    assert len(many) == len(few)


def test_the_list_is_the_residents_own_the_newest_first(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    old = paid_order(shop, resident)
    new = paid_order(shop, resident, placed_at=shop.now)
    foreign = OrderFactory.create(campaign=shop.campaign)

    html = mine.get("/me/orders/").content.decode()

    assert html.index(new.order_no) < html.index(old.order_no)
    assert foreign.order_no not in html


def test_a_long_list_is_cut_into_pages_of_as_many_queries(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    paid_order(shop, resident)
    mine.get("/me/orders/")
    with CaptureQueriesContext(connection) as few:
        mine.get("/me/orders/")
    for _order in range(24):
        paid_order(shop, resident)
    with CaptureQueriesContext(connection) as many:
        html = mine.get("/me/orders/").content.decode()

    assert html.count("order-card__head") == 20
    assert len(many) == len(few)


def test_other_peoples_orders_do_not_exist(mine: Client, shop: OpenShop) -> None:
    foreign = OrderFactory.create(resident=ResidentFactory.create(leader=shop.leader))

    assert mine.get(f"/me/orders/{foreign.order_no}/").status_code == 404
    assert mine.get(f"/me/orders/{foreign.order_no}/pay/").status_code == 404
    for action in ("begin", "cancel"):
        assert mine.post(f"/me/orders/{foreign.order_no}/{action}/").status_code == 404
        assert mine.get(f"/me/orders/{foreign.order_no}/{action}/").status_code == 405


def test_an_order_whose_time_is_over_offers_no_payment(mine: Client, unpaid: Order) -> None:
    Order.objects.update(pay_by=unpaid.placed_at - timedelta(seconds=1))
    cache.clear()

    assert "/begin/" not in html_of(mine, unpaid)


def test_a_cancelled_campaign_cancels_nothing_again(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident, state=OrderState.CANCELLED)
    Campaign.objects.update(state=CampaignState.CANCELLED)

    assert "/cancel/" not in html_of(mine, order)


def test_what_the_leader_pays_for_is_the_leaders_to_decide(
    mine: Client, shop: OpenShop, resident: Resident
) -> None:
    order = paid_order(shop, resident, source="proxy", payer_leader=shop.leader)

    html = html_of(mine, order)

    assert shop.leader.name in html
    assert "/cancel/" not in html
    for action in ("begin", "cancel"):
        assert mine.post(f"/me/orders/{order.order_no}/{action}/").status_code == 404
    assert state_of(order) == OrderState.PAID
