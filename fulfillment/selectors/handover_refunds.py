"""Which residents go without when goods never reached their leader."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Sum

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.models.allocation import Allocation
from fulfillment.models.exceptions import Cause, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.warehouse import Drop
from orders.models.claims import Claim, ClaimKind, ClaimState
from orders.models.orders import OrderLine
from orders.selectors.claims import CLAIMABLE_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentDue:
    """Pieces of one order line that are not there and not paid back."""

    line: OrderLine
    qty: int


def residents_due(case: ExceptionCase) -> tuple[ResidentDue, ...]:
    """Whom the missing pieces of a case's goods at its point hit: who paid last, first.

    All decided cases of the same goods at the same drop count together, less
    the pieces that residents have claimed as missing themselves.
    """
    if case.stage != Stage.HANDOVER or case.sku_id is None or case.drop is None:
        return ()
    rows = list(
        Allocation.objects.filter(
            Q(order_line__sku_id=case.sku_id, allocated_qty__gt=0)
            | Q(substitute_sku_id=case.sku_id, substitute_qty__gt=0),
            run_id=case.run_id,
            order_line__order__pickup_point_id=case.drop.pickup_point_id,
            order_line__order__state__in=CLAIMABLE_STATES,
        ).select_related("order_line__order")
    )
    claimed, as_missing = _claimed(row.order_line_id for row in rows)
    came = {
        row.order_line_id: _pieces(row, case.sku_id) - claimed[row.order_line_id] for row in rows
    }
    demands = [
        LineDemand(
            line_key=str(row.order_line_id),
            point_code="",
            qty=came[row.order_line_id],
            paid_at=row.order_line.order.paid_at or row.order_line.order.placed_at,
            line_no=row.order_line.line_no,
        )
        for row in rows
        if came[row.order_line_id] > 0
    ]
    there = sum(demand.qty for demand in demands)
    missing = min(there, max(0, _missing(case.drop, case.sku_id) - as_missing))
    if not missing:
        return ()
    kept = allocate(demands, there - missing, ShortageRule.PAID_TIME).quantities
    lines = {str(row.order_line_id): row.order_line for row in rows}
    return tuple(
        ResidentDue(line=lines[demand.line_key], qty=demand.qty - kept[demand.line_key])
        for demand in demands
        if kept[demand.line_key] < demand.qty
    )


def _missing(drop: Drop, sku_id: int) -> int:
    """Pieces that decided cases of the handover say are missing of these goods at this drop."""
    found = ExceptionCase.objects.filter(
        drop=drop,
        sku_id=sku_id,
        stage=Stage.HANDOVER,
        state=ExceptionCaseState.DECIDED,
    ).exclude(cause=Cause.OVER)
    pieces: int = found.aggregate(pieces=Sum("qty", default=0))["pieces"]
    return pieces


def _pieces(row: Allocation, sku_id: int) -> int:
    """What the line was to get of these goods."""
    own = row.allocated_qty if row.order_line.sku_id == sku_id else 0
    return own + (row.substitute_qty if row.substitute_sku_id == sku_id else 0)


def _claimed(line_ids: Iterable[int]) -> tuple[Counter[int], int]:
    """Pieces claimed by line, and how many of them all as missing."""
    claims = Claim.objects.filter(order_line_id__in=list(line_ids)).exclude(
        state=ClaimState.REJECTED
    )
    claimed: Counter[int] = Counter()
    as_missing = 0
    for line_id, kind, qty in claims.values_list("order_line_id", "kind", "qty"):
        claimed[line_id] += qty
        as_missing += qty if kind == ClaimKind.MISSING else 0
    return claimed, as_missing
