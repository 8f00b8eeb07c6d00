"""Commission: held when goods are shared out, released after the after-sales window."""

import logging
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from fulfillment.domain.settlement import CommissionBase, CommissionLine, commission_lines
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.selectors.settlement import CommissionRow, commission_rows_by_order
from fulfillment.services.books import payouts_require_clean
from leaders.domain.commission import CommissionRule
from orders.domain.demand import line_key
from orders.domain.ledger import CommissionRef, commission_held
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
    """The base is what was paid for the pieces that are handed out."""
    has_own_rate = row.offer_rate_bp is not None
    return CommissionBase(
        line_key=line_key(row.order_no, row.sku_code),
        base_fen=row.allocated_qty * row.unit_price_fen,
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
