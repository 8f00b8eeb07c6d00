"""State tables of purchase orders, sort tasks, totes, runs, handovers, cases, commission."""

from enum import StrEnum

from leaders.domain.lifecycle import Lifecycle, moves


class PurchaseOrderState(StrEnum):
    """One order to one supplier; `confirmed_short` is a promise of less."""

    DRAFT = "draft"
    SENT = "sent"
    CONFIRMED = "confirmed"
    CONFIRMED_SHORT = "confirmed_short"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class SortTaskState(StrEnum):
    """One SKU of one wave; `short` ended with a left-over that is not the spare."""

    PENDING = "pending"
    SORTING = "sorting"
    DONE = "done"
    SHORT = "short"


class ToteState(StrEnum):
    """One returnable tote; it holds one slot at a time and comes back empty."""

    FREE = "free"
    ASSIGNED = "assigned"
    SEALED = "sealed"
    LOADED = "loaded"
    DELIVERED = "delivered"
    EMPTY = "empty"
    LOST = "lost"


class DeliveryRunState(StrEnum):
    """One vehicle's work on one delivery date, all its trips."""

    PLANNED = "planned"
    RELEASED = "released"
    LOADING = "loading"
    DEPARTED = "departed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class PlanDraftState(StrEnum):
    """One plan under work, from the wish for it to the decision about it."""

    QUEUED = "queued"
    SOLVING = "solving"
    READY = "ready"
    ACCEPTED = "accepted"
    DROPPED = "dropped"
    FAILED = "failed"


class StopState(StrEnum):
    """One stop of one trip and how it ended."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    DELIVERED = "delivered"
    PARTLY = "partly"
    REFUSED = "refused"
    FAILED = "failed"


class HandoverState(StrEnum):
    """What driver and leader agree on at one stop.

    `pending` is a leader's word that the driver's has not met yet. `unsigned`
    was left at the agreed place, until the leader says that it is there.
    Without a difference within the claim window the goods count as accepted.
    """

    PENDING = "pending"
    COUNTED = "counted"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"


class CommissionState(StrEnum):
    """One commission entry, from the day's end to the payout."""

    HELD = "held"
    RELEASED = "released"
    SETTLED = "settled"
    PAID = "paid"


class SettlementState(StrEnum):
    """One leader's statement of a period."""

    ISSUED = "issued"
    CARRIED = "carried"
    PAYING = "paying"
    PAID = "paid"


class PayoutBatchState(StrEnum):
    """Payouts that one person prepares and another approves."""

    PREPARED = "prepared"
    APPROVED = "approved"
    REFUSED = "refused"


class PayoutState(StrEnum):
    """One transfer to one leader; a retry after failure has a number of its own."""

    PREPARED = "prepared"
    REFUSED = "refused"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    WAIT_CONFIRM = "wait_confirm"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"


class ExceptionCaseState(StrEnum):
    """One exception: found, then decided who bears it."""

    OPEN = "open"
    DECIDED = "decided"


class SupplierClaimState(StrEnum):
    """Money asked back from a supplier, who may object within its time."""

    RAISED = "raised"
    OBJECTED = "objected"
    ACCEPTED = "accepted"
    DROPPED = "dropped"
    DEDUCTED = "deducted"


class SupplierStatementState(StrEnum):
    """What a supplier is owed for a span of days."""

    DRAFT = "draft"
    CLOSED = "closed"
    PAID = "paid"


_P = PurchaseOrderState
PURCHASE_ORDER_LIFECYCLE = Lifecycle(
    name="purchase order",
    initial=frozenset({_P.DRAFT}),
    moves=moves(
        # Goods that arrive prove that the order went out, by phone or on paper.
        (_P.DRAFT, (_P.SENT, _P.RECEIVED, _P.CANCELLED)),
        (_P.SENT, (_P.CONFIRMED, _P.CONFIRMED_SHORT, _P.RECEIVED, _P.CANCELLED)),
        (_P.CONFIRMED, (_P.CONFIRMED_SHORT, _P.RECEIVED, _P.CANCELLED)),
        (_P.CONFIRMED_SHORT, (_P.CONFIRMED, _P.RECEIVED, _P.CANCELLED)),
        (_P.RECEIVED, ()),
        (_P.CANCELLED, ()),
    ),
    open=frozenset({_P.DRAFT, _P.SENT, _P.CONFIRMED, _P.CONFIRMED_SHORT}),
    completed=frozenset({_P.RECEIVED}),
    failed=frozenset({_P.CANCELLED}),
)

# A short task may be taken up again: the last route block is recounted. So may
# one that was done: goods that arrive late are put to it, a check finds less.
SORT_TASK_LIFECYCLE = Lifecycle(
    name="sort task",
    initial=frozenset({SortTaskState.PENDING}),
    moves=moves(
        (SortTaskState.PENDING, (SortTaskState.SORTING,)),
        (
            SortTaskState.SORTING,
            (SortTaskState.DONE, SortTaskState.SHORT, SortTaskState.PENDING),
        ),
        (SortTaskState.SHORT, (SortTaskState.SORTING,)),
        (SortTaskState.DONE, (SortTaskState.SORTING,)),
    ),
    open=frozenset({SortTaskState.PENDING, SortTaskState.SORTING}),
    completed=frozenset({SortTaskState.DONE}),
    failed=frozenset({SortTaskState.SHORT}),
)

