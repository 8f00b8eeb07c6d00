import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from orders.domain.gateway import PayMethod, RefundStatus, TradeState
from orders.errors import GatewayRefused, GatewayUnavailable, GatewayUnknown
from orders.integrations.providers import gateway_default, gateway_for
from orders.integrations.wechat_pay import WeChatPayGateway
from orders.models.gateway_faults import GatewayFault
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import NO, gateway_at, refund_order, trade_order

# A fault of the provider is counted.
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "names", "pattern"),
    [
        (PayMethod.H5, {"url"}, r"http://127\.0\.0\.1:\d+/cashier/h5\?prepay_id=wx\w+&package=\d+"),
        (PayMethod.NATIVE, {"code_url"}, r"http://127\.0\.0\.1:\d+/cashier/native\?prepay_id=wx.+"),
        (
            PayMethod.JSAPI,
            {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"},
            r".*prepay_id=wx\w{34}.*",
        ),
    ],
)
def test_every_way_to_pay_has_its_handle(
    wechat: WeChatPayGateway, method: PayMethod, names: set[str], pattern: str
) -> None:
    handle = wechat.create(trade_order(method=method))

    assert handle.method is method
    assert set(handle.fields) == names
    assert any(re.fullmatch(pattern, value) for value in handle.fields.values())


