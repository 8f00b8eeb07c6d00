"""What the dock counted."""

from django.db.models import Sum

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine


def accepted_by_sku(run: CutoffRun) -> dict[int, int]:
    """Accepted pieces by SKU id, summed over all arrivals of the run."""
    return dict(
        GoodsReceiptLine.objects.filter(purchase_line__purchase_order__run=run)
        .values("purchase_line__sku_id")
        .annotate(pieces=Sum("accepted_qty"))
        .values_list("purchase_line__sku_id", "pieces")
    )


def purchase_lines_uncounted(run: CutoffRun) -> int:
    """How many purchase lines nobody has counted yet; zero counted is a count."""
    return PurchaseOrderLine.objects.filter(
        purchase_order__run=run, receipt_lines__isnull=True
    ).count()
