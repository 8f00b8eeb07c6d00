"""An export held against its own summary sheets; every difference is explained row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.domain.foreign_orders.cells import fen, pieces
from orders.domain.foreign_orders.sheets import ForeignFile, Layout, Sheet, layout_of
from orders.domain.foreign_orders.understanding import ForeignOrders, Note, Remark


@dataclass(frozen=True, slots=True)
class Explanation:
    """A row's part in a difference."""

    row: int
    words: str
    difference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a summary sheet beside ours.

    `by_rows` is what plain rows give, `ours` what they stand for; the
    explanations sum up to the difference of the two.
    """

    sheet: str
    name: str
    theirs: int
    by_rows: int
    ours: int
    explanations: tuple[Explanation, ...] = ()

    @property
    def is_reconciled(self) -> bool:
        """Whether the file and we say the same, and every step between is explained."""
        explained = sum(each.difference for each in self.explanations)
        return self.ours == self.theirs and self.ours == self.by_rows + explained


def reconcile(file: ForeignFile, found: ForeignOrders) -> tuple[Figure, ...]:
    """Every figure of the file's summary sheets beside ours; none if it has no such sheet."""
    figures: list[Figure] = []
    for sheet in file.sheets:
        layout = layout_of(sheet.headings)
        if layout is Layout.KTT_GOODS_SUMMARY:
            figures += _goods(sheet, found)
        elif layout is Layout.KTT_POINT_SUMMARY:
            figures += _points(sheet, found)
    return tuple(figures)


def _goods(sheet: Sheet, found: ForeignOrders) -> list[Figure]:
    figures = []
    for row in _rows(sheet):
        name = row["商品"]
        lines = [line for order in found.orders for line in order.lines if line.name == name]
        sold = sum(line.qty for line in lines)
        paid = sum(line.amount_fen or 0 for line in lines)
        figures.append(_same(sheet, f"{name} 销售数量", pieces(row["销售数量"]) or 0, sold))
        figures.append(_same(sheet, f"{name} 商品总金额", fen(row["商品总金额"]) or 0, paid))
        stock, left = pieces(row.get("总库存", "")), _stock_left(row)
        if stock is not None and left is not None:
            figures.append(_same(sheet, f"{name} 当前库存", left, stock - sold))
    return figures


def _points(sheet: Sheet, found: ForeignOrders) -> list[Figure]:
    rows = _rows(sheet)
    merged = [note for note in found.notes if note.code == Remark.MERGED]
    explained = tuple(_more_orders(note) for note in merged)
    in_rows = len({order.row for order in found.orders})
    total = {
        name: sum((fen(row.get(name, "")) or 0) for row in rows)
        for name in ("商品总金额", "订单总金额", "订单退款总金额")
    }
    paid = sum(order.amount_fen or 0 for order in found.orders)
    return [
        Figure(
            sheet=sheet.title,
            name="订单总数",
            theirs=sum(pieces(row["订单总数"]) or 0 for row in rows),
            by_rows=in_rows,
            ours=len(found.orders),
            explanations=explained,
        ),
        _same(
            sheet,
            "商品总数",
            sum(pieces(row["商品总数"]) or 0 for row in rows),
            sum(order.pieces for order in found.orders),
        ),
        _same(sheet, "订单总金额", total["订单总金额"] - total["订单退款总金额"], paid),
    ]


def _more_orders(note: Note) -> Explanation:
    """A merged row stands for as many orders as it has numbers."""
    count = len(note.words.replace(",", "、").split("、"))
    return Explanation(note.row, note.words, count - 1)


def _stock_left(row: dict[str, str]) -> int | None:
    for heading, cell in row.items():
        if heading.startswith("当前库存"):
            return 0 if cell.strip() == "0" else pieces(cell)
    return None


def _same(sheet: Sheet, name: str, theirs: int, ours: int) -> Figure:
    return Figure(sheet=sheet.title, name=name, theirs=theirs, by_rows=ours, ours=ours)


def _rows(sheet: Sheet) -> Sequence[dict[str, str]]:
    return [dict(zip(sheet.headings, cells, strict=False)) for cells in sheet.rows if any(cells)]
