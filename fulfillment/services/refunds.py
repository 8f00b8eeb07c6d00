"""Refunds of what residents do not get: short pieces and short weight, differences only.

Shortages may grow after the first refund. Each further loss is asked back
under the next number, and takes back the commission that was held on it.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.selectors.allocation import shortage_refunded_qty
from fulfillment.selectors.shortages import runs_with_later_losses
from fulfillment.services.day_guard import run_locked
from fulfillment.services.settlement import commission_take_back
from fulfillment.services.weighing import weight_refunds_request
from orders.domain.refunds import shortage_refund_fen
from orders.models.payments import RefundLine, RefundReason
from orders.services.refunds import LineRefund, shortage_refunds_request


@transaction.atomic
def shortages_refund(*, run: CutoffRun, now: datetime) -> Mapping[str, int]:
    """Request the refund of what is short and was not asked back yet; return the figures.

    Repeatable: only differences are asked for. Once commission is held, what
    goes back later takes its part of the commission back.
    """
    run_locked(run.pk)
    refunds = shortage_refunds_request(
        lines=_owed(run), business_date=timezone.localdate(now), now=now
    )
    weight = weight_refunds_request(run=run, now=now)
    if run.steps.filter(name=Step.COMMISSION, state=StepState.DONE).exists():
        commission_take_back(run=run, now=now)
    totals = RefundLine.objects.filter(
        order_line__order__campaign_id=run.campaign_id, refund__reason=RefundReason.SHORTAGE
    ).aggregate(pieces=Sum("qty", default=0), fen=Sum("amount_fen", default=0))
    return {
        "refunds": refunds,
        "pieces_short": totals["pieces"],
        "refund_fen": totals["fen"],
        **weight,
    }


def shortages_refund_later(*, now: datetime) -> int:
    """Refund what was lost after a run's refunds were made; return how many refunds that took."""
    made = 0
    for run in runs_with_later_losses():
        figures = shortages_refund(run=run, now=now)
        made += figures["refunds"] + figures["weight_refunds"]
    return made


def _owed(run: CutoffRun) -> list[LineRefund]:
    """What lines with a new shortage are owed for shortage in all."""
    short_lines = (
        Allocation.objects.filter(run=run, short_qty__gt=0)
        .annotate(refunded_qty=shortage_refunded_qty())
        .filter(short_qty__gt=F("refunded_qty"))
        .order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "order_line__order__order_no",
            "order_line_id",
            "short_qty",
            "ordered_qty",
            "order_line__amount_fen",
        )
    )
    return [
        LineRefund(
            order_no=order_no,
            order_line_id=line_id,
            qty=short_qty,
            amount_fen=shortage_refund_fen(paid_fen, ordered_qty, short_qty),
        )
        for order_no, line_id, short_qty, ordered_qty, paid_fen in short_lines
    ]
