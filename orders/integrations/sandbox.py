"""A payment provider inside the project, where a person pays by pressing a button.

It is the other side: `SandboxTrade` and `SandboxRefund` are its memory and its
alone, written here and read here, as a real provider keeps its own books. The
services that pay and refund learn of them only through the protocol. It keeps
the manners of the real ones that matter: a trade that has expired keeps
reading "not paid" until somebody closes it, an expiry of under a minute is
lifted to a minute, and a closed trade can never be paid.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from orders.domain.gateway import (
    Bill,
    BillRow,
    BillRowKind,
    GatewayLimits,
    Notice,
    PayHandle,
    PayMethod,
    RefundOrder,
    RefundReport,
    RefundStatus,
    TradeOrder,
    TradeReport,
    TradeState,
)
from orders.errors import BillNotReady, GatewayRefused, NoticeRefused
from orders.integrations.gateways import NOTICE_AGE_MAX, NOTICE_BYTES_MAX
from orders.models.payments import SandboxRefund, SandboxTrade

SIGNATURE_HEADER = "Sandbox-Signature"
TIMESTAMP_HEADER = "Sandbox-Timestamp"
_SALT = "orders.integrations.sandbox"


class SandboxGateway:
    """The sandbox as a `PaymentGateway`; it takes no fee and refunds at once.

    Parameters
    ----------
    clock
        The provider's own clock, which need not agree with ours.
    """

    name = "sandbox"
    methods = (PayMethod.PAGE,)
    limits = GatewayLimits(refund_spacing=timedelta(0))

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def create(self, order: TradeOrder) -> PayHandle:
        """Remember the trade; the same number for another amount is refused."""
        earliest = self._clock() + self.limits.expiry_min
        new = SandboxTrade(
            out_trade_no=order.out_trade_no,
            amount_fen=order.amount_fen,
            description=order.description,
            expires_at=max(order.expires_at, earliest),
        )
        SandboxTrade.objects.bulk_create([new], ignore_conflicts=True)
        trade = SandboxTrade.objects.get(out_trade_no=order.out_trade_no)
        if trade.amount_fen != order.amount_fen:
            raise _refusal("OUT_TRADE_NO_USED", trade.out_trade_no)
        if trade.paid_at is not None:
            raise _refusal("ORDERPAID", trade.out_trade_no)
        if trade.closed_at is not None:
            raise _refusal("ORDER_CLOSED", trade.out_trade_no)
        return PayHandle(PayMethod.PAGE, {"url": reverse("sandbox-pay", args=[trade.out_trade_no])})

    def query(self, out_trade_no: str) -> TradeReport:
        """Return what the tables say of a trade."""
        trade = self.trade(out_trade_no)
        if trade is None:
            return TradeReport(out_trade_no=out_trade_no, state=TradeState.UNKNOWN_TRADE)
        return _report(trade)

    def close(self, out_trade_no: str) -> None:
        """Close a trade that is not paid; anything else passes without a word."""
        SandboxTrade.objects.filter(
            out_trade_no=out_trade_no, paid_at__isnull=True, closed_at__isnull=True
        ).update(closed_at=self._clock())

    @transaction.atomic
    def refund(self, order: RefundOrder) -> RefundReport:
        """Give money back at once; a known number answers with the refund it stands for."""
        trade = (
            SandboxTrade.objects.select_for_update().filter(out_trade_no=order.out_trade_no).first()
        )
        if trade is None or trade.paid_at is None:
            raise _refusal("RESOURCE_NOT_EXISTS", order.out_trade_no)
        known = SandboxRefund.objects.filter(out_refund_no=order.out_refund_no).first()
        if known is not None:
            if known.trade_id != trade.pk or known.amount_fen != order.amount_fen:
                raise _refusal("PARAM_ERROR", order.out_refund_no)
            return _refund_report(known)
        amounts = list(trade.refunds.values_list("amount_fen", flat=True))
        if order.amount_fen < 1 or sum(amounts) + order.amount_fen > trade.amount_fen:
            raise _refusal("REFUND_EXCEEDS_PAID", order.out_refund_no)
        if len(amounts) >= self.limits.refunds_per_payment:
            raise _refusal("TOO_MANY_REFUNDS", order.out_refund_no)
        return _refund_report(
            SandboxRefund.objects.create(
                trade=trade,
                out_refund_no=order.out_refund_no,
                amount_fen=order.amount_fen,
                refunded_at=self._clock(),
            )
        )

    def query_refund(self, out_refund_no: str) -> RefundReport:
        """Return what the tables say of a refund."""
        refund = SandboxRefund.objects.filter(out_refund_no=out_refund_no).first()
        if refund is None:
            return RefundReport(out_refund_no=out_refund_no, status=RefundStatus.UNKNOWN_REFUND)
        return _refund_report(refund)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check size, age and signature of a notice, then read it."""
        found = {name.lower(): value for name, value in headers.items()}
        stamp = found.get(TIMESTAMP_HEADER.lower(), "")
        if len(body) > NOTICE_BYTES_MAX or not (stamp.isascii() and stamp.isdigit()):
            raise NoticeRefused("The notice is too large or carries no time.")
        if abs(self._clock().timestamp() - int(stamp)) > NOTICE_AGE_MAX.total_seconds():
            raise NoticeRefused("The notice is too old.")
        if not constant_time_compare(
            found.get(SIGNATURE_HEADER.lower(), ""), _signature(stamp, body)
        ):
            raise NoticeRefused("The notice is not genuine.")
        facts = json.loads(body)
        report = TradeReport(
            out_trade_no=facts["out_trade_no"],
            state=TradeState(facts["state"]),
            transaction_id=facts["transaction_id"],
            amount_fen=facts["amount_fen"],
            succeeded_at=datetime.fromisoformat(facts["succeeded_at"]),
        )
        return Notice(
            notice_id=facts["id"],
            body_hash=hashlib.sha256(body).hexdigest(),
            trade=report,
        )

    def bill(self, day: date) -> Bill:
        """Return the trades paid and refunds made on a local day that is over."""
        if day >= timezone.localdate(self._clock()):
            raise BillNotReady("The day is not over.", bill_date=day.isoformat())
        payments = [_payment_row(trade) for trade in SandboxTrade.objects.filter(paid_at__date=day)]
        refunds = [
            _refund_row(refund)
            for refund in SandboxRefund.objects.filter(refunded_at__date=day).select_related(
                "trade"
            )
        ]
        rows = sorted(payments + refunds, key=lambda row: (row.at, row.number))
        return Bill(
            provider=self.name,
            bill_date=day,
            rows=tuple(rows),
            total_rows=len(rows),
            total_payments_fen=sum(row.amount_fen for row in payments),
            total_refunds_fen=sum(row.amount_fen for row in refunds),
            total_fee_fen=0,
        )

    def trade(self, out_trade_no: str) -> SandboxTrade | None:
        """Return a trade for the page where it is paid."""
        return SandboxTrade.objects.filter(out_trade_no=out_trade_no).first()

    @transaction.atomic
    def pay(self, out_trade_no: str) -> None:
        """Do what the resident's button does; a second press changes nothing.

        Raises
        ------
        GatewayRefused
            If there is no such trade, or it is closed or has expired.
        """
        trade = SandboxTrade.objects.select_for_update().filter(out_trade_no=out_trade_no).first()
        now = self._clock()
        if trade is None:
            raise _refusal("ORDER_NOT_EXIST", out_trade_no)
        if trade.paid_at is not None:
            return
        if trade.closed_at is not None or now > trade.expires_at:
            raise _refusal("ORDER_CLOSED", out_trade_no)
        trade.paid_at = now
        trade.save(update_fields=["paid_at"])

    def notice(self, out_trade_no: str) -> tuple[dict[str, str], bytes]:
        """Return headers and body of the notice that a trade is paid.

        Every call tells of the same event by the same number, as repeats do.
        """
        trade = SandboxTrade.objects.get(out_trade_no=out_trade_no, paid_at__isnull=False)
        report = _report(trade)
        facts = {
            "id": f"sandbox-paid-{trade.pk}",
            "out_trade_no": report.out_trade_no,
            "state": TradeState.SUCCESS.value,
            "transaction_id": report.transaction_id,
            "amount_fen": report.amount_fen,
            "succeeded_at": trade.paid_at.isoformat() if trade.paid_at else "",
        }
        body = json.dumps(facts).encode()
        stamp = str(int(self._clock().timestamp()))
        return {TIMESTAMP_HEADER: stamp, SIGNATURE_HEADER: _signature(stamp, body)}, body


