"""What commission is earned on."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.settlement import CommissionEntry, CommissionKind
from orders.models.payments import RefundLine, RefundReason

# What goes back because it never came; claims are settled after the delivery.
BEFORE_DELIVERY = (RefundReason.SHORTAGE, RefundReason.SHORT_WEIGHT)


class CommissionRow(NamedTuple):
    """An order line with what is left of it after refunds, and the rule its commission follows."""

    line_id: int
    order_no: str
    sku_code: str
    leader_id: int
    leader_code: str
    paid_fen: int
    refunded_fen: int
    offer_rate_bp: int | None
    plan_code: str
    plan_rate_bp: int
    hold_days: int


def commission_rows_by_order(run: CutoffRun) -> Iterator[list[CommissionRow]]:
    """The lines of each order of a run, order by order."""
    rows = (
        Allocation.objects.filter(run=run)
        .annotate(refunded_fen=refunded_before_delivery_fen())
        .order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "order_line_id",
            "order_line__order__order_no",
            "order_line__sku__code",
            "order_line__order__leader_id",
            "order_line__order__leader__code",
            "order_line__amount_fen",
            "refunded_fen",
            "order_line__offer__commission_rate_bp",
            "order_line__order__leader__commission_plan__code",
            "order_line__order__leader__commission_plan__rate_bp",
            "order_line__order__leader__commission_plan__hold_days",
        )
    )
    named = map(CommissionRow._make, rows.iterator(chunk_size=10_000))
    for _order_no, lines in groupby(named, key=lambda row: row.order_no):
        yield list(lines)


class EntryRow(NamedTuple):
    """Commission held on a line, what was taken back of it, and what its base is now."""

    leader_id: int
    leader_code: str
    line_id: int
    order_no: str
    sku_code: str
    plan_code: str
    rate_bp: int
    base_fen: int
    amount_fen: int
    hold_until: datetime
    paid_fen: int
    refunded_fen: int
    refund_no: str


def commission_rows_refunded(run: CutoffRun) -> list[EntryRow]:
    """Lines of a run whose commission was held on more than is left after refunds."""
    newest = (
        RefundLine.objects.filter(
            order_line=OuterRef("order_line"), refund__reason__in=BEFORE_DELIVERY
        )
        .order_by("-refund__pk")
        .values("refund__out_refund_no")[:1]
    )
    rows = (
        CommissionEntry.objects.filter(order_line__allocation__run=run, kind=CommissionKind.SALE)
        .annotate(refunded_fen=refunded_before_delivery_fen(), refund_no=Subquery(newest))
        .filter(base_fen__gt=F("order_line__amount_fen") - F("refunded_fen"))
        .order_by("order_line_id")
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
            "hold_until",
            "order_line__amount_fen",
            "refunded_fen",
            "refund_no",
        )
    )
    return [EntryRow._make(row) for row in rows]


def refunded_before_delivery_fen() -> Coalesce:
    """What was asked back of a row's order line for short pieces or weight; for annotations."""
    refunded = (
        RefundLine.objects.filter(
            order_line=OuterRef("order_line"), refund__reason__in=BEFORE_DELIVERY
        )
        .order_by()
        .values("order_line")
        .annotate(fen=Sum("amount_fen"))
        .values("fen")
    )
    return Coalesce(Subquery(refunded), 0)
