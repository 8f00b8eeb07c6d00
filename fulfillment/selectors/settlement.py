"""What commission is earned on."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun


class CommissionRow(NamedTuple):
    """An allocated order line with the rule its commission follows."""

    line_id: int
    order_no: str
    sku_code: str
    leader_id: int
    leader_code: str
    allocated_qty: int
    unit_price_fen: int
    offer_rate_bp: int | None
    plan_code: str
    plan_rate_bp: int
    hold_days: int


def commission_rows_by_order(run: CutoffRun) -> Iterator[list[CommissionRow]]:
    """The lines of each order of a run, order by order."""
    rows = (
        Allocation.objects.filter(run=run)
        .order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "order_line_id",
            "order_line__order__order_no",
            "order_line__sku__code",
            "order_line__order__leader_id",
            "order_line__order__leader__code",
            "allocated_qty",
            "order_line__unit_price_fen",
            "order_line__offer__commission_rate_bp",
            "order_line__order__leader__commission_plan__code",
            "order_line__order__leader__commission_plan__rate_bp",
            "order_line__order__leader__commission_plan__hold_days",
        )
    )
    named = map(CommissionRow._make, rows.iterator(chunk_size=10_000))
    for _order_no, lines in groupby(named, key=lambda row: row.order_no):
        yield list(lines)
