"""D2 收货单: what a supplier should bring, what was counted at the dock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import signed, storage_name
from fulfillment.papers.foot import (
    BARS_HEIGHT,
    CHECK_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_bars,
    draw_check,
    draw_people,
    draw_totals,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.ordering import STORAGE_RANK
from fulfillment.papers.paper import Party, RenderedPaper, Stamp
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table
from orders.domain.storage import StorageClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingLine:
    """One SKU at the dock; `None` figures are not counted yet and print blank."""

    storage: StorageClass
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    expected_qty: int
    need_qty: int
    weighed: bool = False
    arrived_qty: int | None = None
    rejected_qty: int | None = None
    accepted_qty: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingSheetContent:
    """One supplier's arrival; `blind` hides the expected figures from the counter."""

    stamp: Stamp
    supplier: Party
    purchase_order: str
    delivery_on: date
    arrives_at: str
    dock: str
    blind: bool
    lines: tuple[ReceivingLine, ...]


def render_receiving_sheet(content: ReceivingSheetContent) -> RenderedPaper:
    """Draw the sheet for the dock: cold goods first, then what is needed most."""
    lines = sorted(content.lines, key=_line_order)
    pieces = sum(line.expected_qty for line in lines)
    sheet = Sheet(content.stamp.number, wide=True)
    head = _head(content, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(), row_height=11)
    table.head()
    for storage, group in groupby(lines, key=lambda line: line.storage):
        table.band(storage_name(storage))
        for line in group:
            table.row(_cells(content, line))
    _draw_end(flow, content, lines)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(lines), pieces=pieces)


def _line_order(line: ReceivingLine) -> tuple[object, ...]:
    return -STORAGE_RANK[line.storage], -line.need_qty, natural_key(line.sku_code)


def _head(content: ReceivingSheetContent, pieces: int) -> Head:
    supplier = content.supplier
    return Head(
        title=_("Receiving sheet"),
        stamp=content.stamp,
        pieces=pieces,
        key=supplier.code,
        subject=supplier.name,
        facts=(
            Fact(_("Supplier"), supplier.name),
            Fact(_("Contact"), f"{supplier.contact} {supplier.phone}"),
            Fact(_("Purchase order"), content.purchase_order),
            Fact(
                _("Due"),
                f"{content.delivery_on:%m-%d} {content.arrives_at} {content.dock}",
            ),
        ),
    )


def _columns() -> tuple[Column, ...]:
    figure = Type(11, align=Align.RIGHT)
    strong = Type(16, bold=True, align=Align.RIGHT)
    return (
        Column(heading=_("SKU"), width=16, kind=Kind.NUMBER, type=Type(10)),
        Column(heading=_("Goods and spec"), width=49),
        Column(key="unit", heading=_("Unit"), width=11, type=Type(11, align=Align.CENTER), lines=1),
        Column(heading=_("Per pack"), width=11, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Expected packs"), width=17, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Counted packs"), width=18, kind=Kind.BLANK, type=strong),
        Column(heading=_("Loose"), width=13, kind=Kind.BLANK, type=figure),
        Column(key="weights", heading=_("Gross / tare / net kg"), width=29, kind=Kind.BLANK),
        Column(heading=_("Damaged or rejected"), width=16, kind=Kind.BLANK, type=figure),
        Column(heading=_("Accepted"), width=20, kind=Kind.BLANK, type=strong),
        Column(heading=_("Against need"), width=15, kind=Kind.NUMBER, type=strong),
        Column(key="temperature", heading=_("°C"), width=13, kind=Kind.BLANK),
        Column(key="batch", heading=_("Batch or expiry"), width=32, kind=Kind.BLANK),
        Column(key="photo", heading=_("Photo"), width=13, kind=Kind.TICK),
    )


def _cells(content: ReceivingSheetContent, line: ReceivingLine) -> tuple[Cell, ...]:
    expected = str(line.expected_qty // max(line.pack_factor, 1))
    counted = loose = rejected = accepted = flag = ""
    if line.arrived_qty is not None:
        packs, rest = divmod(line.arrived_qty, max(line.pack_factor, 1))
        counted, loose = str(packs), str(rest)
    if line.rejected_qty is not None:
        rejected = str(line.rejected_qty)
    if line.accepted_qty is not None:
        accepted = str(line.accepted_qty)
        flag = signed(line.accepted_qty - line.need_qty) or "0"
    return (
        line.sku_code,
        (line.name, _("weigh")) if line.weighed else line.name,
        line.unit,
        str(line.pack_factor),
        "" if content.blind else expected,
        counted,
        loose,
        "",
        rejected,
        accepted,
        flag,
        "",
        "",
        "",
    )


def _draw_end(flow: Flow, content: ReceivingSheetContent, lines: Sequence[ReceivingLine]) -> None:
    counted = [line for line in lines if line.accepted_qty is not None]
    flow.reserve(TOTALS_HEIGHT + CHECK_HEIGHT + SIGN_HEIGHT + BARS_HEIGHT)
    packs = sum(line.expected_qty // max(line.pack_factor, 1) for line in lines)
    totals = [
        (_("Lines"), str(len(lines))),
        (_("Expected packs"), "" if content.blind else str(packs)),
        (_("Expected pieces"), "" if content.blind else str(sum(x.expected_qty for x in lines))),
        (_("Accepted pieces"), _total(line.accepted_qty for line in counted)),
        (_("Needed pieces"), "" if content.blind else str(sum(x.need_qty for x in lines))),
    ]
    draw_totals(flow, totals)
    if counted:
        arrived = sum(line.arrived_qty or 0 for line in counted)
        rejected = sum(line.rejected_qty or 0 for line in counted)
        accepted = sum(line.accepted_qty or 0 for line in counted)
        label = _("Check: accepted %(accepted)d + rejected %(rejected)d") % {
            "accepted": accepted,
            "rejected": rejected,
        }
        draw_check(
            flow,
            (label, accepted + rejected),
            (_("arrived %(arrived)d") % {"arrived": arrived}, arrived),
        )
    draw_people(flow, (_("Supplier's driver"), _("Receiver"), _("Buyer (differences)"), _("Time")))
    draw_bars(flow, content.stamp.code, _("Scan to enter the counts"))


def _total(figures: Iterable[int | None]) -> str:
    known = [figure for figure in figures if figure is not None]
    return str(sum(known)) if known else ""
