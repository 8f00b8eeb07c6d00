"""D3 总分单: how much of each SKU goes to each route; the supervisor's control paper.

The columns of a large wave do not fit one page: the same rows are printed
once for every block of routes, page after page, so that the sheets of one
group of rows lie side by side. Totals stand on both edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import full_cases, natural_key
from fulfillment.papers.figures import storage_name
from fulfillment.papers.fonts import clean, fit_line
from fulfillment.papers.foot import (
    draw_check,
    draw_note,
    draw_people,
    draw_totals,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Box, Sheet, Type
from fulfillment.papers.ordering import STORAGE_RANK
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.slot_matrix import MatrixRow, draw_matrix
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone
from orders.domain.storage import StorageClass

ROUTE_WIDTH = 10.0
ROUTES_PER_BLOCK = 12
ROUTES_PER_GROUP = 5
ROW_HEIGHT = 7.5
BAND_HEIGHT = 7.5
SHORT_COLUMNS = 3
ROUTES_PER_LINE = 15
ROUTE_TOTAL_HEIGHT = 10.0
SHORT_ROW_HEIGHT = 6.5


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRow:
    """One SKU of the wave.

    `place` is the bin, or the arrival time of goods without one;
    `route_qty` runs parallel to the routes of the content, `slot_qty` to its
    slots; `gone_qty` came, and was then found missing or spoilt.
    """

    storage: StorageClass
    place: str
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    need_qty: int
    accepted_qty: int
    route_qty: tuple[int, ...]
    slot_qty: tuple[int, ...] = ()
    gone_qty: int = 0

    @property
    def allocated_qty(self) -> int:
        """What all routes together get."""
        return sum(self.route_qty)

    @property
    def spare_qty(self) -> int:
        """What nobody gets of what is there."""
        return self.accepted_qty - self.gone_qty - self.allocated_qty


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterListContent:
    """One wave; `allocated_qty` is the wave's figure to check the sums against.

    A small wave names its slots and gets the matrix of goods and slots, too.
    """

    stamp: Stamp
    wave: str
    warehouse: str
    delivery_on: date
    allocated_qty: int
    routes: tuple[str, ...]
    rows: tuple[MasterRow, ...]
    slots: tuple[str, ...] = ()


def render_master_list(content: MasterListContent) -> RenderedPaper:
    """Draw the list: a new page per temperature class, column totals on every block."""
    rows = sorted(content.rows, key=_row_order)
    pieces = sum(row.allocated_qty for row in rows)
    sheet = Sheet(content.stamp.number, wide=True)
    head = _head(content, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    _draw_summary(flow, content, rows)
    _draw_routes(flow, content.routes, rows)
    _draw_shorts(flow, [row for row in rows if row.allocated_qty < row.need_qty])
    for storage, group in groupby(rows, key=lambda row: row.storage):
        flow.break_page()
        _draw_storage(flow, content.routes, storage, list(group))
    if content.slots:
        draw_matrix(
            flow,
            content.slots,
            [MatrixRow(f"{row.sku_code} {row.name}", row.slot_qty) for row in rows],
        )
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(rows), pieces=pieces)


def _row_order(row: MasterRow) -> tuple[object, ...]:
    return STORAGE_RANK[row.storage], natural_key(row.place), natural_key(row.sku_code)


def _head(content: MasterListContent, pieces: int) -> Head:
    return Head(
        title=_("Master list"),
        stamp=content.stamp,
        pieces=pieces,
        key=content.wave,
        subject=content.warehouse,
        facts=(
            Fact(_("Warehouse"), content.warehouse),
            Fact(_("Deliver on"), f"{content.delivery_on:%Y-%m-%d}"),
            Fact(
                _("SKUs / routes"),
                f"{len(content.rows)} / {len(content.routes)}",
            ),
            Fact(_("Pieces to sort"), str(pieces)),
        ),
    )


def _draw_summary(flow: Flow, content: MasterListContent, rows: Sequence[MasterRow]) -> None:
    """Draw the wave's figures by temperature class, the check and the signatures."""
    need = sum(row.need_qty for row in rows)
    accepted = sum(row.accepted_qty for row in rows)
    allocated = sum(row.allocated_qty for row in rows)
    draw_totals(
        flow,
        (
            (_("SKUs"), str(len(rows))),
            (_("Need"), str(need)),
            (_("Accepted"), str(accepted)),
            (_("Allocated (wave total)"), str(allocated)),
            (_("Short"), str(need - allocated)),
            (_("Spare"), str(sum(row.spare_qty for row in rows))),
        ),
        rule=False,
    )
    for storage, group in groupby(rows, key=lambda row: row.storage):
        part = list(group)
        words = _("%(storage)s: %(skus)d SKUs, allocated %(pieces)d, short %(short)d")
        figures = {
            "storage": storage_name(storage),
            "skus": len(part),
            "pieces": sum(row.allocated_qty for row in part),
            "short": sum(row.need_qty - row.allocated_qty for row in part),
        }
        draw_note(flow, words % figures)
    words = _("Check: sum of all routes %(count)d") % {"count": allocated}
    wave = _("allocation of the wave %(count)d") % {"count": content.allocated_qty}
    draw_check(flow, (words, allocated), (wave, content.allocated_qty))
    draw_people(flow, (_("Supervisor"), _("Checked by"), _("Time")))


