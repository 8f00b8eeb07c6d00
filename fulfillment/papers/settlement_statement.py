"""A leader's settlement statement (结算单) on paper: every entry, and how it becomes the net.

It is drawn when somebody asks for it. It belongs to no run, so it carries no
control code; its number and its figures never change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.papers.fonts import clean
from fulfillment.papers.layout import SOFT, Align, Sheet, Type
from fulfillment.papers.paper import RenderedPaper
from fulfillment.papers.table import Column, Flow, Kind, Table, Tone
from orders.domain.money import format_yuan, yuan_text

TITLE = Type(20, bold=True)
NUMBER = Type(11, grey=SOFT)
LABEL = Type(8, grey=SOFT)
VALUE = Type(11, bold=True)
MONEY = Type(10, align=Align.RIGHT)
SUM = Type(13, bold=True, align=Align.RIGHT)
SUM_LABEL = Type(11)
FOOT = Type(8, grey=SOFT)
FACT_WIDTH = 62.0
SUM_HEIGHT = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One entry: the day and order it belongs to, the goods, base, rate and amount."""

    day: date | None
    kind: str
    order: str
    goods: str
    base_fen: int
    rate: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContent:
    """Everything on the paper; `sums` are labels with amounts, the last one the net."""

    number: str
    leader_code: str
    leader_name: str
    period_from: date
    period_until: date
    state: str
    issued_on: date
    rows: tuple[StatementRow, ...]
    sums: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()


def render_statement(content: StatementContent) -> RenderedPaper:
    """Draw the sums first, then the entries behind them."""
    sheet = Sheet(content.number)
    flow = Flow(sheet, _draw_head(sheet, content), lambda: _draw_short_head(sheet, content))
    _draw_sums(flow, content)
    table = Table(flow, _columns(), row_height=7)
    table.head()
    for at, row in enumerate(content.rows):
        table.row(_cells(row), tone=Tone.ZEBRA if at % 2 else Tone.NORMAL)
    sheet.end_document(lambda page, pages: _draw_foot(sheet, content, page, pages))
    return RenderedPaper(
        pdf=sheet.finish(), pages=sheet.pages, lines=len(content.rows), pieces=len(content.rows)
    )


def _draw_head(sheet: Sheet, content: StatementContent) -> float:
    sheet.new_page()
    top = sheet.top
    sheet.text(sheet.left, top + 6.5, _("Settlement statement"), TITLE)
    sheet.text(sheet.left, top + 13, content.number, NUMBER)
    facts = (
        (_("Leader"), f"{content.leader_name} {content.leader_code}"),
        (_("Week"), f"{content.period_from:%Y-%m-%d} – {content.period_until:%m-%d}"),
        (_("Issued on"), f"{content.issued_on:%Y-%m-%d} · {content.state}"),
    )
    for at, (label, text) in enumerate(facts):
        left = sheet.left + at * FACT_WIDTH
        sheet.text(left, top + 20, label, LABEL)
        sheet.fitted(left, top + 25.5, clean(text), VALUE, width=FACT_WIDTH - 3)
    sheet.rule(top + 29, width=0.5)
    return top + 31


def _draw_short_head(sheet: Sheet, content: StatementContent) -> float:
    sheet.new_page()
    words = _("%(title)s (continued)") % {"title": content.number}
    sheet.text(sheet.left, sheet.top + 6.5, words, Type(12, bold=True))
    sheet.rule(sheet.top + 9, width=0.5)
    return sheet.top + 11


def _draw_sums(flow: Flow, content: StatementContent) -> None:
    """The way from what was earned to what is paid; the last line is the net."""
    sheet = flow.sheet
    right = sheet.left + 110
    for at, (label, amount_fen) in enumerate(content.sums):
        is_net = at == len(content.sums) - 1
        top = flow.take(SUM_HEIGHT + is_net)
        if is_net:
            sheet.line((sheet.left, top + 0.8), (right, top + 0.8), width=0.35)
        style = Type(SUM_LABEL.size, bold=is_net)
        sheet.text(sheet.left, top + 5.5 + is_net, label, style)
        sheet.text(right, top + 5.5 + is_net, yuan_text(amount_fen), SUM)
    for note in content.notes:
        sheet.text(sheet.left, flow.take(5) + 4, clean(note), FOOT)
    flow.take(4)


def _columns() -> Sequence[Column]:
    return (
        Column(heading=_("Delivery"), width=20, kind=Kind.NUMBER, type=Type(9)),
        Column(heading=_("Order line"), width=42, type=Type(9), lines=1),
        Column(heading=_("Goods"), width=60, type=Type(9), lines=1),
        Column(heading=_("Base"), width=22, kind=Kind.NUMBER, type=Type(9, align=Align.RIGHT)),
        Column(heading=_("Rate"), width=16, kind=Kind.NUMBER, type=Type(9, align=Align.RIGHT)),
        Column(heading=_("Amount"), width=26, kind=Kind.NUMBER, type=MONEY),
    )


def _cells(row: StatementRow) -> tuple[str | tuple[str, str], ...]:
    return (
        f"{row.day:%m-%d}" if row.day else "—",
        row.order or "—",
        (row.goods, row.kind) if row.goods else row.kind,
        format_yuan(row.base_fen),
        row.rate,
        format_yuan(row.amount_fen),
    )


def _draw_foot(sheet: Sheet, content: StatementContent, page: int, pages: int) -> None:
    y = sheet.height - 9.5
    sheet.rule(y - 4.6, width=0.2)
    sheet.text(sheet.left, y, f"{content.number}  ·  {_('confidential')}", FOOT)
    words = _("page %(page)d / %(pages)d") % {"page": page, "pages": pages}
    sheet.text(sheet.right, y, words, Type(11, bold=True, align=Align.RIGHT))
