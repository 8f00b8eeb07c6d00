"""The clocks of a campaign, and what a payment at 23:00:01 is worth.

A campaign has three closing clocks and not one: orders close, payments close
at least two minutes later, then demand freezes. One instant cannot work,
because WeChat Pay lifts an expiry of under a minute to a minute. Clocks are
arguments here; nothing reads the time. The worked example is in
docs/algorithms/cutoff.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orders.errors import ClocksOutOfOrder

PAYMENT_GRACE_MIN = timedelta(minutes=2)


class Phase(StrEnum):
    """What a campaign's clocks say at an instant."""

    UPCOMING = "upcoming"
    ORDERING = "ordering"
    PAYING = "paying"
    RESOLVING = "resolving"
    FREEZE_DUE = "freeze_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The clocks of one campaign; order window and schedules derive from it.

    Parameters
    ----------
    opens_at
        First instant at which orders are taken.
    orders_close_at
        First instant at which orders are refused.
    payments_close_at
        Last instant at which a payment counts; at least two minutes after
        `orders_close_at`.
    freeze_at
        Instant from which demand is frozen, whatever the gateway has not
        answered by then.

    Raises
    ------
    ClocksOutOfOrder
        If a clock has no zone or the order above does not hold.
    """

    opens_at: datetime
    orders_close_at: datetime
    payments_close_at: datetime
    freeze_at: datetime

    def __post_init__(self) -> None:
        clocks = (self.opens_at, self.orders_close_at, self.payments_close_at, self.freeze_at)
        if any(clock.utcoffset() is None for clock in clocks):
            raise ClocksOutOfOrder("Every clock of a campaign needs a time zone.")
        if not self.opens_at < self.orders_close_at:
            raise ClocksOutOfOrder("A campaign must open before its orders close.")
        if self.orders_close_at + PAYMENT_GRACE_MIN > self.payments_close_at:
            raise ClocksOutOfOrder("Payments close at least 2 minutes after orders close.")
        if self.payments_close_at > self.freeze_at:
            raise ClocksOutOfOrder("Demand freezes only when payments are closed.")

    def phase_at(self, instant: datetime) -> Phase:
        """Return the phase at an aware instant.

        Orders are refused from the very second of `orders_close_at`; a
        payment still counts in the very second of `payments_close_at`.
        """
        if instant < self.opens_at:
            return Phase.UPCOMING
        if instant < self.orders_close_at:
            return Phase.ORDERING
        if instant <= self.payments_close_at and instant < self.freeze_at:
            return Phase.PAYING
        if instant < self.freeze_at:
            return Phase.RESOLVING
        return Phase.FREEZE_DUE

    def closed_at(self, instant: datetime, *, pay_until: datetime | None = None) -> "Timeline":
        """Return the clocks of a campaign whose orders close early, at an instant.

        Payments and freeze follow after as many minutes as they would have.
        Whoever holds an order keeps their time to pay: payments close no
        earlier than `pay_until`, and never later than they would have.

        Raises
        ------
        ClocksOutOfOrder
            If orders do not open before the instant, or close before it anyway.
        """
        if instant >= self.orders_close_at:
            raise ClocksOutOfOrder("Orders close before that anyway.")
        payments_close_at = instant + (self.payments_close_at - self.orders_close_at)
        if pay_until is not None:
            payments_close_at = min(max(payments_close_at, pay_until), self.payments_close_at)
        return Timeline(
            opens_at=self.opens_at,
            orders_close_at=instant,
            payments_close_at=payments_close_at,
            freeze_at=payments_close_at + (self.freeze_at - self.payments_close_at),
        )


class PaymentVerdict(StrEnum):
    """What becomes of a payment the gateway reports as successful."""

    PAID = "paid"
    REFUND_LATE = "refund_late"
    REFUND_AFTER_FREEZE = "refund_after_freeze"
    REFUND_DUPLICATE = "refund_duplicate"
    HOLD_IN_SUSPENSE = "hold_in_suspense"

    @property
    def is_refunded(self) -> bool:
        """The whole payment goes back by itself."""
        return self in REFUNDED_VERDICTS

    @property
    def is_incident(self) -> bool:
        """Somebody should look why this could happen."""
        return self in INCIDENT_VERDICTS


REFUNDED_VERDICTS = frozenset(
    {
        PaymentVerdict.REFUND_LATE,
        PaymentVerdict.REFUND_AFTER_FREEZE,
        PaymentVerdict.REFUND_DUPLICATE,
    }
)
INCIDENT_VERDICTS = frozenset(
    {
        PaymentVerdict.REFUND_LATE,
        PaymentVerdict.REFUND_AFTER_FREEZE,
        PaymentVerdict.HOLD_IN_SUSPENSE,
    }
)


def judge_payment(
    *,
    succeeded_at: datetime,
    payments_close_at: datetime,
    is_frozen: bool,
    is_order_payable: bool,
    is_amount_right: bool,
) -> PaymentVerdict:
    """Decide what a successful payment is worth.

    Parameters
    ----------
    succeeded_at
        The gateway's success time. The arrival time of its notice plays no
        part: notices come late, twice or never.
    payments_close_at
        The campaign's payment clock.
    is_frozen
        Whether demand was frozen when the payment is handled.
    is_order_payable
        False when the order was cancelled or paid by another attempt.
    is_amount_right
        Whether amount and currency are those of the order.

    Returns
    -------
    PaymentVerdict
        The first rule that applies: a wrong amount waits for a human, an
        order that needs no money gives it back, money after the clock goes
        back, money in time but after the freeze goes back and counts as an
        incident, and everything else is paid. Nothing is carried over to the
        next campaign, whose prices and stock differ.
    """
    if not is_amount_right:
        return PaymentVerdict.HOLD_IN_SUSPENSE
    if not is_order_payable:
        return PaymentVerdict.REFUND_DUPLICATE
    if succeeded_at > payments_close_at:
        return PaymentVerdict.REFUND_LATE
    if is_frozen:
        return PaymentVerdict.REFUND_AFTER_FREEZE
    return PaymentVerdict.PAID
