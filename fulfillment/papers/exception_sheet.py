"""D11 异常与退货单: what went wrong, who bears it, and what came back.

One row per event, in the order of the night; what is found after the print is
written into the empty rows. The second table counts totes and returned goods
out and in again, route by route.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import NIGHT_STAGES, Bearer, Cause, Stage
from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import (
    bearer_name,
    cause_letter,
    figure,
    kilograms,
    reason_legend,
    stage_name,
)
from fulfillment.papers.foot import draw_note, draw_people, draw_totals
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone

ROW_HEIGHT = 9.0
# Room for what is found after the print.
EMPTY_ROWS = 5
STAGES = NIGHT_STAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """One event; `bearer` is None until somebody decided, `weight_g` None where not weighed."""

    case_no: int
    stage: Stage
    cause: Cause
    found_at: str
    slot: str
    sku_code: str
    name: str
    note: str
    qty: int
    weight_g: int | None
    has_photo: bool
    proposed: Bearer
    bearer: Bearer | None
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    """Totes and goods of one route; None is a count that was not entered."""

    route: str
    vehicle: str
    totes_out: int | None
    totes_delivered: int | None
    empties_back: int | None
    goods_back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionSheetContent:
    """The exceptions and returns of one day."""

    stamp: Stamp
    wave: str
    warehouse: str
    delivery_on: date
    rows: tuple[ExceptionRow, ...]
    returns: tuple[ReturnRow, ...]


def render_exception_sheet(content: ExceptionSheetContent) -> RenderedPaper:
    """Draw the events by stage, empty rows to write on, and the returns by route."""
    rows = sorted(content.rows, key=_row_order)
    pieces = sum(row.qty for row in rows)
    sheet = Sheet(content.stamp.number, wide=True)
    head = _head(content, rows, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(), row_height=ROW_HEIGHT)
    table.head()
    for stage, group in groupby(rows, key=lambda row: row.stage):
        of_stage = list(group)
        table.band(stage_name(stage), str(sum(row.qty for row in of_stage)))
        for row in of_stage:
            table.row(_cells(row))
    table.band(_("Found later: write here"), room=2 * ROW_HEIGHT)
    for _number in range(EMPTY_ROWS):
        table.row(("",) * len(_columns()))
    _draw_returns(flow, content.returns)
    _draw_end(flow, rows)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(rows), pieces=pieces)


def _row_order(row: ExceptionRow) -> tuple[object, ...]:
    return STAGES.index(row.stage), natural_key(row.slot), natural_key(row.sku_code), row.case_no


def _head(content: ExceptionSheetContent, rows: Sequence[ExceptionRow], pieces: int) -> Head:
    undecided = sum(row.bearer is None for row in rows)
    return Head(
        title=_("Exception and return sheet"),
        stamp=content.stamp,
        pieces=pieces,
        key=content.wave,
        subject=content.warehouse,
        facts=(
            Fact(_("Warehouse"), content.warehouse),
            Fact(_("Deliver on"), f"{content.delivery_on:%Y-%m-%d}"),
            Fact(_("Events / pieces"), f"{len(rows)} / {pieces}"),
            Fact(_("Not decided yet"), str(undecided)),
        ),
    )


def _columns() -> tuple[Column, ...]:
    strong = Type(14, bold=True, align=Align.RIGHT)
    letter = Type(16, bold=True, align=Align.CENTER)
    return (
        Column(heading=_("No."), width=13, kind=Kind.BLANK, type=Type(10)),
        Column(heading=_("Found"), width=15, kind=Kind.BLANK, type=Type(10)),
        Column(heading=_("Slot"), width=19, kind=Kind.BLANK, type=strong),
        Column(heading=_("SKU"), width=18, kind=Kind.BLANK, type=Type(10)),
        Column(heading=_("Goods, and what happened"), width=60, type=Type(11)),
        Column(heading=_("Pieces"), width=17, kind=Kind.BLANK, type=strong),
        Column(heading=_("kg"), width=14, kind=Kind.BLANK, type=Type(11)),
        Column(heading=_("Cause"), width=14, kind=Kind.BLANK, type=letter),
        Column(heading=_("Photo"), width=13, kind=Kind.BLANK, type=Type(11)),
        Column(heading=_("Proposed"), width=24, kind=Kind.BLANK, type=Type(11)),
        Column(heading=_("Who bears it, and why"), width=44, type=Type(11)),
        Column(heading=_("Signed"), width=22, kind=Kind.BLANK),
    )


def _cells(row: ExceptionRow) -> tuple[Cell, ...]:
    decided: Cell = ""
    if row.bearer is not None:
        decided = (bearer_name(row.bearer), row.decision)
    goods: Cell = row.name or row.note
    if row.name and row.note:
        goods = (row.name, row.note)
    return (
        str(row.case_no),
        row.found_at,
        row.slot,
        row.sku_code,
        goods,
        str(row.qty),
        "" if row.weight_g is None else kilograms(row.weight_g),
        cause_letter(row.cause),
        _("yes") if row.has_photo else "",
        bearer_name(row.proposed),
        decided,
        "",
    )


def _draw_returns(flow: Flow, returns: Sequence[ReturnRow]) -> None:
    if not returns:
        return
    flow.y += 4
    table = Table(flow, _return_columns(), row_height=ROW_HEIGHT)
    table.band(_("Back from the routes: totes and goods"), room=4 * ROW_HEIGHT)
    table.head()
    for row in sorted(returns, key=lambda row: natural_key(row.route)):
        table.row(
            (
                row.route,
                row.vehicle,
                figure(row.totes_out),
                figure(row.totes_delivered),
                figure(row.empties_back),
                "",
                str(row.goods_back) if row.goods_back else "",
                "",
                "",
                "",
            )
        )
    table.row(
        (
            _("Total"),
            "",
            figure(_sum([row.totes_out for row in returns])),
            figure(_sum([row.totes_delivered for row in returns])),
            figure(_sum([row.empties_back for row in returns])),
            "",
            str(sum(row.goods_back for row in returns)),
            "",
            "",
            "",
        ),
        Tone.TOTAL,
    )


def _return_columns() -> tuple[Column, ...]:
    strong = Type(14, bold=True, align=Align.RIGHT)
    return (
        Column(heading=_("Route"), width=22, kind=Kind.NUMBER, type=Type(14, bold=True)),
        Column(heading=_("Vehicle"), width=41, lines=1),
        Column(heading=_("Totes out"), width=24, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Totes delivered"), width=26, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Empties back"), width=26, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Empties counted in"), width=27, kind=Kind.BLANK),
        Column(heading=_("Goods to come back"), width=27, kind=Kind.NUMBER, type=strong),
        Column(heading=_("Goods counted in"), width=27, kind=Kind.BLANK),
        Column(heading=_("Driver"), width=26, kind=Kind.BLANK),
        Column(heading=_("Warehouse"), width=27, kind=Kind.BLANK),
    )


def _draw_end(flow: Flow, rows: Sequence[ExceptionRow]) -> None:
    by_stage = [
        (stage_name(stage), str(sum(row.qty for row in rows if row.stage is stage)))
        for stage in STAGES
    ]
    flow.y += 2
    draw_totals(flow, [*by_stage, (_("All pieces"), str(sum(row.qty for row in rows)))])
    draw_note(flow, "  ".join((reason_legend(), _("O too many"))))
    draw_people(flow, (_("Supervisor"), _("Drivers"), _("Buyer"), _("Time")))


def _sum(figures: Sequence[int | None]) -> int | None:
    known = [number for number in figures if number is not None]
    return sum(known) if len(known) == len(figures) else None