def _signature(stamp: str, body: bytes) -> str:
    return salted_hmac(_SALT, stamp.encode() + b"\n" + body, algorithm="sha256").hexdigest()


def _refusal(provider_code: str, number: str) -> GatewayRefused:
    return GatewayRefused(
        "The payment provider refused.", provider_code=provider_code, number=number
    )


def _report(trade: SandboxTrade) -> TradeReport:
    if trade.paid_at is None:
        state = TradeState.NOT_PAID if trade.closed_at is None else TradeState.CLOSED
        return TradeReport(out_trade_no=trade.out_trade_no, state=state)
    return TradeReport(
        out_trade_no=trade.out_trade_no,
        state=TradeState.REFUND if trade.refunds.exists() else TradeState.SUCCESS,
        transaction_id=f"SB{trade.pk:012d}",
        amount_fen=trade.amount_fen,
        succeeded_at=trade.paid_at,
    )


def _refund_report(refund: SandboxRefund) -> RefundReport:
    return RefundReport(
        out_refund_no=refund.out_refund_no,
        status=RefundStatus.SUCCESS,
        refund_id=f"SR{refund.pk:012d}",
        amount_fen=refund.amount_fen,
        succeeded_at=refund.refunded_at,
    )


def _payment_row(trade: SandboxTrade) -> BillRow:
    if trade.paid_at is None:
        raise ValueError("a bill has paid trades only")
    return BillRow(
        kind=BillRowKind.PAYMENT,
        number=trade.out_trade_no,
        out_trade_no=trade.out_trade_no,
        amount_fen=trade.amount_fen,
        fee_fen=0,
        state=TradeState.SUCCESS,
        at=trade.paid_at,
    )


def _refund_row(refund: SandboxRefund) -> BillRow:
    return BillRow(
        kind=BillRowKind.REFUND,
        number=refund.out_refund_no,
        out_trade_no=refund.trade.out_trade_no,
        amount_fen=refund.amount_fen,
        fee_fen=0,
        state=RefundStatus.SUCCESS,
        at=refund.refunded_at,
    )
