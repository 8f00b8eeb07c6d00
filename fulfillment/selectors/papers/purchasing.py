"""Contents of the buyers' and the dock's papers: one per purchase order."""

from collections.abc import Iterator, Mapping

from fulfillment.domain.purchase_numbers import purchase_scope
from fulfillment.domain.receiving import expected_pieces
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder, SupplierOffer
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import Party, Stamp
from fulfillment.papers.purchase_order import PurchaseOrderContent, PurchaseOrderLine
from fulfillment.papers.receiving_sheet import (
    ReceivingLine,
    ReceivingSheetContent,
)
from fulfillment.selectors.papers.day import PaperDay
from fulfillment.selectors.papers.stamping import Stamper
from leaders.models.accounts import User
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind


def purchase_order_contents(day: PaperDay, stamper: Stamper) -> Iterator[PurchaseOrderContent]:
    """Every order with its lines still bought, in order of the supplier's code.

    An order without such lines was cancelled and is not printed any more.
    """
    least = _least_orders(day)
    buyers = User.objects.in_bulk(
        {order.approved_by_id for order in day.purchase_orders if order.approved_by_id}
    )
    for order in day.purchase_orders:
        lines = tuple(_order_lines(day, order, least))
        if not lines:
            continue
        buyer = buyers.get(order.approved_by_id or 0)
        yield PurchaseOrderContent(
            stamp=_stamp(day, stamper, order, Document.PURCHASE_ORDER),
            po_no=order.po_no,
            supplier=_supplier(order),
            buyer=Party(
                name=day.run.warehouse.name,
                address=day.run.warehouse.address,
                contact=str(buyer) if buyer else "",
            ),
            delivery_on=day.run.campaign.delivery_date,
            window=_window(order),
            dock=day.run.warehouse.name,
            min_order_fen=order.supplier.min_order_fen,
            lines=lines,
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
            blind=day.run.warehouse.is_blind_count,
            lines=tuple(_receiving_lines(day, order)),
        )


def order_scope(order: PurchaseOrder) -> str:
    """What the papers of an order are filed under: the supplier, and which of its orders."""
    return purchase_scope(order.supplier.code, order.seq)


def order_of_scope(run: CutoffRun, scope: str) -> PurchaseOrder | None:
    """The order whose papers carry this scope, in whatever case it was typed."""
    wanted = scope.casefold()
    orders = PurchaseOrder.objects.filter(run=run).select_related("supplier").order_by("pk")
    return next((order for order in orders if order_scope(order).casefold() == wanted), None)


def _stamp(day: PaperDay, stamper: Stamper, order: PurchaseOrder, document: Document) -> Stamp:
    quantities = [
        (day.skus[line.sku_id].code, line.ordered_qty)
        for line in day.purchase_lines[order.pk]
        if not line.ended_as
    ]
    return stamper.stamp(document, order_scope(order), quantities)


def _supplier(order: PurchaseOrder) -> Party:
    supplier = order.supplier
    return Party(
        name=supplier.name, code=order_scope(order), contact=supplier.contact, phone=supplier.phone
    )


def _window(order: PurchaseOrder) -> str:
    slot = order.slot_offered or order.supplier.slot_start
    return f"{slot:%H:%M}" if slot else ""


def _order_lines(
    day: PaperDay, order: PurchaseOrder, least: Mapping[tuple[int, int], int]
) -> Iterator[PurchaseOrderLine]:
    for line in day.purchase_lines[order.pk]:
        if line.ended_as:
            continue
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
            min_order_qty=least.get((order.supplier_id, line.sku_id), 0),
        )


def _least_orders(day: PaperDay) -> dict[tuple[int, int], int]:
    """What suppliers want ordered at least, by supplier and SKU."""
    offers = SupplierOffer.objects.filter(
        supplier__in={order.supplier_id for order in day.purchase_orders}, min_order_qty__gt=0
    )
    return {
        (supplier_id, sku_id): qty
        for supplier_id, sku_id, qty in offers.values_list("supplier_id", "sku_id", "min_order_qty")
    }


def _receiving_lines(day: PaperDay, order: PurchaseOrder) -> Iterator[ReceivingLine]:
    """What is still bought here, and whatever of the rest came all the same."""
    for line in day.purchase_lines[order.pk]:
        sku = day.skus[line.sku_id]
        counted = day.counted.get(line.pk)
        if line.ended_as and counted is None:
            continue
        yield ReceivingLine(
            storage=StorageClass(sku.storage),
            sku_code=sku.code,
            name=sku.name,
            unit=sku.unit,
            pack_factor=line.pack_factor,
            expected_qty=expected_pieces(
                ordered_qty=line.ordered_qty,
                confirmed_qty=line.confirmed_qty,
                is_ended=bool(line.ended_as),
            ),
            need_qty=line.need_qty,
            weighed=sku.kind == SkuKind.CATCH_WEIGHT,
            counted=counted,
        )
