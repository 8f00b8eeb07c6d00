"""Commission: held when goods are shared out, released after the after-sales window.

What an order earns follows the rule it was paid under. A refund that comes
later takes its part back as an entry of its own, even of what was paid out:
the next statement is smaller by it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from fulfillment.domain.settlement import (
    Clawback,
    CommissionBase,
    CommissionLine,
    HeldCommission,
    clawbacks_due,
    commission_lines,
    losses_since,
    resale_lines,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.selectors.settlement import (
    CommissionRow,
    EarnedRow,
    clawbacks_of_lines,
    commission_rows_by_order,
    earned_claimed,
    earned_refunded,
    losses_of_lines,
)
from fulfillment.services.books import payouts_require_clean
from leaders.domain.commission import CommissionRule
from leaders.errors import NoCommissionPlan
from orders.domain.demand import line_key
from orders.domain.ledger import CommissionRef, commission_clawback, commission_held
from orders.domain.transfers import TransferDraft
from orders.errors import BooksBroken
from orders.services.ledger import transfers_post

logger = logging.getLogger(__name__)

BATCH_SIZE = 5_000


def commission_hold(*, run: CutoffRun, now: datetime) -> Mapping[str, int]:
    """Hold the commission of every line that gets goods; return the figures.

    The hold counts from the end of the delivery date, the last moment the
    goods may arrive. Of a resold order the reseller holds a share. Raises
    `NoCommissionPlan` for an order that was paid while no plan was in force.
    """
    arrived_by = timezone.make_aware(
        datetime.combine(run.campaign.delivery_date + timedelta(days=1), time.min)
    )
    business_date = timezone.localdate(now)
    entries: list[CommissionEntry] = []
    drafts: list[TransferDraft] = []
    for rows in commission_rows_by_order(run):
        for earner, row, line in _earned(rows, arrived_by):
            entries.append(_entry(earner, row, line, now))
            drafts.append(
                commission_held(
                    CommissionRef(
                        order_no=row.order_no,
                        line_key=line.line_key,
                        plan_code=line.plan_code,
                        leader_code=earner.leader_code,
                    ),
                    amount_fen=line.amount_fen,
                    business_date=business_date,
                )
            )
    CommissionEntry.objects.bulk_create(entries, batch_size=BATCH_SIZE)
    transfers_post(drafts=drafts, now=now)
    return {
        "commission_entries": len(entries),
        "commission_held_fen": sum(entry.amount_fen for entry in entries),
    }


@transaction.atomic
def commission_take_back(*, run: CutoffRun, now: datetime) -> int:
    """Take back commission on what was refunded of a run after it was held; return the fen."""
    return _take_back(earned_refunded(run), now)


@transaction.atomic
def commissions_take_back(*, now: datetime) -> int:
    """Take back commission on every claim that was paid since; return the fen.

    It does not matter whether the commission is held, due or paid out.
    """
    return _take_back(earned_claimed(now), now)


@transaction.atomic
def commission_release(*, now: datetime) -> int:
    """Release every held entry whose time has come; return how many.

    Nothing becomes due for payout while the books do not agree; it waits for
    the check that finds them clean.
    """
    try:
        payouts_require_clean()
    except BooksBroken as broken:
        logger.warning("commission waits: %s", broken)
        return 0
    return CommissionEntry.objects.filter(state=CommissionState.HELD, hold_until__lte=now).update(
        state=CommissionState.RELEASED
    )


class _Earner(NamedTuple):
    """Who earns on a line: the leader of the order, or the one who sold it for them."""

    kind: CommissionKind
    leader_id: int
    leader_code: str


def _earned(
    rows: Sequence[CommissionRow], arrived_by: datetime
) -> Iterator[tuple[_Earner, CommissionRow, CommissionLine]]:
    """What each line of one order earns, and whom; what earns nothing is left out."""
    order = rows[0]
    owned = commission_lines([_base(row) for row in rows], arrived_by)
    shares = []
    if order.reseller_id and order.reseller_code and order.resell_rate_bp:
        owned, resold = resale_lines(owned, order.resell_rate_bp)
        reseller = _Earner(CommissionKind.RESELL, order.reseller_id, order.reseller_code)
        shares.append((reseller, resold))
    shares.append((_Earner(CommissionKind.SALE, order.leader_id, order.leader_code), owned))
    for earner, own in shares:
        for row, line in zip(rows, own, strict=True):
            if line.amount_fen:
                yield earner, row, line


def _base(row: CommissionRow) -> CommissionBase:
    """The base is what was paid for the line less what goes back."""
    if row.plan_rate_bp is None or row.hold_days is None:
        raise NoCommissionPlan(
            "This order was paid while its leader had no commission plan.", order_no=row.order_no
        )
    has_own_rate = row.line_rate_bp is not None
    return CommissionBase(
        line_key=line_key(row.order_no, row.sku_code),
        base_fen=row.paid_fen - row.refunded_fen,
        rule=CommissionRule(
            plan_code="offer" if has_own_rate else row.plan_code,
            rate_bp=row.plan_rate_bp if row.line_rate_bp is None else row.line_rate_bp,
            hold_days=row.hold_days,
        ),
    )


def _entry(
    earner: _Earner, row: CommissionRow, line: CommissionLine, now: datetime
) -> CommissionEntry:
    return CommissionEntry(
        leader_id=earner.leader_id,
        order_line_id=row.line_id,
        kind=earner.kind,
        plan_code=line.plan_code,
        rate_bp=line.rate_bp,
        base_fen=line.base_fen,
        amount_fen=line.amount_fen,
        hold_until=line.hold_until,
        created_at=now,
    )


def _take_back(earned: Sequence[EarnedRow], now: datetime) -> int:
    """Answer every refund of these lines with a claw-back; return the fen."""
    line_ids = [row.line_id for row in earned]
    losses = losses_of_lines(line_ids)
    taken = clawbacks_of_lines(line_ids)
    entries: list[CommissionEntry] = []
    drafts: list[TransferDraft] = []
    for row in earned:
        since_held = losses_since(losses[row.line_id], row.paid_fen - row.base_fen)
        held = HeldCommission(base_fen=row.base_fen, amount_fen=row.amount_fen)
        for due in clawbacks_due(held, since_held, taken[row.line_id, row.leader_id]):
            entries.append(_clawback(row, due, now))
            if due.amount_fen:
                drafts.append(_clawback_transfer(row, due, timezone.localdate(now)))
    CommissionEntry.objects.bulk_create(entries, batch_size=BATCH_SIZE)
    transfers_post(drafts=drafts, now=now)
    return sum(draft.amount_fen for draft in drafts)


def _clawback(row: EarnedRow, due: Clawback, now: datetime) -> CommissionEntry:
    """A claw-back waits as long as what it takes from; what is due already it meets at once."""
    is_held = row.state == CommissionState.HELD
    return CommissionEntry(
        leader_id=row.leader_id,
        order_line_id=row.line_id,
        kind=CommissionKind.CLAWBACK,
        state=CommissionState.HELD if is_held else CommissionState.RELEASED,
        cause=due.refund_no,
        plan_code=row.plan_code,
        rate_bp=row.rate_bp,
        base_fen=due.base_fen,
        amount_fen=due.amount_fen,
        hold_until=row.hold_until if is_held else now,
        created_at=now,
    )


def _clawback_transfer(row: EarnedRow, due: Clawback, business_date: date) -> TransferDraft:
    return commission_clawback(
        CommissionRef(
            order_no=row.order_no,
            line_key=line_key(row.order_no, row.sku_code),
            plan_code=row.plan_code,
            leader_code=row.leader_code,
        ),
        cause=due.refund_no,
        amount_fen=due.amount_fen,
        business_date=business_date,
    )