def _draw_routes(flow: Flow, routes: Sequence[str], rows: Sequence[MasterRow]) -> None:
    """Draw what every route gets in all: the figure its team must reach."""
    sheet = flow.sheet
    width = (sheet.right - sheet.left) / ROUTES_PER_LINE
    flow.y += 3
    for start in range(0, len(routes), ROUTES_PER_LINE):
        top = flow.take(ROUTE_TOTAL_HEIGHT)
        for place, index in enumerate(range(start, min(start + ROUTES_PER_LINE, len(routes)))):
            box = Box(sheet.left + place * width, top, width, ROUTE_TOTAL_HEIGHT)
            sheet.frame(box, width=0.15)
            sheet.fitted(box.x + 1.2, top + 3.6, routes[index], Type(8), width=width - 2)
            total = str(sum(row.route_qty[index] for row in rows))
            right = box.x + width - 1.2
            sheet.text(right, top + 8.6, total, Type(12, bold=True, align=Align.RIGHT))


def _draw_shorts(flow: Flow, rows: Sequence[MasterRow]) -> None:
    """Draw the box of goods that are short, so that nobody looks for them."""
    if not rows:
        return
    sheet = flow.sheet
    lines = -(-len(rows) // SHORT_COLUMNS)
    room = int((sheet.bottom - flow.y - 16) // SHORT_ROW_HEIGHT)
    for start in range(0, lines, room):
        shown = min(room, lines - start)
        height = shown * SHORT_ROW_HEIGHT + 11
        flow.y += 3
        top = flow.take(height)
        sheet.frame(Box(sheet.left, top, sheet.right - sheet.left, height), width=0.6)
        title = _("Short goods (%(count)d): needed → allocated") % {"count": len(rows)}
        sheet.text(sheet.left + 3, top + 6, title, Type(12, bold=True))
        part = rows[start * SHORT_COLUMNS : (start + shown) * SHORT_COLUMNS]
        for index, row in enumerate(part):
            column, line = divmod(index, shown)
            _draw_short(sheet, row, column, top + 13 + line * SHORT_ROW_HEIGHT)
        flow.y += 2


def _draw_short(sheet: Sheet, row: MasterRow, column: int, baseline: float) -> None:
    width = (sheet.right - sheet.left) / SHORT_COLUMNS
    left = sheet.left + column * width + 3
    right = left + width - 8
    missing = _("short %(count)d") % {"count": row.need_qty - row.allocated_qty}
    sheet.text(right, baseline, missing, Type(11, bold=True, align=Align.RIGHT))
    sheet.text(
        right - 20,
        baseline,
        f"{row.need_qty} → {row.allocated_qty}",
        Type(11, align=Align.RIGHT),
    )
    name = fit_line(clean(f"{row.sku_code} {row.name}"), width - 52, 10)
    sheet.text(left, baseline, name, Type(10))


def _draw_storage(
    flow: Flow, routes: Sequence[str], storage: StorageClass, rows: Sequence[MasterRow]
) -> None:
    """Draw one temperature class: groups of rows, each over all blocks of routes."""
    blocks = [
        range(start, min(start + ROUTES_PER_BLOCK, len(routes)))
        for start in range(0, len(routes), ROUTES_PER_BLOCK)
    ] or [range(0)]
    done = 0
    while done < len(rows):
        room = flow.sheet.bottom - flow.y - BAND_HEIGHT - 10 - ROW_HEIGHT
        taken = rows[done : done + max(int(room // ROW_HEIGHT), 1)]
        done += len(taken)
        for number, block in enumerate(blocks):
            if number:
                flow.break_page()
            title = _("%(storage)s  ·  routes %(first)s–%(last)s  ·  block %(block)d / %(blocks)d")
            words = title % {
                "storage": storage_name(storage),
                "first": routes[block[0]] if block else "",
                "last": routes[block[-1]] if block else "",
                "block": number + 1,
                "blocks": len(blocks),
            }
            table = Table(flow, _columns([routes[i] for i in block]), row_height=ROW_HEIGHT)
            table.band(words, room=2 * ROW_HEIGHT)
            top = flow.y
            table.head()
            for index, row in enumerate(taken):
                table.row(_cells(row, block), Tone.ZEBRA if index % 2 else Tone.NORMAL)
            if done == len(rows):
                table.row(_totals(rows, block), Tone.TOTAL)
            _draw_group_rules(table, len(block), top)
        if done < len(rows):
            flow.break_page()


def _draw_group_rules(table: Table, routes: int, top: float) -> None:
    """Draw a thick rule at every fifth route, for the eye to count by."""
    first = 8
    for index in range(0, routes + 1, ROUTES_PER_GROUP):
        x = table.edge(first + index)
        table.flow.sheet.line((x, top), (x, table.flow.y), width=0.45)
    x = table.edge(first + routes)
    table.flow.sheet.line((x, top), (x, table.flow.y), width=0.45)


def _columns(routes: Sequence[str]) -> tuple[Column, ...]:
    figure = Type(10, align=Align.RIGHT)
    strong = Type(12, bold=True, align=Align.RIGHT)
    route = Type(11, bold=True, align=Align.RIGHT)
    return (
        Column(heading=_("Bin or arrival"), width=13, type=Type(9), lines=1),
        Column(heading=_("SKU"), width=15, kind=Kind.NUMBER, type=Type(9)),
        Column(heading=_("Goods and spec"), width=40, type=Type(10), lines=1),
        Column(heading=_("Need"), width=12, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Accepted"), width=12, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Allocated"), width=14, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Full packs"), width=17, kind=Kind.NUMBER, type=Type(8)),
        Column(heading=_("Spare"), width=10, kind=Kind.NUMBER, type=figure),
        *(Column(heading=r, width=ROUTE_WIDTH, kind=Kind.NUMBER, type=route) for r in routes),
        Column(heading=_("Total"), width=10, kind=Kind.NUMBER, type=figure),
        Column(heading="✓", width=7, kind=Kind.TICK),
    )


def _cells(row: MasterRow, block: range) -> tuple[Cell, ...]:
    spare = row.spare_qty
    return (
        row.place,
        row.sku_code,
        row.name,
        str(row.need_qty),
        str(row.accepted_qty),
        str(row.allocated_qty),
        full_cases(row.allocated_qty, row.pack_factor),
        str(spare) if spare else "",
        *(str(row.route_qty[i]) if row.route_qty[i] else "·" for i in block),
        str(sum(row.route_qty[i] for i in block)),
        "",
    )


def _totals(rows: Sequence[MasterRow], block: range) -> tuple[Cell, ...]:
    return (
        "",
        "",
        _("Total of %(count)d SKUs") % {"count": len(rows)},
        str(sum(row.need_qty for row in rows)),
        str(sum(row.accepted_qty for row in rows)),
        str(sum(row.allocated_qty for row in rows)),
        "",
        str(sum(row.spare_qty for row in rows)),
        *(str(sum(row.route_qty[i] for row in rows)) for i in block),
        str(sum(row.route_qty[i] for row in rows for i in block)),
        "",
    )
