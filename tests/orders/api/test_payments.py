"""An order is paid, asked about and cancelled over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from orders.errors import GatewayUnavailable
from orders.integrations.sandbox import SandboxGateway
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderEvent, OrderSource
from orders.models.payments import Payment, Refund, SandboxTrade
from orders.models.residents import Resident
from tests.factories.orders import OrderFactory
from tests.factories.shops import Shop
from tests.orders.api.caller import ApiCaller


@pytest.fixture
def order_no(shop: Shop, resident: Resident) -> str:
    pk = shop_now(shop).placed((shop.offer(price_fen=700), 2), resident=resident)
    return Order.objects.get(pk=pk).order_no


def shop_now(shop: Shop) -> Shop:
    shop.now = timezone.now()
    return shop


def pay(trade_no: str) -> None:
    SandboxTrade.objects.filter(out_trade_no=trade_no).update(paid_at=timezone.now())


def test_a_payment_hands_out_what_opens_the_cashier(order_no: str, caller: ApiCaller) -> None:
    answer = caller.post(f"orders/{order_no}/payments/", {})

    assert answer.status == 200
    assert (answer.body["provider"], answer.body["state"]) == ("sandbox", "submitted")
    assert answer.body["amount_fen"] == 1400
    assert answer.body["out_trade_no"] in answer.body["handle"]["url"]


def test_a_payment_that_is_begun_again_is_the_same(order_no: str, caller: ApiCaller) -> None:
    answers = [caller.post(f"orders/{order_no}/payments/", {}) for _time in range(2)]

    assert answers[0].body == answers[1].body
    assert Payment.objects.count() == 1


def test_asking_finds_out_what_no_notice_told(order_no: str, caller: ApiCaller) -> None:
    before = caller.get(f"orders/{order_no}/payment/")
    begun = caller.post(f"orders/{order_no}/payments/", {})
    pay(begun.body["out_trade_no"])

    after = caller.get(f"orders/{order_no}/payment/")

    assert before.body == {"order_state": "pending_payment", "payment": None}
    assert (after.body["order_state"], after.body["payment"]["state"]) == ("paid", "succeeded")
    assert after.body["payment"]["handle"] == {}
    assert caller.get(f"orders/{order_no}/").body["paid_at"] is not None


def test_a_provider_that_is_silent_changes_nothing(
    order_no: str, caller: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object) -> None:
        raise GatewayUnavailable("No answer.")

    caller.post(f"orders/{order_no}/payments/", {})
    monkeypatch.setattr(SandboxGateway, "query", silent)

    answer = caller.get(f"orders/{order_no}/payment/")

    assert (answer.status, answer.body["order_state"]) == (200, "pending_payment")


def test_a_provider_that_does_not_answer_may_be_asked_again(
    order_no: str, caller: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object) -> None:
        raise GatewayUnavailable("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(SandboxGateway, "create", silent)
        refused = caller.post(f"orders/{order_no}/payments/", {})
    again = caller.post(f"orders/{order_no}/payments/", {})

    assert (refused.status, refused.code) == (503, "gateway_unavailable")
    assert refused.headers["Retry-After"] == "2"
    assert again.status == 200
    assert Payment.objects.count() == 1


def test_a_way_to_pay_that_is_not_offered_is_refused(order_no: str, caller: ApiCaller) -> None:
    answer = caller.post(f"orders/{order_no}/payments/", {"method": "native"})

    assert (answer.status, answer.code) == (409, "gateway_refused")


@pytest.mark.parametrize(
    ("body", "field"), [({"method": "cash"}, "method"), ({"method": "jsapi"}, "openid")]
)
def test_a_way_to_pay_is_named_in_full(
    order_no: str, caller: ApiCaller, body: dict[str, str], field: str
) -> None:
    answer = caller.post(f"orders/{order_no}/payments/", body)

    assert (answer.status, set(answer.body["details"])) == (422, {field})


def test_an_unpaid_order_is_cancelled_and_takes_no_payment_then(
    order_no: str, resident: Resident, caller: ApiCaller
) -> None:
    caller.post(f"orders/{order_no}/payments/", {})

    answer = caller.post(f"orders/{order_no}/cancel/")

    assert (answer.status, answer.body["state"]) == (200, "cancelled")
    assert OrderEvent.objects.get().actor == f"resident:{resident.code}"
    refused = caller.post(f"orders/{order_no}/payments/", {})
    assert (refused.status, refused.code) == (409, "order_not_payable")
    assert caller.post(f"orders/{order_no}/cancel/").status == 200


def test_a_paid_order_is_cancelled_until_orders_close_and_paid_back(
    order_no: str, caller: ApiCaller
) -> None:
    begun = caller.post(f"orders/{order_no}/payments/", {})
    pay(begun.body["out_trade_no"])
    caller.get(f"orders/{order_no}/payment/")

    answer = caller.post(f"orders/{order_no}/cancel/")

    assert (answer.body["state"], answer.body["refund_fen"]) == ("cancelled", 1400)
    assert [shown["reason"] for shown in answer.body["refunds"]] == ["cancellation"]
    assert Refund.objects.get().amount_fen == 1400


def test_a_paid_order_stays_once_orders_have_closed(order_no: str, caller: ApiCaller) -> None:
    begun = caller.post(f"orders/{order_no}/payments/", {})
    pay(begun.body["out_trade_no"])
    caller.get(f"orders/{order_no}/payment/")
    Campaign.objects.update(orders_close_at=timezone.now() - timedelta(seconds=1))

    answer = caller.post(f"orders/{order_no}/cancel/")

    assert (answer.status, answer.code) == (409, "order_not_cancellable")


@pytest.mark.parametrize(
    ("method", "path"), [("post", "payments/"), ("get", "payment/"), ("post", "cancel/")]
)
def test_a_neighbours_money_does_not_exist(caller: ApiCaller, method: str, path: str) -> None:
    foreign = OrderFactory.create()
    send = caller.get if method == "get" else caller.post

    answer = send(f"orders/{foreign.order_no}/{path}")

    assert (answer.status, answer.code) == (404, "not_found")
    assert not Payment.objects.exists()


def test_what_a_leader_pays_for_is_the_leaders_to_decide(
    order_no: str, shop: Shop, caller: ApiCaller
) -> None:
    Order.objects.update(source=OrderSource.PROXY, payer_leader=shop.point.leader)

    shown = caller.get(f"orders/{order_no}/")

    assert (shown.body["is_payable"], shown.body["is_cancellable"]) == (False, False)
    assert caller.post(f"orders/{order_no}/payments/", {}).status == 404
    assert caller.get(f"orders/{order_no}/payment/").status == 404
    assert caller.post(f"orders/{order_no}/cancel/").status == 404
    assert not Payment.objects.exists()


def test_an_order_is_asked_about_so_often(
    order_no: str, caller: ApiCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = SimpleRateThrottle.THROTTLE_RATES | {"payments": "2/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)

    answers = [caller.get(f"orders/{order_no}/payment/").status for _time in range(3)]

    assert answers == [200, 200, 429]
