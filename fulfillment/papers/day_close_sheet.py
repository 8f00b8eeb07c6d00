"""D12 日清单: need against everything that became of it, to the last piece.

Each SKU and each route is one row from need to refund. A count that was not
entered is a dash and never a zero, a gap stands in a frame with the cases that
speak of it, and a sheet without missing counts and open gaps is a closed day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import figure
from fulfillment.papers.fonts import clean, wrap
from fulfillment.papers.foot import (
    draw_check,
    draw_people,
    draw_totals,
    draw_warning,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Box, Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone

ROW_HEIGHT = 8.0
GAP_LINE = 6.5
LIST_SIZE = 11
# A list may name every card of a large day.
LINES_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFigures:
    """The figures of a row; None is not entered, or of no meaning for a route."""

    need: int
    ordered: int | None
    accepted: int | None
    used: int
    lost: int
    spare: int | None
    allocated: int
    sorted: int | None
    loaded: int | None
    delivered: int | None
    refunded: int
    claimed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRow:
    """One SKU or one route; `open_qty` counts its pieces that nothing explains."""

    key: str
    name: str
    figures: CloseFigures
    open_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """A gap in words: where, how many pieces, and the cases that speak of it."""

    where: str
    missing: int
    explained: int
    cases: str

    @property
    def is_explained(self) -> bool:
        """Whether the cases account for exactly what is missing."""
        return self.missing == self.explained


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceList:
    """Cards, trips or drops that have something in common, and what that is."""

    words: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCloseContent:
    """One day; `closed` says when and by whom, and is empty while it is open."""

    stamp: Stamp
    wave: str
    warehouse: str
    delivery_on: date
    closed: str
    undecided: int
    total: CloseFigures
    skus: tuple[CloseRow, ...]
    routes: tuple[CloseRow, ...]
    gaps: tuple[GapRow, ...]
    missing: tuple[PlaceList, ...]
    declared: tuple[PlaceList, ...]


def render_day_close(content: DayCloseContent) -> RenderedPaper:
    """Draw the totals and what is open, then the rows of SKUs and of routes."""
    skus = sorted(content.skus, key=lambda row: natural_key(row.key))
    pieces = content.total.allocated
    sheet = Sheet(content.stamp.number, wide=True)
    head = _head(content)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    _draw_summary(flow, content)
    _draw_gaps(flow, content.gaps)
    _draw_lists(flow, _("Not entered yet"), content.missing)
    _draw_lists(flow, _("Never counted, as declared"), content.declared)
    flow.y += 3
    _draw_table(flow, _("By goods"), _sku_columns(), skus, content.total)
    flow.y += 4
    _draw_table(flow, _("By route"), _route_columns(), content.routes, content.total)
    draw_people(flow, (_("Supervisor"), _("Buyer"), _("Finance"), _("Time")))
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(skus), pieces=pieces)


def _head(content: DayCloseContent) -> Head:
    return Head(
        title=_("Day close"),
        stamp=content.stamp,
        pieces=content.total.allocated,
        key=content.wave,
        subject=content.warehouse,
        facts=(
            Fact(_("Warehouse"), content.warehouse),
            Fact(_("Deliver on"), f"{content.delivery_on:%Y-%m-%d}"),
            Fact(_("Day closed"), content.closed or _("not closed"), 2),
        ),
    )


def _draw_summary(flow: Flow, content: DayCloseContent) -> None:
    total = content.total
    draw_totals(
        flow,
        (
            (_("Need"), figure(total.need)),
            (_("Ordered"), figure(total.ordered)),
            (_("Accepted"), figure(total.accepted)),
            (_("Allocated"), figure(total.allocated)),
            (_("Sorted"), figure(total.sorted)),
            (_("Loaded"), figure(total.loaded)),
            (_("Delivered"), figure(total.delivered)),
            (_("Refunded"), figure(total.refunded)),
            (_("Claimed"), figure(total.claimed)),
        ),
        rule=False,
    )
    gone = total.need - total.refunded
    if total.delivered is not None:
        lost = sum(gap.explained for gap in content.gaps if gap.is_explained)
        words = _("Check: need %(need)d − refunded %(refunded)d") % {
            "need": total.need,
            "refunded": total.refunded,
        }
        arrived = _("delivered %(delivered)d + lost on the way %(lost)d") % {
            "delivered": total.delivered,
            "lost": lost,
        }
        draw_check(flow, (words, gone), (arrived, total.delivered + lost))
    if content.closed:
        return
    open_gaps = sum(not gap.is_explained for gap in content.gaps)
    draw_warning(
        flow,
        _("Not closed: %(missing)d counts missing, %(gaps)d gaps open, %(cases)d cases undecided")
        % {"missing": _count(content.missing), "gaps": open_gaps, "cases": content.undecided},
    )


def _draw_gaps(flow: Flow, gaps: Sequence[GapRow]) -> None:
    """Draw every gap in a frame of its own: thick while it is open."""
    if not gaps:
        return
    sheet = flow.sheet
    flow.y += 3
    top = flow.take(GAP_LINE)
    title = _("Gaps, and the cases that explain them (%(count)d)") % {"count": len(gaps)}
    sheet.text(sheet.left, top + 5, title, Type(12, bold=True))
    for gap in sorted(gaps, key=lambda gap: gap.is_explained):
        top = flow.take(GAP_LINE + 1)
        box = Box(sheet.left, top, sheet.right - sheet.left, GAP_LINE)
        sheet.frame(box, width=0.2 if gap.is_explained else 0.8)
        counts = f"{gap.missing} {'=' if gap.is_explained else '≠'} {gap.explained}"
        bold = not gap.is_explained
        sheet.fitted(box.x + 2, top + 4.7, clean(gap.where), Type(10, bold=bold), width=112)
        sheet.text(box.x + 130, top + 4.7, counts, Type(11, bold=True, align=Align.RIGHT))
        sheet.fitted(box.x + 134, top + 4.7, clean(gap.cases), Type(10), width=box.width - 136)


def _count(lists: Sequence[PlaceList]) -> int:
    """How many things the lists name; one without places is one itself."""
    return sum(len(listed.places) or 1 for listed in lists)


def _draw_lists(flow: Flow, title: str, lists: Sequence[PlaceList]) -> None:
    if not lists:
        return
    sheet = flow.sheet
    flow.y += 2
    top = flow.take(GAP_LINE)
    sheet.text(sheet.left, top + 5, f"{title} ({_count(lists)})", Type(12, bold=True))
    for listed in lists:
        text = clean(listed.words)
        if listed.places:
            text = f"{text}: {', '.join(clean(place) for place in listed.places)}"
        for row in wrap(text, sheet.right - sheet.left, LIST_SIZE, lines=LINES_MOST):
            top = flow.take(GAP_LINE)
            sheet.text(sheet.left, top + 4.7, row, Type(LIST_SIZE))


def _draw_table(
    flow: Flow,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[CloseRow],
    total: CloseFigures,
) -> None:
    table = Table(flow, columns, row_height=ROW_HEIGHT)
    table.band(title, room=4 * ROW_HEIGHT)
    table.head()
    of_goods = len(columns) == len(_sku_columns())
    for index, row in enumerate(rows):
        table.row(_cells(row, of_goods), Tone.ZEBRA if index % 2 else Tone.NORMAL)
    whole = CloseRow(
        key=_("Total"),
        name=_("%(count)d rows") % {"count": len(rows)},
        figures=total,
        open_qty=sum(row.open_qty for row in rows),
    )
    table.row(_cells(whole, of_goods), Tone.TOTAL)


def _sku_columns() -> tuple[Column, ...]:
    plain, strong = Type(11, align=Align.RIGHT), Type(12, bold=True, align=Align.RIGHT)
    return (
        Column(heading=_("SKU"), width=19, kind=Kind.NUMBER, type=Type(10)),
        Column(heading=_("Goods and spec"), width=40, type=Type(10), lines=1),
        Column(heading=_("Need"), width=16, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Ordered"), width=16, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Accepted"), width=19, kind=Kind.NUMBER, type=plain),
        Column(heading=_("From shelf"), width=14, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Lost or bad"), width=12, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Spare"), width=14, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Allocated"), width=17, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Sorted"), width=16, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Loaded"), width=16, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Delivered"), width=17, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Refunded"), width=19, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Claimed"), width=17, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Unexplained"), width=21, kind=Kind.QUANTITY),
    )


def _route_columns() -> tuple[Column, ...]:
    plain, strong = Type(12, align=Align.RIGHT), Type(13, bold=True, align=Align.RIGHT)
    return (
        Column(heading=_("Route"), width=30, kind=Kind.NUMBER, type=Type(14, bold=True)),
        Column(heading=_("Stops"), width=46, type=Type(11), lines=1),
        Column(heading=_("Need"), width=26, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Allocated"), width=26, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Sorted"), width=25, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Loaded"), width=25, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Delivered"), width=26, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Refunded"), width=25, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Claimed"), width=22, kind=Kind.NUMBER, type=plain),
        Column(heading=_("Unexplained"), width=22, kind=Kind.QUANTITY),
    )


def _cells(row: CloseRow, of_goods: bool) -> tuple[Cell, ...]:
    figures = row.figures
    after = (
        figure(figures.sorted),
        figure(figures.loaded),
        figure(figures.delivered),
        figure(figures.refunded),
        figure(figures.claimed),
        str(row.open_qty) if row.open_qty else "",
    )
    if not of_goods:
        return (row.key, row.name, figure(figures.need), figure(figures.allocated), *after)
    return (
        row.key,
        row.name,
        figure(figures.need),
        figure(figures.ordered),
        figure(figures.accepted),
        str(figures.used) if figures.used else "",
        str(figures.lost) if figures.lost else "",
        figure(figures.spare),
        figure(figures.allocated),
        *after,
    )
