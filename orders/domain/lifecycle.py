"""State tables of campaigns, orders, payments, refunds and claims.

The state of an order and of its money are two fields with two tables: a
payment may fail while its order waits for another, and a refund may be on its
way while its order is handed over. Where the goods of a line are is no state
at all; it is read from the rows that prove it (allocation, stop, handover,
pickup).
"""

from enum import StrEnum

from leaders.domain.lifecycle import Lifecycle, moves


class CampaignState(StrEnum):
    """One sales window, from draft to the day its last claim is closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSING = "closing"
    FROZEN = "frozen"
    FULFILLING = "fulfilling"
    DONE = "done"
    CANCELLED = "cancelled"


class OrderState(StrEnum):
    """The order itself; its money and its goods have states of their own."""

    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    FROZEN = "frozen"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    LATE_PAID = "late_paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class PaymentState(StrEnum):
    """One attempt to pay one order."""

    CREATED = "created"
    SUBMITTED = "submitted"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"
    FAILED = "failed"


class RefundState(StrEnum):
    """One refund of one payment; a retry keeps the same refund number."""

    REQUESTED = "requested"
    SUBMITTED = "submitted"
    SUCCEEDED = "succeeded"
    ABNORMAL = "abnormal"
    CLOSED = "closed"


class ClaimState(StrEnum):
    """One resident's complaint about one line."""

    FILED = "filed"
    APPROVED = "approved"
    REJECTED = "rejected"


