"""What a payment provider is told and what it answers, in our words.

Every provider speaks its own dialect; its adapter turns it into these values,
and nothing behind the adapter knows which provider spoke. Amounts are fen,
moments are aware.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class PayMethod(StrEnum):
    """How a resident is brought to the provider."""

    PAGE = "page"
    JSAPI = "jsapi"
    H5 = "h5"
    NATIVE = "native"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLimits:
    """What a provider refuses, so that we need not ask.

    Parameters
    ----------
    expiry_min
        Shortest time between the creation of a trade and its expiry.
    refunds_per_payment
        Most refunds one payment may have.
    refund_spacing
        Least time between two refunds of one payment.
    refund_window
        How long after the payment it can be refunded.
    calls_at_once
        Calls that may run side by side, in threads without a database; 1
        keeps them in the thread of whoever calls.
    """

    expiry_min: timedelta = timedelta(minutes=1)
    refunds_per_payment: int = 50
    refund_spacing: timedelta = timedelta(minutes=1)
    refund_window: timedelta = timedelta(days=365)
    calls_at_once: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOrder:
    """One attempt to pay, as it is created at the provider.

    `out_trade_no` has 6 to 32 letters and digits, is made and stored by us
    before the call, and stays the same in every retry. `openid` is needed by
    JSAPI alone, `client_ip` by H5.
    """

    out_trade_no: str
    amount_fen: int
    description: str
    expires_at: datetime
    method: PayMethod
    openid: str = ""
    client_ip: str = ""


@dataclass(frozen=True, slots=True)
class PayHandle:
    """What the resident's phone needs to open the cashier.

    `fields` are plain strings: `{"url": …}` for a page or H5, `{"code_url": …}`
    for a QR code, the signed parameters of the bridge for JSAPI.
    """

    method: PayMethod
    fields: dict[str, str] = field(default_factory=dict)


class TradeState(StrEnum):
    """What a provider says of a trade. Only SUCCESS, CLOSED and UNKNOWN_TRADE are final."""

    SUCCESS = "success"
    REFUND = "refund"
    NOT_PAID = "not_paid"
    CLOSED = "closed"
    UNKNOWN_TRADE = "unknown_trade"

    @property
    def is_paid(self) -> bool:
        """Money came in, whether or not some of it has gone back since."""
        return self in (TradeState.SUCCESS, TradeState.REFUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeReport:
    """A provider's word on one trade, from a query or a genuine notice.

    The amount, the currency and the payee are the provider's; whether they
    are ours is for the service to compare. Empty while nothing is paid.
    """

    out_trade_no: str
    state: TradeState
    transaction_id: str = ""
    amount_fen: int = 0
    currency: str = "CNY"
    is_payee_ours: bool = True
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A refund as it is asked for; a retry keeps `out_refund_no`."""

    out_trade_no: str
    out_refund_no: str
    amount_fen: int
    paid_fen: int
    reason: str


class RefundStatus(StrEnum):
    """What a provider says of a refund; acceptance is not success."""

    PROCESSING = "processing"
    SUCCESS = "success"
    ABNORMAL = "abnormal"
    CLOSED = "closed"
    UNKNOWN_REFUND = "unknown_refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReport:
    """A provider's word on one refund, from a call, a query or a genuine notice."""

    out_refund_no: str
    status: RefundStatus
    refund_id: str = ""
    amount_fen: int = 0
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A genuine notice: verified, decrypted, fresh. It carries one report of one kind."""

    notice_id: str
    body_hash: str
    trade: TradeReport | None = None
    refund: RefundReport | None = None


class BillRowKind(StrEnum):
    """What a row of a bill is about."""

    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """One row of a provider's daily bill; `number` is ours (trade or refund no.).

    `state` is the value of a `TradeState` or `RefundStatus`, or the provider's
    own word where it means none of them. `fee_fen` is what the provider kept,
    negative where a refund gave some of it back.
    """

    kind: BillRowKind
    number: str
    out_trade_no: str
    amount_fen: int
    fee_fen: int
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A provider's bill of one day, with the totals it prints itself."""

    provider: str
    bill_date: date
    rows: tuple[BillRow, ...]
    total_rows: int
    total_payments_fen: int
    total_refunds_fen: int
    total_fee_fen: int
