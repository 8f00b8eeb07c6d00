"""Commission: held when goods are shared out, released after the after-sales window."""

import logging
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from fulfillment.domain.settlement import (
    CommissionBase,
    CommissionLine,
    clawback_fen,
    commission_lines,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.selectors.settlement import (
    CommissionRow,
    EntryRow,
    commission_rows_by_order,
    commission_rows_refunded,
)
from fulfillment.services.books import payouts_require_clean
from leaders.domain.commission import CommissionRule
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
    goods may arrive.
    """
    arrived_by = timezone.make_aware(
        datetime.combine(run.campaign.delivery_date + timedelta(days=1), time.min)
    )
    business_date = timezone.localdate(now)
    entries: list[CommissionEntry] = []
    drafts: list[TransferDraft] = []
    for rows in commission_rows_by_order(run):
        lines = commission_lines([_base(row) for row in rows], arrived_by)
        for row, line in zip(rows, lines, strict=True):
            if line.amount_fen:
                entries.append(_entry(row, line, now))
                drafts.append(
                    commission_held(
                        CommissionRef(
                            order_no=row.order_no,
                            line_key=line.line_key,
                            plan_code=line.plan_code,
                            leader_code=row.leader_code,
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
    """Take back commission on what was refunded after it was held; return the fen.

    A line has one claw-back that grows with its refunds; each growth is
    posted under the newest refund behind it. What was paid out already stays
    paid, and nothing is taken back of it here.
    """
    rows = commission_rows_refunded(run)
    before = {
        entry.order_line_id: entry
        for entry in CommissionEntry.objects.select_for_update().filter(
            kind=CommissionKind.CLAWBACK, order_line_id__in=[row.line_id for row in rows]
        )
    }
    drafts = []
    for row in rows:
        lost_fen = row.base_fen - (row.paid_fen - row.refunded_fen)
        total_fen = clawback_fen(row.amount_fen, row.base_fen, lost_fen)
        entry = before.get(row.line_id) or _clawback(row, now)
        grown_fen = total_fen - entry.amount_fen
        if grown_fen > 0 and entry.state != CommissionState.PAID:
            entry.base_fen, entry.amount_fen = lost_fen, total_fen
            entry.save()
            drafts.append(_clawback_transfer(row, grown_fen, timezone.localdate(now)))
    transfers_post(drafts=drafts, now=now)
    return sum(draft.amount_fen for draft in drafts)


def _clawback(row: EntryRow, now: datetime) -> CommissionEntry:
    """A claw-back of nothing yet, due when the commission it belongs to is."""
    return CommissionEntry(
        leader_id=row.leader_id,
        order_line_id=row.line_id,
        kind=CommissionKind.CLAWBACK,
        plan_code=row.plan_code,
        rate_bp=row.rate_bp,
        base_fen=0,
        amount_fen=0,
        hold_until=row.hold_until,
        created_at=now,
    )


def _clawback_transfer(row: EntryRow, amount_fen: int, business_date: date) -> TransferDraft:
    return commission_clawback(
        CommissionRef(
            order_no=row.order_no,
            line_key=line_key(row.order_no, row.sku_code),
            plan_code=row.plan_code,
            leader_code=row.leader_code,
        ),
        cause=row.refund_no,
        amount_fen=amount_fen,
        business_date=business_date,
    )


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


def _base(row: CommissionRow) -> CommissionBase:
    """The base is what was paid for the line less what goes back."""
    has_own_rate = row.offer_rate_bp is not None
    return CommissionBase(
        line_key=line_key(row.order_no, row.sku_code),
        base_fen=row.paid_fen - row.refunded_fen,
        rule=CommissionRule(
            plan_code="offer" if has_own_rate else row.plan_code,
            rate_bp=row.plan_rate_bp if row.offer_rate_bp is None else row.offer_rate_bp,
            hold_days=row.hold_days,
        ),
    )


def _entry(row: CommissionRow, line: CommissionLine, now: datetime) -> CommissionEntry:
    return CommissionEntry(
        leader_id=row.leader_id,
        order_line_id=row.line_id,
        kind=CommissionKind.SALE,
        plan_code=line.plan_code,
        rate_bp=line.rate_bp,
        base_fen=line.base_fen,
        amount_fen=line.amount_fen,
        hold_until=line.hold_until,
        created_at=now,
    )
