"""One purchase order as its supplier may see it: this order, and nothing else."""

from dataclasses import dataclass

from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.supplier_papers import SupplierPaper
from fulfillment.selectors.papers.purchasing import order_scope

ANSWERABLE = (
    PurchaseOrderState.SENT,
    PurchaseOrderState.CONFIRMED,
    PurchaseOrderState.CONFIRMED_SHORT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrder:
    """An order with the lines still bought, those no longer bought, and the papers handed in."""

    order: PurchaseOrder
    lines: tuple[PurchaseOrderLine, ...]
    ended: tuple[PurchaseOrderLine, ...]
    papers: tuple[SupplierPaper, ...]

    @property
    def is_answerable(self) -> bool:
        """Whether the supplier may still say what it brings."""
        return self.order.state in ANSWERABLE and bool(self.lines)

    @property
    def packs(self) -> int:
        """Packs of all lines."""
        return sum(line.packs for line in self.lines)

    @property
    def pieces(self) -> int:
        """Pieces of all lines."""
        return sum(line.ordered_qty for line in self.lines)

    @property
    def weight_g(self) -> int:
        """Expected weight of all lines."""
        return sum(line.ordered_qty * line.sku.weight_g for line in self.lines)


def supplier_order(purchase_order_id: int) -> SupplierOrder | None:
    """An order that was sent to its supplier once; None for any other."""
    order = (
        PurchaseOrder.objects.filter(pk=purchase_order_id, approved_at__isnull=False)
        .select_related("supplier", "run__campaign", "run__warehouse")
        .first()
    )
    if order is None:
        return None
    lines = list(order.lines.select_related("sku").order_by("sku__code"))
    return SupplierOrder(
        order=order,
        lines=tuple(line for line in lines if not line.ended_as),
        ended=tuple(line for line in lines if line.ended_as),
        papers=tuple(order.supplier_papers.select_related("sku").order_by("-pk")),
    )


def purchase_paper(order: PurchaseOrder) -> Paper | None:
    """The newest printed revision of an order, if it was printed."""
    papers = Paper.objects.filter(
        run_id=order.run_id,
        document=Document.PURCHASE_ORDER,
        scope=order_scope(order),
    )
    return papers.select_related("run__campaign").order_by("-revision").first()
