"""A purchase order as a spreadsheet, the way suppliers copy it into their own."""

from io import BytesIO

from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.models.purchasing import PurchaseOrder
from orders.domain.money import FEN_PER_YUAN
from orders.models.catalogue import SkuKind

GRAMS_PER_KG = 1000


def purchase_order_workbook(purchase_order: PurchaseOrder) -> BytesIO:
    """Return one sheet: who orders what for when, the lines still bought, and their sums.

    Money is in yuan, the expected weight in kilograms. The order carries its
    supplier, and its run with campaign and warehouse.
    """
    lines = list(
        purchase_order.lines.filter(ended_as="").select_related("sku").order_by("sku__code")
    )
    rows = [
        [
            line.sku.code,
            line.sku.name,
            line.sku.unit,
            line.pack_factor,
            line.packs,
            line.ordered_qty,
            line.unit_cost_fen / FEN_PER_YUAN,
            line.amount_fen / FEN_PER_YUAN,
            line.ordered_qty * line.sku.weight_g / GRAMS_PER_KG,
            _("by weight, paid by net weight") if line.sku.kind == SkuKind.CATCH_WEIGHT else "",
        ]
        for line in lines
    ]
    return workbook(
        Table(
            title=purchase_order.po_no,
            facts=_facts(purchase_order),
            headings=_headings(),
            rows=rows,
            sums=[
                _("total"),
                None,
                None,
                None,
                sum(line.packs for line in lines),
                sum(line.ordered_qty for line in lines),
                None,
                sum(line.amount_fen for line in lines) / FEN_PER_YUAN,
                sum(line.ordered_qty * line.sku.weight_g for line in lines) / GRAMS_PER_KG,
            ],
        )
    )


def _facts(order: PurchaseOrder) -> list[tuple[str, str]]:
    run = order.run
    slot = order.slot_offered or order.supplier.slot_start
    return [
        (_("purchase order no."), order.po_no),
        (_("supplier"), f"{order.supplier.code} {order.supplier.name}"),
        (_("Deliver on"), f"{run.campaign.delivery_date:%Y-%m-%d}"),
        (_("Arrival window"), f"{slot:%H:%M}" if slot else ""),
        (_("Dock"), f"{run.warehouse.name} {run.warehouse.address}".strip()),
    ]


def _headings() -> list[tuple[str, int]]:
    return [
        (_("SKU"), 14),
        (_("name and spec"), 32),
        (_("unit"), 6),
        (_("pieces per pack"), 8),
        (_("packs"), 8),
        (_("ordered"), 8),
        (_("cost per piece (¥)"), 12),
        (_("amount (¥)"), 14),
        (_("expected kg"), 10),
        (_("note"), 20),
    ]
