"""Refunds of what the allocation could not give, before the truck leaves."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from orders.domain.refunds import shortage_refund_fen
from orders.models.payments import RefundLine, RefundReason
from orders.services.refunds import LineRefund, shortage_refunds_request


def shortages_refund(*, run: CutoffRun, now: datetime) -> Mapping[str, int]:
    """Request the refund of every short piece of a run; return the figures."""
    short_lines = (
        Allocation.objects.filter(run=run, short_qty__gt=0)
        .order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "order_line__order__order_no",
            "order_line_id",
            "short_qty",
            "ordered_qty",
            "order_line__amount_fen",
        )
    )
    refunds = shortage_refunds_request(
        lines=[
            LineRefund(
                order_no=order_no,
                order_line_id=line_id,
                qty=short_qty,
                amount_fen=shortage_refund_fen(paid_fen, ordered_qty, short_qty),
            )
            for order_no, line_id, short_qty, ordered_qty, paid_fen in short_lines
        ],
        business_date=timezone.localdate(now),
        now=now,
    )
    totals = RefundLine.objects.filter(
        order_line__order__campaign_id=run.campaign_id, refund__reason=RefundReason.SHORTAGE
    ).aggregate(pieces=Sum("qty", default=0), fen=Sum("amount_fen", default=0))
    return {"refunds": refunds, "pieces_short": totals["pieces"], "refund_fen": totals["fen"]}