def test_the_provider_is_told_what_was_ordered(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    order = trade_order()

    wechat.create(order)

    trade = fake_wechat.trade(NO)
    assert trade["amount_fen"] == 1990
    assert trade["description"] == "团配 蔬菜 3 件"
    assert trade["notify_url"] == "http://127.0.0.1:9/pay/notices/wechatpay/"
    assert trade["expires_at"] == int(order.expires_at.timestamp())


def test_the_same_number_opens_the_same_trade(wechat: WeChatPayGateway) -> None:
    order = trade_order(method=PayMethod.NATIVE)

    assert wechat.create(order) == wechat.create(order)


def test_a_refusal_names_the_providers_reason(wechat: WeChatPayGateway) -> None:
    wechat.create(trade_order())

    with pytest.raises(GatewayRefused) as refused:
        wechat.create(trade_order(amount_fen=1))

    assert refused.value.details["provider_code"] == "OUT_TRADE_NO_USED"


def test_an_expiry_under_a_minute_is_lifted_and_one_in_the_past_refused(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    now = timezone.now()

    wechat.create(trade_order(expires_at=now + timedelta(seconds=5)))
    with pytest.raises(GatewayRefused):
        wechat.create(trade_order("TP000002", expires_at=now - timedelta(seconds=2)))

    assert fake_wechat.trade(NO)["expires_at"] >= int(now.timestamp()) + 60


def test_a_query_tells_the_whole_life_of_a_trade(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    states = [wechat.query(NO).state]
    wechat.create(trade_order())
    states.append(wechat.query(NO).state)
    fake_wechat.fail(NO)
    states.append(wechat.query(NO).state)
    fake_wechat.pay(NO)
    paid = wechat.query(NO)
    wechat.refund(refund_order("R-1", 100))
    states += [paid.state, wechat.query(NO).state]

    assert states == [
        TradeState.UNKNOWN_TRADE,
        TradeState.NOT_PAID,
        TradeState.NOT_PAID,
        TradeState.SUCCESS,
        TradeState.REFUND,
    ]
    assert (paid.amount_fen, paid.currency, paid.is_payee_ours) == (1990, "CNY", True)
    assert paid.transaction_id == fake_wechat.trade(NO)["transaction_id"]
    assert paid.succeeded_at is not None
    assert abs(paid.succeeded_at - timezone.now()) < timedelta(seconds=5)


def test_an_expired_trade_reads_not_paid_until_it_is_closed(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.shift_clock(timedelta(minutes=10))

    before = wechat.query(NO).state
    wechat.close(NO)

    assert (before, wechat.query(NO).state) == (TradeState.NOT_PAID, TradeState.CLOSED)


@pytest.mark.parametrize("is_paid", [False, True])
def test_closing_says_nothing_whatever_there_is_to_close(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, is_paid: bool
) -> None:
    wechat.close("NEVER001")
    wechat.create(trade_order())
    if is_paid:
        fake_wechat.pay(NO)

    wechat.close(NO)
    wechat.close(NO)

    assert wechat.query(NO).state is (TradeState.SUCCESS if is_paid else TradeState.CLOSED)


def test_a_close_that_says_done_may_hide_a_payment(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.fault("close", "pay_first")
    fake_wechat.fault("close", "ignore")

    wechat.close(NO)

    assert wechat.query(NO).state is TradeState.SUCCESS


def test_a_refund_is_accepted_first_and_succeeds_later(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    fake_wechat.set_refunds(delay_s=30)
    wechat.create(trade_order())
    fake_wechat.pay(NO)

    accepted = wechat.refund(refund_order("R-1", 500))
    waiting = wechat.query_refund("R-1")
    fake_wechat.shift_clock(timedelta(seconds=31))
    done = wechat.query_refund("R-1")

    assert (accepted.status, accepted.amount_fen) == (RefundStatus.PROCESSING, 500)
    assert waiting == accepted
    assert (done.status, done.amount_fen, done.refund_id) == (
        RefundStatus.SUCCESS,
        500,
        accepted.refund_id,
    )
    assert done.succeeded_at is not None
    assert wechat.query_refund("R-2").status is RefundStatus.UNKNOWN_REFUND


@pytest.mark.parametrize("outcome", ["ABNORMAL", "CLOSED"])
def test_a_refund_can_fail_after_it_was_accepted(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, outcome: str
) -> None:
    fake_wechat.set_refunds(outcome=outcome)
    wechat.create(trade_order())
    fake_wechat.pay(NO)

    wechat.refund(refund_order("R-1", 500))

    assert wechat.query_refund("R-1").status is RefundStatus(outcome.lower())


def test_a_refund_whose_answer_is_lost_happens_once(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.pay(NO)
    fake_wechat.fault("refund", "drop_answer")

    with pytest.raises(GatewayUnavailable):
        wechat.refund(refund_order("R-1", 500))
    again = wechat.refund(refund_order("R-1", 500))

    assert again.status is RefundStatus.SUCCESS
    assert [row["amount_fen"] for row in fake_wechat.refunds(NO)] == [500]


def test_refunds_of_one_payment_are_a_minute_apart(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.pay(NO)
    wechat.refund(refund_order("R-1", 100))

    with pytest.raises(GatewayUnavailable) as too_soon:
        wechat.refund(refund_order("R-2", 100))
    fake_wechat.shift_clock(wechat.limits.refund_spacing)

    assert too_soon.value.details["provider_code"] == "FREQUENCY_LIMITED"
    assert wechat.refund(refund_order("R-2", 100)).status is RefundStatus.PROCESSING


def test_one_payment_has_fifty_refunds_and_no_more(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.pay(NO)

    for at in range(wechat.limits.refunds_per_payment):
        fake_wechat.shift_clock(timedelta(minutes=at))
        wechat.refund(refund_order(f"R-{at}", 1))
    fake_wechat.shift_clock(timedelta(minutes=51))

    with pytest.raises(GatewayRefused):
        wechat.refund(refund_order("R-51", 1))
    assert len(fake_wechat.refunds(NO)) == 50


def test_no_more_goes_back_than_was_paid(wechat: WeChatPayGateway, fake_wechat: FakeWechat) -> None:
    wechat.create(trade_order())
    with pytest.raises(GatewayRefused):
        wechat.refund(refund_order("R-0", 1))
    fake_wechat.pay(NO)

    with pytest.raises(GatewayRefused) as too_much:
        wechat.refund(refund_order("R-1", 1991))

    assert too_much.value.details["provider_code"] == "INVALID_REQUEST"
    assert wechat.refund(refund_order("R-2", 1990)).status is RefundStatus.PROCESSING


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        ("drop_request", "silent"),
        ("error", "broken"),
        ("error_after", "broken"),
        ("forge", "not_genuine"),
        ("unknown_serial", "not_genuine"),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_no_answer_and_is_counted(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, do: str, kind: str
) -> None:
    wechat.create(trade_order())
    fake_wechat.fault("query", do)

    with pytest.raises(GatewayUnavailable):
        wechat.query(NO)

    assert wechat.query(NO).state is TradeState.NOT_PAID
    faults = GatewayFault.objects.values_list("provider", "kind", "faults")
    assert list(faults) == [("wechatpay", kind, 1)]


def test_an_answer_without_a_signature_is_no_answer(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.fault("query", "omit_header", header="Wechatpay-Signature")

    with pytest.raises(GatewayUnavailable):
        wechat.query(NO)


def test_an_answer_about_another_trade_is_no_answer(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.fault("query", "wrong_number")

    with pytest.raises(GatewayUnavailable):
        wechat.query(NO)


def test_nobody_waits_longer_than_the_timeout(fake_wechat: FakeWechat) -> None:
    gateway = gateway_at(fake_wechat, timeout_s=0.2)
    fake_wechat.fault("create", "delay", seconds=1.5)
    began = time.monotonic()

    with pytest.raises(GatewayUnavailable):
        gateway.create(trade_order())

    assert time.monotonic() - began < 1


def test_a_gateway_that_is_not_there_is_no_answer(fake_wechat: FakeWechat) -> None:
    with pytest.raises(GatewayUnavailable):
        gateway_at(fake_wechat, gateway_url="http://127.0.0.1:9").query(NO)


@pytest.mark.parametrize(
    ("do", "values"),
    [("wrong_merchant", {}), ("wrong_app", {})],
)
def test_money_for_somebody_else_is_not_ours(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, do: str, values: dict[str, object]
) -> None:
    wechat.create(trade_order())
    fake_wechat.pay(NO)
    fake_wechat.fault("query", do, **values)

    assert not wechat.query(NO).is_payee_ours


def test_amount_and_currency_are_the_providers_word(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    wechat.create(trade_order())
    fake_wechat.pay(NO)
    fake_wechat.fault("query", "wrong_amount", amount_fen=1)
    fake_wechat.fault("query", "wrong_currency")

    report = wechat.query(NO)

    assert (report.amount_fen, report.currency) == (1, "USD")


def test_a_merchant_with_another_key_is_turned_away(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, tmp_path: Path
) -> None:
    stranger = gateway_at(fake_wechat, merchant_serial="0" * 40)

    with pytest.raises(GatewayRefused) as refused:
        stranger.query(NO)

    assert refused.value.details["provider_code"] == "SIGN_ERROR"


def test_what_the_package_sends_goes_to_the_gateway_of_the_settings(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    """The package has its gateway built in; our override hangs on a private attribute."""
    wechat.create(trade_order())
    wechat.query(NO)
    wechat.close(NO)

    assert fake_wechat.control("counts") == {"create": 1, "query": 1, "close": 1, "total": 3}


def test_the_bridge_is_signed_by_the_merchant(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat
) -> None:
    fields = wechat.create(trade_order(method=PayMethod.JSAPI)).fields

    assert fields["appId"] == fake_wechat.settings["app_id"]
    assert fields["signType"] == "RSA"
    assert len(fields["paySign"]) == 344  # 256 bytes in Base64


def test_calls_share_one_connection(wechat: WeChatPayGateway, fake_wechat: FakeWechat) -> None:
    wechat.query(NO)
    began = time.perf_counter()
    for _ in range(50):
        wechat.query(NO)
    each_ms = (time.perf_counter() - began) / 50 * 1000

    assert each_ms < 50  # about 3 on a quiet machine


def test_the_adapter_is_made_once_for_the_same_settings(
    fake_wechat: FakeWechat, settings: Settings
) -> None:
    first, again = gateway_default(), gateway_for("wechatpay")
    settings.WECHATPAY = {**settings.WECHATPAY, "timeout_s": 1.0}

    assert first is again
    assert gateway_default() is not first


def test_a_provider_that_is_not_set_up_is_unknown(settings: Settings) -> None:
    with pytest.raises(GatewayUnknown):
        gateway_for("wechatpay")
    with pytest.raises(GatewayUnknown):
        gateway_for("alipay")
    settings.PAYMENT_SANDBOX_OPEN = False
    with pytest.raises(GatewayUnknown):
        gateway_for("sandbox")
