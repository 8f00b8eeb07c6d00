"""The protocol of those who pay leaders, and who does it here."""

from functools import lru_cache
from typing import Protocol

from django.conf import settings

from fulfillment.domain.payouts import PayoutOrder, PayoutReport
from fulfillment.integrations.payout_wechat import WeChatPayouts
from orders.errors import GatewayUnknown
from orders.integrations.wechat_line import WeChatPaySettings


class PayoutProvider(Protocol):
    """Somebody who transfers money to people.

    Every call goes over the network and may raise `GatewayUnavailable`: the
    effect is then unknown, and `query` tells. None may be made inside a
    database transaction.
    """

    @property
    def calls_at_once(self) -> int:
        """How many calls it takes side by side."""
        ...

    def submit(self, order: PayoutOrder) -> PayoutReport:
        """Ask for a transfer; the same number again is the same transfer.

        A refusal comes back as `FAILED`, and only when the provider says that
        it knows no transfer under this number.
        """
        ...

    def query(self, payout_no: str) -> PayoutReport:
        """Return its word on a transfer; `UNKNOWN` if it never heard of it."""
        ...

    def cancel(self, payout_no: str) -> None:
        """Ask it to give up a transfer nobody confirmed. The answer proves nothing: query."""
        ...


def payout_provider() -> PayoutProvider:
    """Return who pays over WeChat; raise `GatewayUnknown` where that is not set up."""
    if not settings.WECHATPAY["merchant_id"]:
        raise GatewayUnknown("This payment provider is not set up here.", provider="wechatpay")
    config = WeChatPaySettings(**settings.WECHATPAY, notify_url="")
    return _wechat(config, settings.PAYOUT_SCENE_ID, settings.PAYOUT_SCENE_JOB)


@lru_cache(maxsize=1)
def _wechat(config: WeChatPaySettings, scene_id: str, scene_job: str) -> WeChatPayouts:
    return WeChatPayouts(config, scene_id=scene_id, scene_job=scene_job)
