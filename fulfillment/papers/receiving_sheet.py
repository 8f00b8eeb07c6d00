"""D2 收货单: what a supplier should bring, what was counted at the dock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import kilograms, signed, storage_name
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
class ReceivingCount:
    """What the dock counted of one line, over all counts that stand.

    Rejected is everything that is not accepted; damaged is a part of it.
    `weight_g` (net) and `temperature_dc` (the warmest, in 0.1 °C) are None
    where nothing was measured.
    """

    packs: int
    loose_qty: int
    arrived_qty: int
    rejected_qty: int = 0
    damaged_qty: int = 0
    weight_g: int | None = None
    temperature_dc: int | None = None
    batches: tuple[str, ...] = ()
    has_photo: bool = False

    @property
    def accepted_qty(self) -> int:
        """What may be handed out."""
        return self.arrived_qty - self.rejected_qty


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingLine:
    """One SKU at the dock; without a count its figures print blank, which is not zero."""

    storage: StorageClass
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    expected_qty: int
    need_qty: int
    weighed: bool = False
    counted: ReceivingCount | None = None


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
    pieces = _pieces(lines)
    sheet = Sheet(content.stamp.number, wide=True)
    head = _head(content, _arrived(lines) if content.blind else pieces)
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
        Column(heading=_("Goods and spec"), width=43),
        Column(key="unit", heading=_("Unit"), width=10, type=Type(11, align=Align.CENTER), lines=1),
        Column(heading=_("Per pack"), width=11, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Expected packs"), width=17, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Counted packs"), width=17, kind=Kind.BLANK, type=strong),
        Column(heading=_("Loose"), width=12, kind=Kind.BLANK, type=figure),
        Column(key="weights", heading=_("Gross / tare / net kg"), width=26, kind=Kind.BLANK),
        Column(heading=_("Damaged"), width=17, kind=Kind.BLANK, type=figure),
        Column(heading=_("Not taken"), width=17, kind=Kind.BLANK, type=figure),
        Column(heading=_("Accepted"), width=18, kind=Kind.BLANK, type=strong),
        Column(heading=_("Against need"), width=15, kind=Kind.NUMBER, type=strong),
        Column(key="temperature", heading=_("°C"), width=12, kind=Kind.BLANK),
        Column(key="batch", heading=_("Batch or expiry"), width=29, kind=Kind.BLANK, type=Type(9)),
        Column(key="photo", heading=_("Photo"), width=13, kind=Kind.TICK),
    )


def _cells(content: ReceivingSheetContent, line: ReceivingLine) -> tuple[Cell, ...]:
    return (
        line.sku_code,
        (line.name, _("weigh")) if line.weighed else line.name,
        line.unit,
        str(line.pack_factor),
        "" if content.blind else _in_packs(line.expected_qty, line.pack_factor),
        *_counted_cells(line),
    )


def _counted_cells(line: ReceivingLine) -> tuple[Cell, ...]:
    """What was counted, from the packs to the photo; blank before the count."""
    count = line.counted
    if count is None:
        return ("",) * 10
    net = _("net %(weight)s") % {"weight": kilograms(count.weight_g)} if count.weight_g else ""
    degrees = "" if count.temperature_dc is None else f"{count.temperature_dc / 10:.1f}"
    return (
        str(count.packs),
        str(count.loose_qty),
        net,
        str(count.damaged_qty),
        str(count.rejected_qty - count.damaged_qty),
        str(count.accepted_qty),
        signed(count.accepted_qty - line.need_qty) or "0",
        degrees,
        " / ".join(count.batches),
        "✓" if count.has_photo else "",
    )


def _in_packs(qty: int, pack_factor: int) -> str:
    """Pieces as packs, with a rest where they do not fill one: `90` or `3+2`."""
    packs, rest = divmod(qty, pack_factor)
    return f"{packs}+{rest}" if rest else str(packs)


def _draw_end(flow: Flow, content: ReceivingSheetContent, lines: Sequence[ReceivingLine]) -> None:
    counts = [line.counted for line in lines if line.counted is not None]
    flow.reserve(TOTALS_HEIGHT + CHECK_HEIGHT + SIGN_HEIGHT + BARS_HEIGHT)
    packs = sum(line.expected_qty // line.pack_factor for line in lines)
    draw_totals(
        flow,
        [
            (_("Lines"), str(len(lines))),
            (_("Expected packs"), "" if content.blind else str(packs)),
            (_("Expected pieces"), "" if content.blind else str(_pieces(lines))),
            (_("Needed pieces"), "" if content.blind else str(sum(x.need_qty for x in lines))),
            (_("Counted packs"), str(sum(x.packs for x in counts)) if counts else ""),
            (_("Accepted pieces"), str(sum(x.accepted_qty for x in counts)) if counts else ""),
            (_("Net kg"), _net(counts)),
        ],
    )
    if counts:
        _draw_sum(flow, counts)
    draw_people(flow, (_("Supplier's driver"), _("Receiver"), _("Buyer (differences)"), _("Time")))
    draw_bars(flow, content.stamp.code, _("Scan to enter the counts"))


def _draw_sum(flow: Flow, counts: Sequence[ReceivingCount]) -> None:
    """Show that what was counted is accepted, damaged or rejected, and nothing else."""
    arrived = sum(count.arrived_qty for count in counts)
    accepted = sum(count.accepted_qty for count in counts)
    damaged = sum(count.damaged_qty for count in counts)
    rejected = sum(count.rejected_qty - count.damaged_qty for count in counts)
    label = _("Check: accepted %(accepted)d + damaged %(damaged)d + rejected %(rejected)d") % {
        "accepted": accepted,
        "damaged": damaged,
        "rejected": rejected,
    }
    draw_check(
        flow,
        (label, accepted + damaged + rejected),
        (_("counted %(arrived)d") % {"arrived": arrived}, arrived),
    )


def _arrived(lines: Sequence[ReceivingLine]) -> int:
    return sum(line.counted.arrived_qty for line in lines if line.counted is not None)


def _pieces(lines: Sequence[ReceivingLine]) -> int:
    return sum(line.expected_qty for line in lines)


def _net(counts: Sequence[ReceivingCount]) -> str:
    """The weight of what was weighed; nothing where nothing was."""
    weights = [count.weight_g for count in counts if count.weight_g is not None]
    return kilograms(sum(weights)) if weights else ""