_T = ToteState
# A tote goes round. One without a plate of its own is first known by its slot,
# so it starts assigned. A lost one that turns up is emptied and free again.
TOTE_LIFECYCLE = Lifecycle(
    name="tote",
    initial=frozenset({_T.FREE, _T.ASSIGNED}),
    moves=moves(
        (_T.FREE, (_T.ASSIGNED, _T.LOST)),
        (_T.ASSIGNED, (_T.SEALED, _T.FREE, _T.LOST)),
        (_T.SEALED, (_T.LOADED, _T.ASSIGNED, _T.LOST)),
        (_T.LOADED, (_T.DELIVERED, _T.SEALED, _T.LOST)),
        (_T.DELIVERED, (_T.EMPTY, _T.LOST)),
        (_T.EMPTY, (_T.FREE, _T.LOST)),
        (_T.LOST, (_T.EMPTY,)),
    ),
    open=frozenset({_T.ASSIGNED, _T.SEALED, _T.LOADED, _T.DELIVERED, _T.EMPTY}),
    completed=frozenset({_T.FREE}),
    failed=frozenset({_T.LOST}),
)

_R = DeliveryRunState
DELIVERY_RUN_LIFECYCLE = Lifecycle(
    name="delivery run",
    initial=frozenset({_R.PLANNED}),
    moves=moves(
        (_R.PLANNED, (_R.RELEASED, _R.CANCELLED)),
        (_R.RELEASED, (_R.LOADING, _R.PLANNED, _R.CANCELLED)),
        (_R.LOADING, (_R.DEPARTED, _R.CANCELLED)),
        (_R.DEPARTED, (_R.RETURNED,)),
        (_R.RETURNED, ()),
        (_R.CANCELLED, ()),
    ),
    open=frozenset({_R.PLANNED, _R.RELEASED, _R.LOADING, _R.DEPARTED}),
    completed=frozenset({_R.RETURNED}),
    failed=frozenset({_R.CANCELLED}),
)

_D = PlanDraftState
# A search whose worker died is queued again.
PLAN_DRAFT_LIFECYCLE = Lifecycle(
    name="plan draft",
    initial=frozenset({_D.QUEUED, _D.READY}),
    moves=moves(
        (_D.QUEUED, (_D.SOLVING, _D.DROPPED)),
        (_D.SOLVING, (_D.READY, _D.QUEUED, _D.FAILED, _D.DROPPED)),
        (_D.READY, (_D.ACCEPTED, _D.DROPPED)),
        (_D.ACCEPTED, ()),
        (_D.DROPPED, ()),
        (_D.FAILED, ()),
    ),
    open=frozenset({_D.QUEUED, _D.SOLVING, _D.READY}),
    completed=frozenset({_D.ACCEPTED}),
    failed=frozenset({_D.DROPPED, _D.FAILED}),
)

_S = StopState
# A driver may undo a wrong tap: every ending leads back to arrived. A stop
# fails without an arrival when the vehicle never gets there.
STOP_LIFECYCLE = Lifecycle(
    name="stop",
    initial=frozenset({_S.PLANNED}),
    moves=moves(
        (_S.PLANNED, (_S.ARRIVED, _S.FAILED)),
        (_S.ARRIVED, (_S.DELIVERED, _S.PARTLY, _S.REFUSED, _S.FAILED, _S.PLANNED)),
        (_S.DELIVERED, (_S.ARRIVED,)),
        (_S.PARTLY, (_S.ARRIVED,)),
        (_S.REFUSED, (_S.ARRIVED,)),
        (_S.FAILED, (_S.ARRIVED,)),
    ),
    open=frozenset({_S.PLANNED, _S.ARRIVED}),
    completed=frozenset({_S.DELIVERED, _S.PARTLY}),
    failed=frozenset({_S.REFUSED, _S.FAILED}),
)

_H = HandoverState
HANDOVER_LIFECYCLE = Lifecycle(
    name="handover",
    initial=frozenset({_H.PENDING}),
    moves=moves(
        (_H.PENDING, (_H.COUNTED, _H.UNSIGNED)),
        (_H.COUNTED, (_H.SIGNED, _H.UNSIGNED)),
        (_H.SIGNED, (_H.ACCEPTED, _H.DISPUTED)),
        (_H.UNSIGNED, (_H.SIGNED, _H.ACCEPTED, _H.DISPUTED)),
        (_H.DISPUTED, (_H.ACCEPTED,)),
        (_H.ACCEPTED, ()),
    ),
    open=frozenset({_H.PENDING, _H.COUNTED, _H.SIGNED, _H.UNSIGNED, _H.DISPUTED}),
    completed=frozenset({_H.ACCEPTED}),
    failed=frozenset(),
)

