"""What the dock counted."""

from collections import Counter

from django.db.models import Exists, OuterRef, Sum

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.selectors.leftovers import leftovers_used_by_sku


def accepted_by_sku(run: CutoffRun) -> dict[int, int]:
    """Pieces there are to share out by SKU id: accepted at the dock, and leftovers used.

    Counts that were taken back are out; a SKU that was neither counted nor
    taken from the shelf is missing.
    """
    accepted = (
        GoodsReceiptLine.objects.standing()
        .filter(purchase_line__purchase_order__run=run)
        .order_by()
        .values("purchase_line__sku_id")
        .annotate(pieces=Sum("accepted_qty"))
        .values_list("purchase_line__sku_id", "pieces")
    )
    pieces = Counter(dict(accepted))
    pieces.update(leftovers_used_by_sku(run))
    return dict(pieces)


def purchase_lines_uncounted(run: CutoffRun) -> int:
    """How many purchase lines nobody has counted yet; zero counted is a count.

    A line that is no longer bought from its supplier waits for nothing.
    """
    return (
        PurchaseOrderLine.objects.filter(purchase_order__run=run, ended_as="")
        .exclude(is_counted())
        .count()
    )


def is_counted() -> Exists:
    """Whether a purchase line has a count that stands; for filters and annotations."""
    return Exists(GoodsReceiptLine.objects.standing().filter(purchase_line=OuterRef("pk")))
