"""What a run leaves over."""

from collections import Counter

from django.db.models import Sum

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.selectors.receiving import accepted_by_sku


def spare_by_sku(run: CutoffRun) -> dict[int, int]:
    """Pieces by SKU id that were good and that nobody was given; only what is above 0.

    Accepted pieces and leftovers used, less what was allocated or given as a
    substitute, less what was found missing or bad while sorting and weighing.
    """
    spare = Counter(accepted_by_sku(run))
    allocations = Allocation.objects.filter(run=run).order_by()
    given = (
        allocations.values("order_line__sku_id")
        .annotate(pieces=Sum("allocated_qty"))
        .values_list("order_line__sku_id", "pieces"),
        allocations.filter(substitute_qty__gt=0)
        .values("substitute_sku_id")
        .annotate(pieces=Sum("substitute_qty"))
        .values_list("substitute_sku_id", "pieces"),
        ExceptionCase.objects.filter(run=run, stage__in=[Stage.SORT, Stage.WEIGH])
        .exclude(cause=Cause.OVER)
        .exclude(sku__isnull=True)
        .order_by()
        .values("sku_id")
        .annotate(pieces=Sum("qty"))
        .values_list("sku_id", "pieces"),
    )
    for rows in given:
        spare.subtract(dict(rows))
    return {sku_id: qty for sku_id, qty in spare.items() if qty > 0}