# Paid money is never pulled back: a claw-back is an entry of its own that
# lowers the next payout.
COMMISSION_LIFECYCLE = Lifecycle(
    name="commission entry",
    initial=frozenset({CommissionState.HELD}),
    moves=moves(
        (CommissionState.HELD, (CommissionState.RELEASED,)),
        (CommissionState.RELEASED, (CommissionState.SETTLED,)),
        (CommissionState.SETTLED, (CommissionState.PAID,)),
        (CommissionState.PAID, ()),
    ),
    open=frozenset({CommissionState.HELD, CommissionState.RELEASED, CommissionState.SETTLED}),
    completed=frozenset({CommissionState.PAID}),
    failed=frozenset(),
)

# A statement whose payout ended without money may be paid again, or carried.
SETTLEMENT_LIFECYCLE = Lifecycle(
    name="settlement statement",
    initial=frozenset({SettlementState.ISSUED}),
    moves=moves(
        (SettlementState.ISSUED, (SettlementState.PAYING, SettlementState.CARRIED)),
        (SettlementState.PAYING, (SettlementState.PAID, SettlementState.ISSUED)),
        (SettlementState.CARRIED, ()),
        (SettlementState.PAID, ()),
    ),
    open=frozenset({SettlementState.ISSUED, SettlementState.PAYING}),
    completed=frozenset({SettlementState.PAID, SettlementState.CARRIED}),
    failed=frozenset(),
)

PAYOUT_BATCH_LIFECYCLE = Lifecycle(
    name="payout batch",
    initial=frozenset({PayoutBatchState.PREPARED}),
    moves=moves(
        (PayoutBatchState.PREPARED, (PayoutBatchState.APPROVED, PayoutBatchState.REFUSED)),
        (PayoutBatchState.APPROVED, ()),
        (PayoutBatchState.REFUSED, ()),
    ),
    open=frozenset({PayoutBatchState.PREPARED}),
    completed=frozenset({PayoutBatchState.APPROVED}),
    failed=frozenset({PayoutBatchState.REFUSED}),
)

_Y = PayoutState
PAYOUT_LIFECYCLE = Lifecycle(
    name="payout",
    initial=frozenset({_Y.PREPARED}),
    moves=moves(
        (_Y.PREPARED, (_Y.APPROVED, _Y.REFUSED)),
        (_Y.APPROVED, (_Y.SUBMITTED, _Y.WAIT_CONFIRM, _Y.PAID, _Y.FAILED)),
        (_Y.SUBMITTED, (_Y.WAIT_CONFIRM, _Y.PAID, _Y.EXPIRED, _Y.FAILED)),
        (_Y.WAIT_CONFIRM, (_Y.PAID, _Y.EXPIRED, _Y.FAILED)),
        (_Y.REFUSED, ()),
        (_Y.PAID, ()),
        (_Y.EXPIRED, ()),
        (_Y.FAILED, ()),
    ),
    open=frozenset({_Y.PREPARED, _Y.APPROVED, _Y.SUBMITTED, _Y.WAIT_CONFIRM}),
    completed=frozenset({_Y.PAID}),
    failed=frozenset({_Y.REFUSED, _Y.EXPIRED, _Y.FAILED}),
)

# A decision may be taken again until the day is closed.
EXCEPTION_CASE_LIFECYCLE = Lifecycle(
    name="exception",
    initial=frozenset({ExceptionCaseState.OPEN}),
    moves=moves(
        (ExceptionCaseState.OPEN, (ExceptionCaseState.DECIDED,)),
        (ExceptionCaseState.DECIDED, (ExceptionCaseState.OPEN,)),
    ),
    open=frozenset({ExceptionCaseState.OPEN}),
    completed=frozenset({ExceptionCaseState.DECIDED}),
    failed=frozenset(),
)

_C = SupplierClaimState
# Without a word in time a claim counts as accepted.
SUPPLIER_CLAIM_LIFECYCLE = Lifecycle(
    name="supplier claim",
    initial=frozenset({_C.RAISED}),
    moves=moves(
        (_C.RAISED, (_C.OBJECTED, _C.ACCEPTED, _C.DROPPED)),
        (_C.OBJECTED, (_C.ACCEPTED, _C.DROPPED)),
        (_C.ACCEPTED, (_C.DEDUCTED,)),
        (_C.DROPPED, ()),
        (_C.DEDUCTED, ()),
    ),
    open=frozenset({_C.RAISED, _C.OBJECTED, _C.ACCEPTED}),
    completed=frozenset({_C.DEDUCTED}),
    failed=frozenset({_C.DROPPED}),
)

SUPPLIER_STATEMENT_LIFECYCLE = Lifecycle(
    name="supplier statement",
    initial=frozenset({SupplierStatementState.DRAFT}),
    moves=moves(
        (SupplierStatementState.DRAFT, (SupplierStatementState.CLOSED,)),
        (SupplierStatementState.CLOSED, (SupplierStatementState.PAID,)),
        (SupplierStatementState.PAID, ()),
    ),
    open=frozenset({SupplierStatementState.DRAFT, SupplierStatementState.CLOSED}),
    completed=frozenset({SupplierStatementState.PAID}),
    failed=frozenset(),
)
