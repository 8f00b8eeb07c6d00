from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests

from orders.domain.gateway import TradeState
from orders.errors import GatewayRefused, GatewayUnavailable
from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import NO, gateway_at, trade_order

# The adapter counts what a provider fails to answer.
pytestmark = pytest.mark.django_db


@pytest.fixture
def adapter(fake_wechat: FakeWechat) -> WeChatPayGateway:
    """The adapter of an empty gateway."""
    fake_wechat.hold_notices()
    return gateway_at(fake_wechat)


def test_an_unsigned_call_is_turned_away_and_counted(fake_wechat: FakeWechat) -> None:
    answer = requests.get(
        f"{fake_wechat.url}/v3/pay/transactions/out-trade-no/{NO}?mchid=1", timeout=5
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")
    assert "Wechatpay-Signature" in answer.headers
    assert fake_wechat.calls("query") == 1


def test_a_call_signed_ten_minutes_ago_is_turned_away(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    fake_wechat.shift_clock(timedelta(minutes=10), signatures=True)

    with pytest.raises(GatewayRefused) as refused:
        adapter.query(NO)

    assert refused.value.details["provider_code"] == "SIGN_ERROR"


def test_the_clock_of_the_books_leaves_signatures_alone(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    then = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    fake_wechat.set_clock(then)
    adapter.create(trade_order(expires_at=then + timedelta(minutes=1)))
    fake_wechat.pay(NO)

    paid_at = adapter.query(NO).succeeded_at

    assert paid_at is not None
    assert then <= paid_at < then + timedelta(seconds=30)


def test_a_payment_can_be_given_its_moment(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    adapter.create(trade_order())
    moment = datetime(2026, 3, 10, 15, 1, 1, tzinfo=UTC)

    fake_wechat.pay(NO, at=moment)

    assert adapter.query(NO).succeeded_at == moment


def test_only_force_pays_what_is_closed(fake_wechat: FakeWechat, adapter: WeChatPayGateway) -> None:
    adapter.create(trade_order())
    adapter.close(NO)

    with pytest.raises(AssertionError, match="ORDER_CLOSED"):
        fake_wechat.pay(NO)
    assert fake_wechat.pay(NO, force=True)
    assert not fake_wechat.pay(NO, force=True)
    assert adapter.query(NO).state is TradeState.SUCCESS


def test_a_fault_is_used_up_and_can_be_for_one_number(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    fake_wechat.fault("query", "error", times=2, number="TP000002")

    heard = [_is_heard(adapter, number) for number in (NO, "TP000002", "TP000002", "TP000002")]

    assert heard == [True, False, False, True]


def test_a_fault_without_end_ends_when_it_is_cleared(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    fake_wechat.fault("*", "drop_request", times=-1)
    before = [_is_heard(adapter, NO) for _ in range(3)]

    fake_wechat.clear_faults()

    assert before == [False] * 3
    assert _is_heard(adapter, NO)


@pytest.mark.parametrize(
    ("lose", "state"),
    [("drop_request", TradeState.UNKNOWN_TRADE), ("drop_answer", TradeState.NOT_PAID)],
)
def test_a_lost_request_has_no_effect_and_a_lost_answer_has(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway, lose: str, state: TradeState
) -> None:
    fake_wechat.fault("create", lose)

    with pytest.raises(GatewayUnavailable):
        adapter.create(trade_order())

    assert adapter.query(NO).state is state


@pytest.mark.parametrize(
    "rule",
    [
        {"on": "query", "do": "explode"},
        {"on": "nothing", "do": "delay"},
        {"on": "query", "do": "delay", "minutes": 3},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    fake_wechat: FakeWechat, rule: dict[str, object]
) -> None:
    with pytest.raises(AssertionError, match="PARAM_ERROR"):
        fake_wechat.control("faults", **rule)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda url: requests.post(url, data="{}", timeout=5), id="a form"),
        pytest.param(
            lambda url: requests.post(
                url, data="{}", headers={"Content-Type": "text/plain"}, timeout=5
            ),
            id="plain text",
        ),
    ],
)
def test_a_page_in_a_browser_cannot_control_it(
    fake_wechat: FakeWechat, call: Callable[[str], requests.Response]
) -> None:
    answer = call(f"{fake_wechat.url}/_control/reset")

    assert answer.status_code == 403


def test_an_unknown_control_is_named_as_such(fake_wechat: FakeWechat) -> None:
    with pytest.raises(AssertionError, match="NO_SUCH_CONTROL"):
        fake_wechat.control("dance")


def _is_heard(adapter: WeChatPayGateway, number: str) -> bool:
    try:
        adapter.query(number)
    except GatewayUnavailable:
        return False
    return True
