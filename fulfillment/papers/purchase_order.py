"""D1 采购单: exactly what was sold, ordered from one supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import kilograms
from fulfillment.papers.foot import (
    CHECK_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_check,
    draw_people,
    draw_totals,
    draw_warning,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.paper import Party, RenderedPaper, Stamp
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table
from orders.domain.money import format_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderLine:
    """One SKU to buy; `ordered_qty` is `packs` times `pack_factor`.

    `min_order_qty` is what the supplier wants ordered of it at least.
    """

    supplier_code: str
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    packs: int
    ordered_qty: int
    need_qty: int
    unit_cost_fen: int
    weight_g: int
    weighed: bool = False
    min_order_qty: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderContent:
    """One purchase order; `min_order_fen` 0 means the supplier has no minimum.

    `po_no` names the campaign it is bought for and the supplier.
    """

    stamp: Stamp
    po_no: str
    supplier: Party
    buyer: Party
    delivery_on: date
    window: str
    dock: str
    min_order_fen: int
    lines: tuple[PurchaseOrderLine, ...]


def render_purchase_order(content: PurchaseOrderContent) -> RenderedPaper:
    """Draw the order: lines by the supplier's code, then by name, with totals and checks."""
    lines = sorted(content.lines, key=_line_order)
    pieces = sum(line.ordered_qty for line in lines)
    sheet = Sheet(content.stamp.number)
    head = _head(content, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(), row_height=10)
    table.head()
    for number, line in enumerate(lines, start=1):
        table.row(_cells(number, line))
    _draw_end(flow, content, lines)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(lines), pieces=pieces)


def _line_order(line: PurchaseOrderLine) -> tuple[object, ...]:
    return natural_key(line.supplier_code), line.name, natural_key(line.sku_code)


def _head(content: PurchaseOrderContent, pieces: int) -> Head:
    supplier, buyer = content.supplier, content.buyer
    return Head(
        title=_("Purchase order"),
        stamp=content.stamp,
        pieces=pieces,
        subject=f"{supplier.code} {supplier.name}",
        facts=(
            Fact(_("Supplier"), f"{supplier.code} {supplier.name}", 2),
            Fact(_("Contact"), supplier.contact),
            Fact(_("Phone"), supplier.phone),
            Fact(_("Buyer"), buyer.name, 2),
            Fact(_("Contact"), buyer.contact),
            Fact(_("Phone"), buyer.phone),
            Fact(_("Deliver on"), f"{content.delivery_on:%Y-%m-%d}"),
            Fact(_("Arrival window"), content.window),
            Fact(_("Dock"), " ".join(dict.fromkeys((content.dock, buyer.address))), 2),
            Fact(_("Order no."), content.po_no),
        ),
    )


def _columns() -> tuple[Column, ...]:
    figure = Type(11, align=Align.RIGHT)
    return (
        Column(key="number", heading=_("No."), width=9, type=Type(9, align=Align.CENTER)),
        Column(key="code", heading=_("Item code"), width=20, kind=Kind.NUMBER, type=Type(10)),
        Column(heading=_("Goods and spec"), width=50),
        Column(heading=_("Unit"), width=11, type=Type(11, align=Align.CENTER), lines=1),
        Column(heading=_("Per pack"), width=12, kind=Kind.NUMBER, type=figure),
        Column(
            heading=_("Packs"), width=18, kind=Kind.NUMBER, type=Type(16, True, align=Align.RIGHT)
        ),
        Column(heading=_("Pieces"), width=18, kind=Kind.NUMBER, type=figure),
        Column(
            key="surplus",
            heading=_("Surplus"),
            width=12,
            kind=Kind.NUMBER,
            type=Type(9, align=Align.RIGHT),
        ),
        Column(heading=_("Unit price (yuan)"), width=15, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Amount (yuan)"), width=21, kind=Kind.NUMBER, type=figure),
    )


def _cells(number: int, line: PurchaseOrderLine) -> tuple[Cell, ...]:
    code: Cell = line.sku_code
    if line.supplier_code and line.supplier_code != line.sku_code:
        code = (line.supplier_code, line.sku_code)
    surplus = line.ordered_qty - line.need_qty
    return (
        str(number),
        code,
        (line.name, _("by weight, paid by net weight")) if line.weighed else line.name,
        line.unit,
        str(line.pack_factor),
        str(line.packs),
        str(line.ordered_qty),
        str(surplus) if surplus else "",
        format_yuan(line.unit_cost_fen),
        format_yuan(line.ordered_qty * line.unit_cost_fen),
    )


def _draw_end(
    flow: Flow, content: PurchaseOrderContent, lines: Sequence[PurchaseOrderLine]
) -> None:
    ordered = sum(line.ordered_qty for line in lines)
    need = sum(line.need_qty for line in lines)
    surplus = sum(line.ordered_qty - line.need_qty for line in lines)
    amount_fen = sum(line.ordered_qty * line.unit_cost_fen for line in lines)
    weight_g = sum(line.ordered_qty * line.weight_g for line in lines)
    flow.reserve(TOTALS_HEIGHT + 2 * CHECK_HEIGHT + 2 * SIGN_HEIGHT)
    draw_totals(
        flow,
        (
            (_("Lines"), str(len(lines))),
            (_("Packs"), str(sum(line.packs for line in lines))),
            (_("Pieces"), str(ordered)),
            (_("Expected kg"), kilograms(weight_g)),
            (_("Amount (yuan)"), format_yuan(amount_fen)),
        ),
    )
    label = _("Check: ordered %(ordered)d − surplus %(surplus)d") % {
        "ordered": ordered,
        "surplus": surplus,
    }
    demand = _("demand at the cut-off %(need)d") % {"need": need}
    draw_check(flow, (label, ordered - surplus), (demand, need))
    _draw_gaps(flow, content, lines, amount_fen)
    draw_people(flow, (_("Buyer"), _("Supplier confirms"), _("Date")))


def _draw_gaps(
    flow: Flow, content: PurchaseOrderContent, lines: Sequence[PurchaseOrderLine], amount_fen: int
) -> None:
    """Say what is missing to the minimum of the order and to those of its SKUs."""
    gap_fen = content.min_order_fen - amount_fen
    if gap_fen > 0:
        words = _("Below the minimum order of %(minimum)s yuan by %(gap)s yuan")
        draw_warning(
            flow,
            words % {"minimum": format_yuan(content.min_order_fen), "gap": format_yuan(gap_fen)},
        )
    for line in lines:
        gap_qty = line.min_order_qty - line.ordered_qty
        if gap_qty > 0:
            words = _("%(sku)s %(name)s: below the least order of %(minimum)d by %(gap)d")
            facts = {"sku": line.sku_code, "name": line.name}
            draw_warning(flow, words % {**facts, "minimum": line.min_order_qty, "gap": gap_qty})
