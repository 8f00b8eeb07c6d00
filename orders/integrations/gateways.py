"""The protocol every payment provider's adapter keeps, and which provider is which.

No method may be called inside a database transaction: each is a call over
the network that can take seconds and end in three ways.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

from orders.domain.gateway import (
    Bill,
    GatewayLimits,
    Notice,
    PayHandle,
    PayMethod,
    RefundOrder,
    RefundReport,
    TradeOrder,
    TradeReport,
)

# A notice is a few KB and minutes old; an older one is a replay, a larger one an attack.
NOTICE_BYTES_MAX = 64 * 1024
NOTICE_AGE_MAX = timedelta(minutes=5)


class PaymentGateway(Protocol):
    """One payment provider.

    Every call may raise `GatewayUnavailable`: no answer, or none that can be
    trusted. The effect is then unknown, and only `query` or `query_refund`
    tells. `GatewayRefused` is a definite no: nothing has happened there.
    """

    @property
    def name(self) -> str:
        """The provider's name in rows, settings and addresses."""
        ...

    @property
    def methods(self) -> tuple[PayMethod, ...]:
        """The ways to pay it offers, the preferred one first."""
        ...

    @property
    def limits(self) -> GatewayLimits:
        """What it refuses."""
        ...

    def create(self, order: TradeOrder) -> PayHandle:
        """Create a trade; the same number again returns a handle for the same trade."""
        ...

    def query(self, out_trade_no: str) -> TradeReport:
        """Return its word on a trade; `UNKNOWN_TRADE` if it never heard of it."""
        ...

    def close(self, out_trade_no: str) -> None:
        """Ask it to close a trade. The answer proves nothing: query afterwards."""
        ...

    def refund(self, order: RefundOrder) -> RefundReport:
        """Ask for a refund; the same number again returns the same refund."""
        ...

    def query_refund(self, out_refund_no: str) -> RefundReport:
        """Return its word on a refund; `UNKNOWN_REFUND` if it never heard of it."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Verify and decrypt a notice, without any call; raise `NoticeRefused` if it is forged."""
        ...

    def bill(self, day: date) -> Bill:
        """Return the bill of a local day; raise `BillNotReady` while there is none."""
        ...
