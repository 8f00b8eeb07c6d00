"""The WeChat Pay adapter set up against the fake gateway."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import timezone

from orders.domain.gateway import PayMethod, RefundOrder, TradeOrder
from orders.integrations.wechat_line import WeChatPaySettings
from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat

NO = "TP20260310000001"
# Port 9 discards: notices that nobody asked for reach nobody.
NOWHERE = "http://127.0.0.1:9/pay/notices/wechatpay/"


def gateway_at(
    fake: FakeWechat,
    *,
    clock: Callable[[], datetime] = timezone.now,
    notify_url: str = NOWHERE,
    **changes: object,
) -> WeChatPayGateway:
    """Return an adapter that pays at the fake gateway."""
    values = {**fake.settings, **changes}
    return _adapter(WeChatPaySettings(**values, notify_url=notify_url), clock)


@lru_cache(maxsize=4)
def _adapter(config: WeChatPaySettings, clock: Callable[[], datetime]) -> WeChatPayGateway:
    # Reading two private keys takes a third of a second.
    return WeChatPayGateway(config, clock)


def trade_order(
    number: str = NO,
    *,
    amount_fen: int = 1990,
    method: PayMethod = PayMethod.H5,
    expires_at: datetime | None = None,
) -> TradeOrder:
    """Return an attempt that expires in five minutes."""
    return TradeOrder(
        out_trade_no=number,
        amount_fen=amount_fen,
        description="团配 蔬菜 3 件",
        expires_at=expires_at or timezone.now() + timedelta(minutes=5),
        method=method,
        openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" if method is PayMethod.JSAPI else "",
        client_ip="203.0.113.7",
    )


def refund_order(
    number: str, amount_fen: int, *, trade: str = NO, paid_fen: int = 1990
) -> RefundOrder:
    """Return a refund for goods that were short."""
    return RefundOrder(
        out_trade_no=trade,
        out_refund_no=number,
        amount_fen=amount_fen,
        paid_fen=paid_fen,
        reason="西兰花缺货 2 份，按原价退款",
    )
