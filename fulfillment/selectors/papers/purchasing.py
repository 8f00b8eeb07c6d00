"""Contents of the buyers' and the dock's papers: one per purchase order."""

from collections.abc import Iterator

from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import Party, Stamp
from fulfillment.papers.purchase_order import PurchaseOrderContent, PurchaseOrderLine
from fulfillment.papers.receiving_sheet import ReceivingLine, ReceivingSheetContent
from fulfillment.selectors.papers.day import PaperDay
from fulfillment.selectors.papers.stamping import Stamper
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind


def purchase_order_contents(day: PaperDay, stamper: Stamper) -> Iterator[PurchaseOrderContent]:
    """One order per supplier, in order of the supplier's code."""
    for order in day.purchase_orders:
        yield PurchaseOrderContent(
            stamp=_stamp(day, stamper, order, Document.PURCHASE_ORDER),
            supplier=_supplier(order),
            buyer=Party(name=day.run.warehouse.name, address=day.run.warehouse.address),
            delivery_on=day.run.campaign.delivery_date,
            window=_window(order),
            dock=day.run.warehouse.name,
            min_order_fen=order.supplier.min_order_fen,
            lines=tuple(_order_lines(day, order)),
        )


def receiving_sheet_contents(day: PaperDay, stamper: Stamper) -> Iterator[ReceivingSheetContent]:
    """One sheet per supplier; what the dock has counted by now is filled in."""
    for order in day.purchase_orders:
        yield ReceivingSheetContent(
            stamp=_stamp(day, stamper, order, Document.RECEIVING_SHEET),
            supplier=_supplier(order),
            purchase_order=order.po_no,
            delivery_on=day.run.campaign.delivery_date,
            arrives_at=_window(order),
            dock=day.run.warehouse.name,
            blind=False,
            lines=tuple(_receiving_lines(day, order)),
        )


def _stamp(day: PaperDay, stamper: Stamper, order: PurchaseOrder, document: Document) -> Stamp:
    quantities = [
        (day.skus[line.sku_id].code, line.ordered_qty) for line in day.purchase_lines[order.pk]
    ]
    return stamper.stamp(document, order.supplier.code, quantities)


def _supplier(order: PurchaseOrder) -> Party:
    supplier = order.supplier
    return Party(
        name=supplier.name, code=supplier.code, contact=supplier.contact, phone=supplier.phone
    )


def _window(order: PurchaseOrder) -> str:
    slot = order.supplier.slot_start
    return f"{slot:%H:%M}" if slot else ""


def _order_lines(day: PaperDay, order: PurchaseOrder) -> Iterator[PurchaseOrderLine]:
    for line in day.purchase_lines[order.pk]:
        sku = day.skus[line.sku_id]
        yield PurchaseOrderLine(
            supplier_code="",
            sku_code=sku.code,
            name=sku.name,
            unit=sku.unit,
            pack_factor=line.pack_factor,
            packs=line.packs,
            ordered_qty=line.ordered_qty,
            need_qty=line.need_qty,
            unit_cost_fen=line.unit_cost_fen,
            weight_g=sku.weight_g,
            weighed=sku.kind == SkuKind.CATCH_WEIGHT,
        )


def _receiving_lines(day: PaperDay, order: PurchaseOrder) -> Iterator[ReceivingLine]:
    for line in day.purchase_lines[order.pk]:
        sku = day.skus[line.sku_id]
        counted = day.counted.get(line.pk)
        yield ReceivingLine(
            storage=StorageClass(sku.storage),
            sku_code=sku.code,
            name=sku.name,
            unit=sku.unit,
            pack_factor=line.pack_factor,
            expected_qty=line.ordered_qty,
            need_qty=line.need_qty,
            weighed=sku.kind == SkuKind.CATCH_WEIGHT,
            arrived_qty=counted.arrived_qty if counted else None,
            rejected_qty=counted.rejected_qty if counted else None,
            accepted_qty=counted.accepted_qty if counted else None,
        )
