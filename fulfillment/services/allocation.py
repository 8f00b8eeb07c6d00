"""The allocation of a run: one row per order line, the truth of every paper."""

from collections import defaultdict
from collections.abc import Mapping

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.receiving import accepted_by_sku
from orders.domain.control_code import control_code
from orders.selectors.demand import DemandRow, demand_rows
from orders.services.statistics import statistics_refresh

BATCH_SIZE = 5_000


def allocations_make(*, run: CutoffRun) -> Mapping[str, int | str]:
    """Share what was accepted over what was sold; return the figures.

    The control code over (order line, pieces) goes on every paper that shows
    the whole allocation.
    """
    rule = ShortageRule(run.campaign.shortage_rule)
    accepted = accepted_by_sku(run)
    rows_of: defaultdict[int, list[DemandRow]] = defaultdict(list)
    for row in demand_rows(run.campaign_id):
        rows_of[row.sku_id].append(row)
    allocated: dict[str, int] = {}
    for sku_id, rows in rows_of.items():
        shared = allocate([_demand(row) for row in rows], accepted.get(sku_id, 0), rule)
        allocated.update(shared.quantities)
    Allocation.objects.bulk_create(
        (
            Allocation(
                run=run,
                order_line_id=row.line_id,
                ordered_qty=row.qty,
                allocated_qty=allocated[row.key],
            )
            for rows in rows_of.values()
            for row in rows
        ),
        batch_size=BATCH_SIZE,
    )
    statistics_refresh(Allocation)
    ordered_qty = sum(row.qty for rows in rows_of.values() for row in rows)
    allocated_qty = sum(allocated.values())
    return {
        "lines": len(allocated),
        "pieces_allocated": allocated_qty,
        "pieces_short": ordered_qty - allocated_qty,
        "pieces_spare": sum(accepted.values()) - allocated_qty,
        "control_code": control_code(allocated.items()),
    }


def _demand(row: DemandRow) -> LineDemand:
    return LineDemand(
        line_key=row.key,
        point_code=row.point_code,
        qty=row.qty,
        paid_at=row.paid_at,
        line_no=row.line_no,
    )
