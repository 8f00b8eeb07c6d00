"""The orders of a day bundle (`orders.csv`), one row per line, as orders."""

from collections.abc import Mapping
from dataclasses import replace

from orders.domain.foreign_orders.cells import pieces
from orders.domain.foreign_orders.places import Place
from orders.domain.foreign_orders.sheets import Layout, Sheet
from orders.domain.foreign_orders.understanding import (
    ForeignLine,
    ForeignOrder,
    ForeignOrders,
    Refusal,
    Refused,
)


def understand_bundle(sheet: Sheet) -> ForeignOrders:
    """The orders of the sheet; a line that cannot be understood is refused alone."""
    columns = {heading: at for at, heading in enumerate(sheet.headings)}
    orders: dict[str, ForeignOrder] = {}
    refused = []
    count = 0
    for number, cells in enumerate(sheet.rows, start=2):
        row = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        if not any(row.values()):
            continue
        count += 1
        line = _line(row)
        if isinstance(line, Refusal):
            refused.append(Refused(number, line, row.get("sku_code", "")))
            continue
        known = orders.get(row["order_no"])
        orders[row["order_no"]] = (
            replace(known, lines=(*known.lines, line)) if known else _order(number, row, line)
        )
    return ForeignOrders(
        layout=Layout.DAY_BUNDLE,
        rows=count,
        orders=tuple(orders.values()),
        refused=tuple(refused),
        notes=(),
    )


def _line(row: Mapping[str, str]) -> ForeignLine | Refusal:
    qty = pieces(row["qty"])
    if qty is None:
        return Refusal.QTY_INVALID
    price = row["unit_price_fen"]
    if not (price.isascii() and price.isdigit()):
        return Refusal.AMOUNT_INVALID
    if not row["order_no"]:
        return Refusal.NO_NUMBER
    return ForeignLine(row["sku_code"], "", qty, qty * int(price))


def _order(number: int, row: Mapping[str, str], line: ForeignLine) -> ForeignOrder:
    return ForeignOrder(
        row=number,
        source_no=row["order_no"],
        buyer=row.get("resident_name", ""),
        receiver=row.get("resident_name", ""),
        phone=row.get("resident_phone", ""),
        place=Place(
            lane="", building=row.get("building", ""), room=row.get("room", ""), address=""
        ),
        lines=(line,),
        paid_at=row.get("paid_at", ""),
        leader_code=row["leader_code"],
    )
