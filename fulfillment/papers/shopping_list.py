"""The buyer's list for the wholesale market: stall by stall, with room for what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import kilograms
from fulfillment.papers.foot import SIGN_HEIGHT, TOTALS_HEIGHT, draw_people, draw_totals
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.paper import Party, RenderedPaper, Stamp
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table
from orders.domain.money import format_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoppingLine:
    """One SKU to buy at a stall; `last_cost_fen` is None if it was never bought.

    `unit_cost_fen` is what the offer on file says a piece costs.
    """

    sku_code: str
    name: str
    unit: str
    need_qty: int
    pack_factor: int
    packs: int
    weight_g: int
    unit_cost_fen: int
    last_cost_fen: int | None

    @property
    def ordered_qty(self) -> int:
        """Pieces in the packs."""
        return self.packs * self.pack_factor

    @property
    def expected_fen(self) -> int:
        """What the packs will cost about: at the last price, else at the offer's."""
        cost_fen = self.unit_cost_fen if self.last_cost_fen is None else self.last_cost_fen
        return self.ordered_qty * cost_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """One seller of the market with what is bought there."""

    seller: Party
    lines: tuple[ShoppingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoppingListContent:
    """Everything to be bought by hand for one delivery day."""

    stamp: Stamp
    batch: str
    delivery_on: date
    stalls: tuple[Stall, ...]


def render_shopping_list(content: ShoppingListContent) -> RenderedPaper:
    """Draw the stalls in order of their codes, each with its goods to tick off."""
    lines = [line for stall in content.stalls for line in stall.lines]
    pieces = sum(line.ordered_qty for line in lines)
    sheet = Sheet(content.stamp.number)
    head = Head(
        title=_("Shopping list"),
        stamp=content.stamp,
        pieces=pieces,
        subject=content.batch,
        facts=(
            Fact(_("For delivery on"), f"{content.delivery_on:%Y-%m-%d}"),
            Fact(_("Batch"), content.batch, 2),
            Fact(_("Stalls"), str(len(content.stalls))),
        ),
    )
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(), row_height=11)
    table.head()
    for stall in sorted(content.stalls, key=lambda stall: natural_key(stall.seller.code)):
        table.band(_seller(stall.seller), _("%(count)d goods") % {"count": len(stall.lines)})
        for line in sorted(stall.lines, key=lambda line: natural_key(line.sku_code)):
            table.row(_cells(line))
    _draw_end(flow, lines)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(lines), pieces=pieces)


def _seller(seller: Party) -> str:
    return "  ".join(
        part for part in (seller.code, seller.name, seller.contact, seller.phone) if part
    )


def _columns() -> tuple[Column, ...]:
    figure = Type(11, align=Align.RIGHT)
    return (
        Column(heading="", width=10, kind=Kind.TICK),
        Column(heading=_("SKU"), width=17, kind=Kind.NUMBER, type=Type(10)),
        Column(heading=_("Goods and spec"), width=50),
        Column(heading=_("Needed"), width=17, kind=Kind.NUMBER, type=figure),
        Column(
            heading=_("Packs"), width=24, kind=Kind.NUMBER, type=Type(14, True, align=Align.RIGHT)
        ),
        Column(heading=_("Last price"), width=16, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Paid per piece"), width=26, kind=Kind.BLANK),
        Column(heading=_("Bought"), width=26, kind=Kind.BLANK),
    )


def _cells(line: ShoppingLine) -> tuple[Cell, ...]:
    return (
        "",
        line.sku_code,
        line.name,
        f"{line.need_qty} {line.unit}",
        f"{line.packs} × {line.pack_factor}",
        "—" if line.last_cost_fen is None else format_yuan(line.last_cost_fen),
        "",
        "",
    )


def _draw_end(flow: Flow, lines: Sequence[ShoppingLine]) -> None:
    flow.reserve(TOTALS_HEIGHT + SIGN_HEIGHT)
    draw_totals(
        flow,
        (
            (_("Lines"), str(len(lines))),
            (_("Packs"), str(sum(line.packs for line in lines))),
            (_("Pieces"), str(sum(line.ordered_qty for line in lines))),
            (_("Expected kg"), kilograms(sum(line.ordered_qty * line.weight_g for line in lines))),
            (_("Expected (yuan)"), format_yuan(sum(line.expected_fen for line in lines))),
        ),
    )
    draw_people(flow, (_("Buyer"), _("Money taken"), _("Money brought back"), _("Time")))