class PersonRequestState(StrEnum):
    """One thing a resident asks about their data."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class JielongEntryState(StrEnum):
    """One row of a group chain."""

    UNCLEAR = "unclear"
    READY = "ready"
    ORDERED = "ordered"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"


_C = CampaignState
# After the freeze goods are bought, so a campaign can be refunded order by
# order but no longer cancelled as a whole.
CAMPAIGN_LIFECYCLE = Lifecycle(
    name="campaign",
    initial=frozenset({_C.DRAFT}),
    moves=moves(
        (_C.DRAFT, (_C.OPEN, _C.CANCELLED)),
        (_C.OPEN, (_C.CLOSING, _C.CANCELLED)),
        (_C.CLOSING, (_C.FROZEN, _C.CANCELLED)),
        (_C.FROZEN, (_C.FULFILLING,)),
        (_C.FULFILLING, (_C.DONE,)),
        (_C.DONE, ()),
        (_C.CANCELLED, ()),
    ),
    open=frozenset({_C.DRAFT, _C.OPEN, _C.CLOSING, _C.FROZEN, _C.FULFILLING}),
    completed=frozenset({_C.DONE}),
    failed=frozenset({_C.CANCELLED}),
)

_O = OrderState
# Imported orders are paid facts, hence two ways to start. An order that is
# cancelled before the freeze, paid or not, was never demand; one that is
# refunded after the freeze was. Nothing leaves cancelled, late-paid or
# refunded: a payment that succeeds later is judged on its own, and its money
# goes back as a refund with a state of its own.
ORDER_LIFECYCLE = Lifecycle(
    name="order",
    initial=frozenset({_O.PENDING_PAYMENT, _O.PAID}),
    moves=moves(
        (_O.PENDING_PAYMENT, (_O.PAID, _O.CANCELLED, _O.LATE_PAID)),
        (_O.PAID, (_O.FROZEN, _O.CANCELLED)),
        (_O.FROZEN, (_O.COMPLETED, _O.REFUNDING)),
        (_O.REFUNDING, (_O.REFUNDED,)),
        (_O.COMPLETED, ()),
        (_O.CANCELLED, ()),
        (_O.LATE_PAID, ()),
        (_O.REFUNDED, ()),
    ),
    open=frozenset({_O.PENDING_PAYMENT, _O.PAID, _O.FROZEN, _O.REFUNDING}),
    completed=frozenset({_O.COMPLETED}),
    failed=frozenset({_O.CANCELLED, _O.LATE_PAID, _O.REFUNDED}),
)

_P = PaymentState
# The open states are the live attempts; an order has at most one (a partial
# unique index). The gateway's word is final, so a success that it reports
# counts even for an attempt we took for closed or failed: that money came in
# and has to go back.
PAYMENT_LIFECYCLE = Lifecycle(
    name="payment",
    initial=frozenset({_P.CREATED, _P.SUCCEEDED}),
    moves=moves(
        (_P.CREATED, (_P.SUBMITTED, _P.UNKNOWN, _P.SUCCEEDED, _P.CLOSED, _P.FAILED)),
        (_P.SUBMITTED, (_P.SUCCEEDED, _P.CLOSED, _P.FAILED, _P.UNKNOWN)),
        (_P.UNKNOWN, (_P.SUBMITTED, _P.SUCCEEDED, _P.CLOSED, _P.FAILED)),
        (_P.SUCCEEDED, ()),
        (_P.CLOSED, (_P.SUCCEEDED,)),
        (_P.FAILED, (_P.SUCCEEDED,)),
    ),
    open=frozenset({_P.CREATED, _P.SUBMITTED, _P.UNKNOWN}),
    completed=frozenset({_P.SUCCEEDED}),
    failed=frozenset({_P.CLOSED, _P.FAILED}),
)

_R = RefundState
# A refund the provider has closed never happens: what it had reserved is free
# again, and the money is asked for under a new number.
REFUND_LIFECYCLE = Lifecycle(
    name="refund",
    initial=frozenset({_R.REQUESTED}),
    moves=moves(
        (_R.REQUESTED, (_R.SUBMITTED, _R.SUCCEEDED)),
        (_R.SUBMITTED, (_R.SUCCEEDED, _R.ABNORMAL, _R.CLOSED)),
        (_R.ABNORMAL, (_R.SUBMITTED, _R.SUCCEEDED, _R.CLOSED)),
        (_R.SUCCEEDED, ()),
        (_R.CLOSED, ()),
    ),
    open=frozenset({_R.REQUESTED, _R.SUBMITTED}),
    completed=frozenset({_R.SUCCEEDED}),
    failed=frozenset({_R.ABNORMAL, _R.CLOSED}),
)

CLAIM_LIFECYCLE = Lifecycle(
    name="claim",
    initial=frozenset({ClaimState.FILED}),
    moves=moves(
        (ClaimState.FILED, (ClaimState.APPROVED, ClaimState.REJECTED)),
        (ClaimState.APPROVED, ()),
        (ClaimState.REJECTED, ()),
    ),
    open=frozenset({ClaimState.FILED}),
    completed=frozenset({ClaimState.APPROVED}),
    failed=frozenset({ClaimState.REJECTED}),
)

_J = JielongEntryState
# A row that waits for payment may still be changed or dropped; what was
# ordered is an order and lives by the order's own table.
JIELONG_ENTRY_LIFECYCLE = Lifecycle(
    name="jielong entry",
    initial=frozenset({_J.UNCLEAR, _J.READY}),
    moves=moves(
        (_J.UNCLEAR, (_J.READY, _J.DISMISSED, _J.SUPERSEDED)),
        (_J.READY, (_J.UNCLEAR, _J.ORDERED, _J.DISMISSED, _J.SUPERSEDED)),
        (_J.DISMISSED, (_J.UNCLEAR, _J.SUPERSEDED)),
        (_J.ORDERED, ()),
        (_J.SUPERSEDED, ()),
    ),
    open=frozenset({_J.UNCLEAR, _J.READY}),
    completed=frozenset({_J.ORDERED}),
    failed=frozenset({_J.DISMISSED, _J.SUPERSEDED}),
)

PERSON_REQUEST_LIFECYCLE = Lifecycle(
    name="person request",
    initial=frozenset({PersonRequestState.OPEN}),
    moves=moves(
        (PersonRequestState.OPEN, (PersonRequestState.DONE, PersonRequestState.REFUSED)),
        (PersonRequestState.DONE, ()),
        (PersonRequestState.REFUSED, ()),
    ),
    open=frozenset({PersonRequestState.OPEN}),
    completed=frozenset({PersonRequestState.DONE}),
    failed=frozenset({PersonRequestState.REFUSED}),
)
