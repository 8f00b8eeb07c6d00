"""D5 分拣单: everything one leader gets, for the picker and the checker of the slot."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import kilograms, reason_legend, storage_name, tote_counts
from fulfillment.papers.foot import (
    BARS_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_bars,
    draw_note,
    draw_people,
    draw_totals,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.ordering import STORAGE_RANK
from fulfillment.papers.paper import RenderedPaper, Stamp, Totes
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone
from orders.domain.storage import StorageClass


class LoadClass(IntEnum):
    """What goes into the tote first."""

    HEAVY = 0
    NORMAL = 1
    FRAGILE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One SKU of the leader; `qty` 0 with a shortage stays visible.

    `looks_alike` marks goods that are easily taken for others of the wave.
    """

    storage: StorageClass
    load_class: LoadClass
    place: str
    sku_code: str
    name: str
    unit: str
    weight_g: int
    qty: int
    short_qty: int = 0
    reason: str = ""
    looks_alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList:
    """One leader's slot."""

    stamp: Stamp
    wave: str
    route: str
    slot: str
    leader_name: str
    point_name: str
    totes: Totes
    lines: tuple[CheckLine, ...]


def render_check_lists(title: str, lists: Sequence[CheckList]) -> RenderedPaper:
    """Draw one list per leader, each on its own pages, into one file."""
    sheet = Sheet(title)
    for check in lists:
        _draw_list(sheet, check)
    lines = [line for check in lists for line in check.lines if line.qty]
    return RenderedPaper(
        pdf=sheet.finish(),
        pages=sheet.pages,
        lines=len(lines),
        pieces=sum(line.qty for line in lines),
    )


def _draw_list(sheet: Sheet, check: CheckList) -> None:
    lines = sorted(check.lines, key=_line_order)
    pieces = sum(line.qty for line in lines)
    head = _head(check, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(), row_height=8.5)
    table.head()
    number = 0
    for storage, group in groupby(lines, key=lambda line: line.storage):
        part = list(group)
        table.band(storage_name(storage), _pieces(sum(line.qty for line in part)))
        for line in part:
            number += 1
            table.row(_cells(number, line), Tone.NORMAL if line.qty else Tone.FADED)
    _draw_end(flow, check, lines)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))


def _line_order(line: CheckLine) -> tuple[object, ...]:
    return (
        STORAGE_RANK[line.storage],
        line.load_class,
        natural_key(line.place),
        natural_key(line.sku_code),
    )


def _pieces(count: int) -> str:
    return _("%(count)d pieces") % {"count": count}


def _head(check: CheckList, pieces: int) -> Head:
    return Head(
        title=_("Check list"),
        stamp=check.stamp,
        pieces=pieces,
        key=check.slot,
        subject=f"{check.leader_name} {check.point_name}",
        facts=(
            Fact(_("Leader"), check.leader_name),
            Fact(_("Pickup point"), check.point_name, 2),
            Fact(_("Route / wave"), f"{check.route} / {check.wave}"),
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(key="number", heading=_("No."), width=10, type=Type(9, align=Align.CENTER), lines=1),
        Column(key="place", heading=_("Bin or arrival"), width=14, type=Type(10), lines=1),
        Column(key="sku", heading=_("SKU"), width=17, kind=Kind.NUMBER, type=Type(10)),
        Column(heading=_("Goods and spec"), width=61),
        Column(key="unit", heading=_("Unit"), width=11, type=Type(11, align=Align.CENTER), lines=1),
        Column(heading=_("Should"), width=19, kind=Kind.QUANTITY),
        Column(heading=_("Did"), width=17, kind=Kind.BLANK),
        Column(heading=_("Tote"), width=16, kind=Kind.BLANK),
        Column(heading=_("Reason"), width=21, kind=Kind.BLANK, type=Type(9), lines=1),
    )


def _cells(number: int, line: CheckLine) -> tuple[Cell, ...]:
    short = _("short %(count)d") % {"count": line.short_qty} if line.short_qty else ""
    return (
        str(number),
        line.place,
        line.sku_code,
        _("! look-alike: %(name)s") % {"name": line.name} if line.looks_alike else line.name,
        line.unit,
        str(line.qty),
        "",
        "",
        (short, line.reason) if short else "",
    )


def _draw_end(flow: Flow, check: CheckList, lines: Sequence[CheckLine]) -> None:
    flow.reserve(TOTALS_HEIGHT + SIGN_HEIGHT + BARS_HEIGHT + 6)
    served = [line for line in lines if line.qty]
    weight_g = sum(line.qty * line.weight_g for line in lines)
    draw_totals(
        flow,
        (
            (_("Lines"), str(len(served))),
            (_("Pieces"), str(sum(line.qty for line in lines))),
            (_("Expected kg"), kilograms(weight_g)),
            (_("Totes ambient / chilled / frozen"), tote_counts(check.totes)),
            (_("Short"), str(sum(line.short_qty for line in lines))),
        ),
    )
    draw_people(flow, (_("Sorter"), _("Checker"), _("Totes sealed"), _("Time")))
    draw_note(flow, reason_legend())
    draw_bars(flow, check.stamp.code, _("Scan to enter differences"))
