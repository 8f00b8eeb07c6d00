"""D10 提货清单: the leader's list for handing out, in the three sorts in use."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.hand_out import HandOutSort, hand_out_order
from fulfillment.papers.figures import weight_words
from fulfillment.papers.fonts import clean
from fulfillment.papers.foot import (
    CHECK_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_check,
    draw_people,
    draw_totals,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone
from leaders.domain.phones import mask_name, phone_last4

CUT_HEIGHT = 5.0
ROW_HEIGHT = 7.4


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutLine:
    """What one resident gets of one SKU; name and phone are masked when printed.

    `weight_g` is what goods sold by weight weigh, once all pieces are weighed.
    """

    building: str
    room: str
    pickup_no: str
    resident_name: str
    resident_phone: str
    sku_code: str
    name: str
    unit: str
    qty: int
    short_qty: int = 0
    reason: str = ""
    weight_g: int | None = None
    has_weight_refund: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutList:
    """One leader's residents; `shipped_qty` is the delivery note's figure."""

    stamp: Stamp
    slot: str
    leader_name: str
    point_name: str
    pickup_on: date
    pickup_window: str
    shipped_qty: int
    lines: tuple[HandOutLine, ...]


def render_hand_out_lists(
    title: str, lists: Sequence[HandOutList], sorts: Sequence[HandOutSort] = tuple(HandOutSort)
) -> RenderedPaper:
    """Draw each list once in each of `sorts`, every sort with its own pages."""
    sheet = Sheet(title)
    for content in lists:
        for sort in sorts:
            _draw_sort(sheet, content, sort)
    lines = [line for content in lists for line in content.lines if line.qty]
    return RenderedPaper(
        pdf=sheet.finish(),
        pages=sheet.pages,
        lines=len(lines),
        pieces=sum(line.qty for line in lines),
    )


def _line_order(sort: HandOutSort, line: HandOutLine) -> tuple[object, ...]:
    """Sort key of a line."""
    return hand_out_order(
        sort,
        building=line.building,
        room=line.room,
        pickup_no=line.pickup_no,
        resident=line.resident_name,
        sku_code=line.sku_code,
    )


def _draw_sort(sheet: Sheet, content: HandOutList, sort: HandOutSort) -> None:
    lines = sorted(content.lines, key=lambda line: _line_order(sort, line))
    head = _head(content, sort)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(sort), row_height=ROW_HEIGHT)
    table.head()
    if sort is HandOutSort.PRODUCT:
        for _goods, group in groupby(lines, key=_group_key(sort)):
            _draw_group(table, list(group), sort)
    else:
        for index, (building, group) in enumerate(groupby(lines, key=lambda x: x.building)):
            _draw_building(table, building, list(group), sort, cut=index > 0)
    _draw_end(flow, content, lines)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))


def _sort_name(sort: HandOutSort) -> str:
    names = {
        HandOutSort.HOUSEHOLD: _("by household"),
        HandOutSort.BUILDING: _("by building and goods"),
        HandOutSort.PRODUCT: _("by goods"),
    }
    return names[sort]


def _head(content: HandOutList, sort: HandOutSort) -> Head:
    return Head(
        title=_("Hand-out list"),
        stamp=content.stamp,
        pieces=sum(line.qty for line in content.lines),
        key=content.slot,
        subject=f"{content.leader_name} {content.point_name}",
        copy=_sort_name(sort),
        private=True,
        facts=(
            Fact(_("Leader"), content.leader_name),
            Fact(_("Pickup point"), content.point_name),
            Fact(
                _("Pickup"),
                f"{content.pickup_on:%m-%d} {content.pickup_window}".strip(),
            ),
            Fact(_("Orders"), str(len({_order_key(line) for line in content.lines}))),
        ),
    )


def _order_key(line: HandOutLine) -> tuple[str, ...]:
    return line.building, line.room, line.pickup_no, line.resident_name, line.resident_phone


def _group_key(sort: HandOutSort) -> Callable[[HandOutLine], tuple[str, ...]]:
    """What stands once over the rows that share it."""
    keys: dict[HandOutSort, Callable[[HandOutLine], tuple[str, ...]]] = {
        HandOutSort.HOUSEHOLD: _order_key,
        HandOutSort.BUILDING: lambda line: (line.sku_code, line.name),
        HandOutSort.PRODUCT: lambda line: (line.sku_code, line.name),
    }
    return keys[sort]


def _draw_building(
    table: Table, building: str, lines: Sequence[HandOutLine], sort: HandOutSort, *, cut: bool
) -> None:
    """Draw one building under its name, behind a line to cut the paper along."""
    flow = table.flow
    page = flow.sheet.page_number
    pieces = _("%(count)d pieces") % {"count": sum(line.qty for line in lines)}
    if cut:
        table.keep(CUT_HEIGHT + 3 * ROW_HEIGHT)
        if flow.sheet.page_number == page:
            top = flow.take(CUT_HEIGHT)
            flow.sheet.dashed(top + CUT_HEIGHT / 2, flow.sheet.left, flow.sheet.right)
    table.band(building or _("No building"), pieces, room=2 * ROW_HEIGHT)
    for _key, group in groupby(lines, key=_group_key(sort)):
        _draw_group(table, list(group), sort)


def _draw_group(table: Table, lines: Sequence[HandOutLine], sort: HandOutSort) -> None:
    """Draw rows that share an order or a SKU; it is named on the first of them
    and again on top of a new page."""
    sheet = table.flow.sheet
    totals = _Totals(lines)
    seen: set[str] = set()
    for index, line in enumerate(lines):
        named = _cells(line, sort, totals, seen=set())
        cells = named
        if index and not table.breaks(named):
            cells = _cells(line, sort, totals, seen=seen | {"group"})
        seen.add(line.building)
        table.row(cells, Tone.NORMAL if line.qty else Tone.FADED)
    sheet.line((sheet.left, table.flow.y), (table.right, table.flow.y), width=0.3)


class _Totals:
    """Pieces of a group of rows, in all and by building."""

    def __init__(self, lines: Sequence[HandOutLine]) -> None:
        self.all = sum(line.qty for line in lines)
        self.rows: Counter[str] = Counter(line.building for line in lines)
        self.buildings: Counter[str] = Counter()
        for line in lines:
            self.buildings[line.building] += line.qty


def _in_all(count: int) -> str:
    return _("%(count)d in all") % {"count": count}


def _columns(sort: HandOutSort) -> tuple[Column, ...]:
    building = Column(heading=_("Building"), width=24, type=Type(12, bold=True), lines=1)
    number = Column(
        key="pickup_no", heading=_("Pickup no."), width=13, kind=Kind.NUMBER, type=Type(11)
    )
    room = Column(heading=_("Room"), width=20, kind=Kind.NUMBER, type=Type(13, bold=True))
    resident = Column(heading=_("Resident"), width=30, lines=1)
    goods = Column(heading=_("Goods and spec"), width=77, lines=1)
    tail = (
        Column(heading=_("Pieces"), width=18, kind=Kind.QUANTITY),
        Column(key="short", heading=_("Short"), width=16, type=Type(9), lines=1),
        Column(heading=_("Handed out"), width=12, kind=Kind.TICK),
    )
    if sort is HandOutSort.HOUSEHOLD:
        return (number, room, resident, goods, *tail)
    if sort is HandOutSort.BUILDING:
        return (goods, number, room, resident, *tail)
    return (replace(goods, width=53, lines=2), building, number, room, resident, *tail)


def _cells(
    line: HandOutLine, sort: HandOutSort, totals: _Totals, *, seen: set[str]
) -> tuple[Cell, ...]:
    """The cells of a row; what was `seen` above it is left out."""
    first = "group" not in seen
    resident = f"{mask_name(clean(line.resident_name))}  {phone_last4(line.resident_phone)}"
    tail: tuple[Cell, ...] = (str(line.qty), _short_cell(line), "")
    total = _in_all(totals.all) if sum(totals.rows.values()) > 1 else ""
    weight = weight_words(line.weight_g)
    if sort is HandOutSort.HOUSEHOLD:
        who: tuple[Cell, ...] = (line.pickup_no, line.room, (resident, total))
        return (*(who if first else ("", "", "")), (line.name, weight), *tail)
    goods: Cell = (line.name, total) if first else ""
    door: tuple[Cell, ...] = (line.pickup_no, line.room, (resident, weight))
    if sort is HandOutSort.BUILDING:
        return (goods, *door, *tail)
    building: Cell = line.building or _("No building")
    if totals.rows[line.building] > 1:
        building = (line.building, _in_all(totals.buildings[line.building]))
    return (goods, "" if line.building in seen else building, *door, *tail)


def _short_cell(line: HandOutLine) -> Cell:
    """What is short, or light, and that money went back for it."""
    if line.short_qty:
        return _("short %(count)d") % {"count": line.short_qty}, line.reason
    return (_("light"), _("money returned")) if line.has_weight_refund else ""


def _draw_end(flow: Flow, content: HandOutList, lines: Sequence[HandOutLine]) -> None:
    pieces = sum(line.qty for line in lines)
    flow.reserve(TOTALS_HEIGHT + CHECK_HEIGHT + SIGN_HEIGHT)
    draw_totals(
        flow,
        (
            (_("Orders"), str(len({_order_key(line) for line in lines}))),
            (_("Lines"), str(sum(1 for line in lines if line.qty))),
            (_("Pieces"), str(pieces)),
            (_("Short"), str(sum(line.short_qty for line in lines))),
        ),
    )
    draw_check(
        flow,
        (_("To hand out %(count)d") % {"count": pieces}, pieces),
        (_("delivery note %(count)d") % {"count": content.shipped_qty}, content.shipped_qty),
    )
    draw_people(flow, (_("Handed out by"), _("Left over"), _("Time")))
