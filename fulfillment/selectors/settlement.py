"""What commission is earned on, and what later refunds take back of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment.domain.settlement import Clawback, LineLoss
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.settlement import CommissionEntry, CommissionKind
from orders.models.payments import RefundLine, RefundReason, RefundState

# WeChat gives money back for a year; claims are decided within days. What is
# older was looked at every minute of a quarter.
LOOKED_BACK = timedelta(days=90)
EARNED = (CommissionKind.SALE, CommissionKind.RESELL)


class CommissionRow(NamedTuple):
    """An order line with what is left of it after refunds, and the rule it was paid under.

    Of an order nobody resold, the reseller's columns are None.
    """

    line_id: int
    order_no: str
    sku_code: str
    leader_id: int
    leader_code: str
    reseller_id: int | None
    reseller_code: str | None
    resell_rate_bp: int | None
    paid_fen: int
    refunded_fen: int
    line_rate_bp: int | None
    plan_code: str
    plan_rate_bp: int | None
    hold_days: int | None


def commission_rows_by_order(run: CutoffRun) -> Iterator[list[CommissionRow]]:
    """The lines of each order of a run, order by order."""
    rows = (
        Allocation.objects.filter(run=run)
        .annotate(refunded_fen=refunded_fen())
        .order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "order_line_id",
            "order_line__order__order_no",
            "order_line__sku__code",
            "order_line__order__leader_id",
            "order_line__order__leader__code",
            "order_line__order__reseller_id",
            "order_line__order__reseller__code",
            "order_line__order__resell_rate_bp",
            "order_line__amount_fen",
            "refunded_fen",
            "order_line__commission_rate_bp",
            "order_line__order__commission_plan_code",
            "order_line__order__commission_rate_bp",
            "order_line__order__commission_hold_days",
        )
    )
    named = map(CommissionRow._make, rows.iterator(chunk_size=10_000))
    for _order_no, lines in groupby(named, key=lambda row: row.order_no):
        yield list(lines)


class EarnedRow(NamedTuple):
    """What one leader earned on one line, and where that stands."""

    leader_id: int
    leader_code: str
    line_id: int
    order_no: str
    sku_code: str
    plan_code: str
    rate_bp: int
    base_fen: int
    amount_fen: int
    state: str
    hold_until: datetime
    paid_fen: int


def earned_refunded(run: CutoffRun) -> list[EarnedRow]:
    """What was earned on lines of a run of which something went back and is not answered."""
    return _unanswered(RefundLine.objects.filter(order_line__allocation__run=run))


def earned_claimed(now: datetime) -> list[EarnedRow]:
    """What was earned on lines whose residents got money back after a claim, not answered yet."""
    return _unanswered(
        RefundLine.objects.filter(
            refund__reason=RefundReason.AFTER_SALES,
            refund__requested_at__gte=now - LOOKED_BACK,
        )
    )


def _unanswered(refund_lines: QuerySet[RefundLine]) -> list[EarnedRow]:
    """The entries are locked: nobody else answers the same refund."""
    answer = CommissionEntry.objects.filter(
        kind=CommissionKind.CLAWBACK,
        order_line=OuterRef("order_line"),
        cause=OuterRef("refund__out_refund_no"),
    )
    line_ids = refund_lines.exclude(refund__state=RefundState.CLOSED).filter(~Exists(answer))
    rows = (
        CommissionEntry.objects.select_for_update(of=("self",), no_key=True)
        .filter(kind__in=EARNED, order_line_id__in=line_ids.values("order_line_id"))
        .order_by("pk")
        .values_list(
            "leader_id",
            "leader__code",
            "order_line_id",
            "order_line__order__order_no",
            "order_line__sku__code",
            "plan_code",
            "rate_bp",
            "base_fen",
            "amount_fen",
            "state",
            "hold_until",
            "order_line__amount_fen",
        )
    )
    return [EarnedRow._make(row) for row in rows]


def losses_of_lines(line_ids: Sequence[int]) -> Mapping[int, list[LineLoss]]:
    """All that went back of each of these lines, refund by refund, the oldest first."""
    rows = (
        RefundLine.objects.filter(order_line_id__in=line_ids, amount_fen__gt=0)
        .exclude(refund__state=RefundState.CLOSED)
        .order_by("order_line_id", "refund_id")
        .values_list("order_line_id", "refund__out_refund_no", "amount_fen")
    )
    losses: dict[int, list[LineLoss]] = defaultdict(list)
    for line_id, refund_no, amount_fen in rows:
        losses[line_id].append(LineLoss(refund_no=refund_no, amount_fen=amount_fen))
    return losses


def clawbacks_of_lines(line_ids: Sequence[int]) -> Mapping[tuple[int, int], list[Clawback]]:
    """What was taken back before, by line and leader."""
    rows = CommissionEntry.objects.filter(
        kind=CommissionKind.CLAWBACK, order_line_id__in=line_ids
    ).values_list("order_line_id", "leader_id", "cause", "base_fen", "amount_fen")
    taken: dict[tuple[int, int], list[Clawback]] = defaultdict(list)
    for line_id, leader_id, refund_no, base_fen, amount_fen in rows:
        taken[line_id or 0, leader_id].append(
            Clawback(refund_no=refund_no, base_fen=base_fen, amount_fen=amount_fen)
        )
    return taken


def refunded_fen() -> Coalesce:
    """What was asked back of a row's order line so far; for annotations."""
    refunded = (
        RefundLine.objects.filter(order_line=OuterRef("order_line"))
        .exclude(refund__state=RefundState.CLOSED)
        .order_by()
        .values("order_line")
        .annotate(fen=Sum(F("amount_fen")))
        .values("fen")
    )
    return Coalesce(Subquery(refunded), 0)
