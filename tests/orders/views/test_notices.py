"""Where payment providers tell what happened."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from orders.errors import PlatformBusy
from orders.integrations import providers
from orders.integrations.gateways import NOTICE_BYTES_MAX
from orders.integrations.sandbox import SIGNATURE_HEADER, TIMESTAMP_HEADER, SandboxGateway
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, PaymentNotice
from orders.services.payments import payment_begin
from orders.views import notices
from tests.factories.shops import Shop

pytestmark = pytest.mark.usefixtures("books_hold")
URL = "/pay/notices/sandbox/"


class PaidTrade:
    """An order whose payment the provider has taken, and its genuine notice."""

    def __init__(self, shop: Shop, gateway: SandboxGateway) -> None:
        order_id = shop.placed((shop.offer(price_fen=500), 1))
        self.payment = payment_begin(order_id=order_id, clock=shop.clock)
        gateway.pay(self.payment.out_trade_no)
        self.headers, self.body = gateway.notice(self.payment.out_trade_no)


def send(client: Client, body: bytes, headers: dict[str, str], url: str = URL) -> Any:
    """The test client's response; it has `json`, which a plain response has not."""
    return client.post(url, data=body, content_type="application/json", headers=headers)


@pytest.fixture
def trade(db: None, monkeypatch: pytest.MonkeyPatch) -> PaidTrade:
    cache.clear()
    shop = Shop()
    gateway = SandboxGateway(clock=shop.clock)
    monkeypatch.setattr(providers, "_sandbox", lambda: gateway)
    return PaidTrade(shop, gateway)


@pytest.fixture
def strict_client() -> Client:
    return Client(enforce_csrf_checks=True)


def order_state() -> str:
    return Order.objects.get().state


def test_a_genuine_notice_pays_the_order_and_is_answered_in_the_providers_words(
    trade: PaidTrade, strict_client: Client
) -> None:
    response = send(strict_client, trade.body, trade.headers)

    assert (response.status_code, response.json()["code"]) == (200, "SUCCESS")
    assert order_state() == OrderState.PAID


def test_a_replayed_notice_is_answered_and_nothing_happens(
    trade: PaidTrade, client: Client
) -> None:
    codes = [send(client, trade.body, trade.headers).status_code for _time in range(3)]

    assert codes == [200, 200, 200]
    assert PaymentNotice.objects.count() == 1


@pytest.mark.parametrize("part", ["body", "signature", "time", "no_headers"])
def test_a_forged_notice_changes_nothing(trade: PaidTrade, client: Client, part: str) -> None:
    headers, body = dict(trade.headers), trade.body
    if part == "body":
        body = body.replace(b'"amount_fen": 500', b'"amount_fen": 501')
    elif part == "signature":
        headers[SIGNATURE_HEADER] = headers[SIGNATURE_HEADER][::-1]
    elif part == "time":
        headers[TIMESTAMP_HEADER] = str(int(headers[TIMESTAMP_HEADER]) + 1)
    else:
        headers = {}

    response = send(client, body, headers)

    assert response.status_code == 401
    assert order_state() == OrderState.PENDING_PAYMENT
    assert not PaymentNotice.objects.exists()


def test_a_body_over_the_limit_is_not_read(
    trade: PaidTrade, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(**_arguments: object) -> str:
        raise AssertionError("somebody read it")

    monkeypatch.setattr(notices, "notice_receive", unread)

    response = send(client, b"x" * (NOTICE_BYTES_MAX + 1), trade.headers)

    assert response.status_code == 413


def test_a_provider_that_is_not_set_up_has_no_address(trade: PaidTrade, client: Client) -> None:
    response = send(client, trade.body, trade.headers, "/pay/notices/alipay/")

    assert response.status_code == 404


def test_only_posts_are_notices(client: Client) -> None:
    assert client.get(URL).status_code == 405


def test_while_the_order_is_held_the_provider_is_asked_to_come_again(
    trade: PaidTrade, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_arguments: object) -> str:
        raise PlatformBusy("Very many people are ordering.")

    monkeypatch.setattr(notices, "notice_receive", busy)

    response = send(client, trade.body, trade.headers)

    assert (response.status_code, response.json()["code"]) == (503, "FAIL")


def test_whoever_keeps_forging_is_turned_away_and_others_are_not(
    trade: PaidTrade, client: Client
) -> None:
    forged = dict.fromkeys(trade.headers, "0")
    codes = [send(client, trade.body, forged).status_code for _time in range(31)]
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")

    assert codes == [401] * 30 + [429]
    assert send(elsewhere, trade.body, trade.headers).status_code == 200


def test_a_proxy_on_this_machine_names_who_forges(trade: PaidTrade, client: Client) -> None:
    forged = dict.fromkeys(trade.headers, "0") | {"X-Forwarded-For": "9.9.9.9, 203.0.113.7"}
    for _time in range(31):
        last = send(client, trade.body, forged)

    genuine = trade.headers | {"X-Forwarded-For": "203.0.113.8"}
    assert last.status_code == 429
    assert send(client, trade.body, genuine).status_code == 200


def test_a_stranger_cannot_have_somebody_else_turned_away(
    trade: PaidTrade,
) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    forged = dict.fromkeys(trade.headers, "0") | {"X-Forwarded-For": "203.0.113.8"}
    for _time in range(31):
        send(stranger, trade.body, forged)

    other = Client(REMOTE_ADDR="203.0.113.8")
    assert send(other, trade.body, trade.headers).status_code == 200


def test_many_genuine_notices_are_all_taken(trade: PaidTrade, client: Client) -> None:
    codes = {send(client, trade.body, trade.headers).status_code for _time in range(40)}

    assert codes == {200}
    assert Payment.objects.get().verdict == "paid"
