"""A payment provider in plain Python: quick, seeded, and unreliable on demand.

It keeps books of its own, as a provider does, so that ours can be compared
with them. The same faults exist with real signatures over HTTP in the fake of
`config.embedded.fake_wechat`; this one is for thousands of runs.
"""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import connection

from orders.domain.gateway import (
    Bill,
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
from orders.errors import BillNotReady, GatewayRefused, GatewayUnavailable, NoticeRefused

SIGNATURE = {"signature": "genuine"}


class CalledInsideTransaction(AssertionError):
    """A provider was called while a database transaction was open."""


class Fault(StrEnum):
    """How a call to the provider goes wrong."""

    CALL_LOST = "call_lost"  # nothing happened there, and we do not know
    ANSWER_LOST = "answer_lost"  # it happened there, and we do not know
    REFUSED = "refused"  # nothing happened there, and it says so
    LIES = "lies"  # it says yes and has done nothing (close answers 204)
    SLOW = "slow"  # a refund is accepted, and succeeds only later
    ABNORMAL = "abnormal"  # a refund gets stuck at the resident's bank once


@dataclass(slots=True)
class Trade:
    """What the provider knows of one trade."""

    number: str
    amount_fen: int
    expires_at: datetime
    paid_at: datetime | None = None
    paid_fen: int = 0
    closed_at: datetime | None = None

    @property
    def transaction_id(self) -> str:
        """The provider's own number of the payment."""
        return f"TX{self.number}"


@dataclass(slots=True)
class TradeRefund:
    """What the provider knows of one refund."""

    number: str
    trade: Trade
    amount_fen: int
    status: RefundStatus
    at: datetime


@dataclass(slots=True)
class Books:
    """Everything the provider remembers."""

    trades: dict[str, Trade] = field(default_factory=dict)
    refunds: dict[str, TradeRefund] = field(default_factory=dict)

    def refunded_fen(self, trade_number: str) -> int:
        """What has gone back, or is going back, of a trade."""
        return sum(r.amount_fen for r in self.refunds.values() if r.trade.number == trade_number)


class MemoryGateway:
    """A `PaymentGateway` whose faults are queued per call by `fail_next`.

    While it `is_unreachable`, every call is lost; unless it `closes`, every
    answer to a closing is a lie.

    Parameters
    ----------
    clock
        The provider's time.
    depth
        How many database transactions and savepoints are open when the
        services are called; a call from deeper inside is the bug of calling
        a provider in a transaction, and raises `CalledInsideTransaction`.
    """

    name = "sandbox"
    methods = (PayMethod.PAGE,)
    limits = GatewayLimits(refund_spacing=timedelta(0))

    def __init__(self, clock: Callable[[], datetime], *, depth: int) -> None:
        self.books = Books()
        self.is_unreachable = False
        self.closes = True
        self._clock = clock
        self._depth = depth
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._notices = 0

    def fail_next(self, call: str, fault: Fault) -> None:
        """Let the next call of that name go wrong."""
        self._faults[call].append(fault)

    def forget_faults(self) -> None:
        """Work properly from now on."""
        self._faults.clear()
        self.is_unreachable, self.closes = False, True

    # What we call ---------------------------------------------------------------------

    def create(self, order: TradeOrder) -> PayHandle:
        """Remember a trade; a number that is paid or closed is refused."""
        fault = self._begin("create")
        trade = self.books.trades.setdefault(
            order.out_trade_no,
            Trade(
                order.out_trade_no,
                order.amount_fen,
                max(order.expires_at, self._clock() + self.limits.expiry_min),
            ),
        )
        self._end(fault)
        if trade.amount_fen != order.amount_fen or trade.paid_at or trade.closed_at:
            raise GatewayRefused("This number is taken.", number=order.out_trade_no)
        return PayHandle(order.method, {"url": f"/pay/{order.out_trade_no}"})

    def query(self, out_trade_no: str) -> TradeReport:
        """Say what is known of a trade; an expired one reads "not paid" until it is closed."""
        self._end(self._begin("query"))
        trade = self.books.trades.get(out_trade_no)
        if trade is None:
            return TradeReport(out_trade_no=out_trade_no, state=TradeState.UNKNOWN_TRADE)
        return self._report(trade)

    def close(self, out_trade_no: str) -> None:
        """Close a trade that is not paid; it answers the same in every case."""
        fault = self._begin("close")
        trade = self.books.trades.get(out_trade_no)
        is_open = trade is not None and not trade.paid_at and not trade.closed_at
        if trade and is_open and self.closes and fault is not Fault.LIES:
            trade.closed_at = self._clock()
        self._end(fault)

    def refund(self, order: RefundOrder) -> RefundReport:
        """Give money back; a known number answers with the refund it stands for."""
        fault = self._begin("refund")
        known = self.books.refunds.get(order.out_refund_no)
        if known is None:
            known = self._refund_new(order, fault)
        elif known.amount_fen != order.amount_fen or known.trade.number != order.out_trade_no:
            raise GatewayRefused("This number is taken.", number=order.out_refund_no)
        elif known.status is RefundStatus.ABNORMAL:
            known.status = RefundStatus.SUCCESS
        self._end(fault)
        return self._refund_report(known)

    def query_refund(self, out_refund_no: str) -> RefundReport:
        """Say what is known of a refund; a slow one has succeeded by now."""
        self._end(self._begin("query_refund"))
        refund = self.books.refunds.get(out_refund_no)
        if refund is None:
            return RefundReport(out_refund_no=out_refund_no, status=RefundStatus.UNKNOWN_REFUND)
        if refund.status is RefundStatus.PROCESSING:
            refund.status = RefundStatus.SUCCESS
        return self._refund_report(refund)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Read a notice that carries our signature."""
        if dict(headers) != SIGNATURE:
            raise NoticeRefused("The notice is not genuine.")
        facts = json.loads(body)
        return Notice(
            notice_id=facts["id"],
            body_hash=hashlib.sha256(body).hexdigest(),
            trade=self._report(self.books.trades[facts["number"]]),
        )

    def bill(self, day: date) -> Bill:
        """There are no bills here; reconciliation has tests of its own."""
        raise BillNotReady("No bills here.", bill_date=day.isoformat())

    # What residents and the network do ------------------------------------------------

    def pay(self, out_trade_no: str, *, fen: int | None = None, late: bool = False) -> bool:
        """Let the resident pay; tell whether the provider took the money.

        `late` lets a payment through after the expiry, which a provider says
        never happens. `fen` is another amount than the one asked for.
        """
        trade = self.books.trades.get(out_trade_no)
        now = self._clock()
        if trade is None or trade.paid_at or trade.closed_at:
            return False
        if now > trade.expires_at and not late:
            return False
        trade.paid_at, trade.paid_fen = now, trade.amount_fen if fen is None else fen
        return True

    def notice(self, out_trade_no: str, *, repeat: bool = False) -> bytes:
        """The body of a notice of a paid trade; a repeat has the number of the first one."""
        self._notices += 1
        number = "first" if repeat else str(self._notices)
        return json.dumps({"id": f"N-{out_trade_no}-{number}", "number": out_trade_no}).encode()

    # ----------------------------------------------------------------------------------

    def _begin(self, call: str) -> Fault | None:
        if len(connection.savepoint_ids) + connection.in_atomic_block > self._depth:
            raise CalledInsideTransaction(call)
        faults = self._faults[call]
        fault = faults.popleft() if faults else None
        if fault is Fault.CALL_LOST or self.is_unreachable:
            raise GatewayUnavailable("The provider cannot be reached.", call=call)
        if fault is Fault.REFUSED:
            raise GatewayRefused("The provider refuses.", call=call)
        return fault

    def _end(self, fault: Fault | None) -> None:
        if fault is Fault.ANSWER_LOST:
            raise GatewayUnavailable("The provider's answer was lost.")

    def _refund_new(self, order: RefundOrder, fault: Fault | None) -> TradeRefund:
        trade = self.books.trades.get(order.out_trade_no)
        if trade is None or trade.paid_at is None:
            raise GatewayRefused("There is no such payment.", number=order.out_trade_no)
        if self.books.refunded_fen(trade.number) + order.amount_fen > trade.paid_fen:
            raise GatewayRefused("More than was paid.", number=order.out_refund_no)
        status = {
            Fault.SLOW: RefundStatus.PROCESSING,
            Fault.ABNORMAL: RefundStatus.ABNORMAL,
        }.get(fault or Fault.LIES, RefundStatus.SUCCESS)
        refund = TradeRefund(order.out_refund_no, trade, order.amount_fen, status, self._clock())
        self.books.refunds[refund.number] = refund
        return refund

    def _report(self, trade: Trade) -> TradeReport:
        if trade.paid_at is None:
            state = TradeState.CLOSED if trade.closed_at else TradeState.NOT_PAID
            return TradeReport(out_trade_no=trade.number, state=state)
        refunded = self.books.refunded_fen(trade.number)
        return TradeReport(
            out_trade_no=trade.number,
            state=TradeState.REFUND if refunded else TradeState.SUCCESS,
            transaction_id=trade.transaction_id,
            amount_fen=trade.paid_fen,
            succeeded_at=trade.paid_at,
        )

    def _refund_report(self, refund: TradeRefund) -> RefundReport:
        return RefundReport(
            out_refund_no=refund.number,
            status=refund.status,
            refund_id=f"RX{refund.number}",
            amount_fen=refund.amount_fen,
            succeeded_at=refund.at if refund.status is RefundStatus.SUCCESS else None,
        )
