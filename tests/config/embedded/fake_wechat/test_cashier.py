from datetime import timedelta
from urllib.parse import quote

import pytest
import requests

from orders.domain.gateway import PayMethod, TradeState
from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import NO, gateway_at, trade_order


@pytest.fixture
def adapter(fake_wechat: FakeWechat) -> WeChatPayGateway:
    """The adapter of an empty gateway."""
    fake_wechat.hold_notices()
    return gateway_at(fake_wechat)


def _pay(url: str, back: str = "") -> requests.Response:
    query = url.partition("?")[2] + (f"&redirect_url={quote(back)}" if back else "")
    address = f"{url.partition('/cashier/')[0]}/cashier/pay?{query}"
    return requests.post(address, timeout=5, allow_redirects=False)


@pytest.mark.parametrize(
    ("method", "name"), [(PayMethod.H5, "url"), (PayMethod.NATIVE, "code_url")]
)
def test_a_person_sees_what_is_paid_and_pays(
    adapter: WeChatPayGateway, method: PayMethod, name: str
) -> None:
    url = adapter.create(trade_order(amount_fen=123450, method=method)).fields[name]
    before = requests.get(url, timeout=5).text

    answer = _pay(url)

    assert "¥1,234.50" in before
    assert "团配 蔬菜 3 件" in before
    assert "<button>支付</button>" in before
    assert adapter.query(NO).state is TradeState.SUCCESS
    after = requests.get(f"{url.partition('/cashier/')[0]}{answer.headers['Location']}", timeout=5)
    assert "支付成功" in after.text
    assert "<button>" not in after.text


def test_who_has_paid_is_led_back_to_the_shop(adapter: WeChatPayGateway) -> None:
    url = adapter.create(trade_order()).fields["url"]

    answer = _pay(url, "http://127.0.0.1:8000/orders/1/")

    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "http://127.0.0.1:8000/orders/1/",
    )


@pytest.mark.parametrize("back", ["https://evil.example/", "javascript:alert(1)", "http://a\r\nb"])
def test_nobody_is_led_anywhere_else(adapter: WeChatPayGateway, back: str) -> None:
    url = adapter.create(trade_order()).fields["url"]

    assert _pay(url, back).headers["Location"].startswith("/cashier/h5?")


def test_what_has_expired_cannot_be_paid(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    url = adapter.create(trade_order()).fields["url"]
    fake_wechat.shift_clock(timedelta(minutes=6))

    _pay(url)

    assert "订单已关闭或已过期" in requests.get(url, timeout=5).text
    assert adapter.query(NO).state is TradeState.NOT_PAID


def test_what_a_shop_writes_is_shown_and_not_run(
    fake_wechat: FakeWechat, adapter: WeChatPayGateway
) -> None:
    order = trade_order()
    spiced = type(order)(
        out_trade_no=order.out_trade_no,
        amount_fen=order.amount_fen,
        description="<script>alert(1)</script>",
        expires_at=order.expires_at,
        method=order.method,
        client_ip=order.client_ip,
    )
    url = adapter.create(spiced).fields["url"]

    page = requests.get(url, timeout=5).text

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
