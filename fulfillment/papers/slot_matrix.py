"""Goods against slots on one table, for a wave small enough to sort from it.

Twenty slots at 10 mm fit a landscape page beside a name of 55 mm; more slots
go on over the pages, with the totals on both edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.papers.layout import Align, Type
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone

SLOTS_PER_BLOCK = 20
SLOTS_PER_GROUP = 5
SLOT_WIDTH = 10.0
NAME_WIDTH = 55.0
TOTAL_WIDTH = 18.0
ROW_HEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One SKU; `slot_qty` runs parallel to the slots."""

    name: str
    slot_qty: tuple[int, ...]


def draw_matrix(flow: Flow, slots: Sequence[str], rows: Sequence[MatrixRow]) -> None:
    """Draw blocks of slots, each on pages of its own with a total under every slot."""
    blocks = [
        range(start, min(start + SLOTS_PER_BLOCK, len(slots)))
        for start in range(0, len(slots), SLOTS_PER_BLOCK)
    ]
    for number, block in enumerate(blocks, start=1):
        flow.break_page()
        table = Table(flow, _columns([slots[i] for i in block]), row_height=ROW_HEIGHT)
        words = _("Goods against slots  ·  block %(block)d / %(blocks)d")
        table.band(words % {"block": number, "blocks": len(blocks)}, room=2 * ROW_HEIGHT)
        _draw_rows(table, block, rows)


def _draw_rows(table: Table, block: range, rows: Sequence[MatrixRow]) -> None:
    """Draw the rows page by page, so that the rules of each page end where its rows do."""
    flow = table.flow
    room = max(int((flow.sheet.bottom - flow.y - 12) // ROW_HEIGHT) - 1, 1)
    for start in range(0, len(rows), room):
        if start:
            flow.break_page()
        top = flow.y
        table.head()
        for index, row in enumerate(rows[start : start + room]):
            table.row(_cells(row, block), Tone.ZEBRA if index % 2 else Tone.NORMAL)
        if start + room >= len(rows):
            table.row(_totals(rows, block), Tone.TOTAL)
        for index in range(0, len(block) + 1, SLOTS_PER_GROUP):
            x = table.edge(1 + index)
            flow.sheet.line((x, top), (x, flow.y), width=0.45)


def _columns(slots: Sequence[str]) -> tuple[Column, ...]:
    figure = Type(13, bold=True, align=Align.RIGHT)
    return (
        Column(heading=_("Goods and spec"), width=NAME_WIDTH, type=Type(10), lines=2),
        *(Column(heading=slot, width=SLOT_WIDTH, kind=Kind.NUMBER, type=figure) for slot in slots),
        Column(heading=_("Total"), width=TOTAL_WIDTH, kind=Kind.NUMBER, type=figure),
    )


def _cells(row: MatrixRow, block: range) -> tuple[Cell, ...]:
    return (
        row.name,
        *(str(row.slot_qty[i]) if row.slot_qty[i] else "·" for i in block),
        str(sum(row.slot_qty[i] for i in block)),
    )


def _totals(rows: Sequence[MatrixRow], block: range) -> tuple[Cell, ...]:
    return (
        _("Total of %(count)d SKUs") % {"count": len(rows)},
        *(str(sum(row.slot_qty[i] for row in rows)) for i in block),
        str(sum(row.slot_qty[i] for row in rows for i in block)),
    )
