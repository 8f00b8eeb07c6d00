"""Paid order lines turned into demand. Demand is a pure function of paid lines.

Purchase orders, sort lists and papers all start from the figures made here,
so each of them is summed a second way before it leaves.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import NamedTuple

from leaders.domain.promises import ensure
from orders.errors import AmountNegative, QuantityNotPositive


class PaidLine(NamedTuple):
    """One order line that was paid for before payments closed.

    `qty` is 1 or more whole pieces, `amount_fen` what was paid for them, 0 or more.
    """

    order_no: str
    sku_code: str
    qty: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTotals:
    """What a demand snapshot must add up to."""

    orders: int
    lines: int
    pieces: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a campaign sold: pieces by SKU code in order of code, totals, and a hash.

    The hash is the SHA-256, in hex, over the (order number, SKU code,
    quantity) triples in order, each written as JSON: database ids are no part
    of it, and no code can be forged by a separator inside a name.
    """

    by_sku: Mapping[str, int]
    totals: DemandTotals
    lines_hash: str


def line_key(order_no: str, sku_code: str) -> str:
    """Return the business key of an order line; an order holds a SKU once."""
    return f"{order_no}/{sku_code}"


def demand_of(lines: Iterable[PaidLine]) -> Demand:
    """Sum lines that come in order of order number and SKU code, by code points.

    They are read once and kept nowhere: a campaign may have millions.

    Raises
    ------
    QuantityNotPositive, AmountNegative
        If a figure of a line is outside its range.
    """
    by_sku: Counter[str] = Counter()
    digest = hashlib.sha256()
    orders = count = pieces = amount_fen = 0
    before = ("", "")
    for order_no, sku_code, qty, line_fen in lines:
        if qty < 1:
            raise QuantityNotPositive("A paid line asks for at least one piece.", qty=qty)
        if line_fen < 0:
            raise AmountNegative("A line is paid with 0 fen or more.", amount_fen=line_fen)
        ensure(before <= (order_no, sku_code), "paid lines come in their order")
        orders += order_no != before[0]
        before = (order_no, sku_code)
        count += 1
        amount_fen += line_fen
        pieces += qty
        by_sku[sku_code] += qty
        digest.update(f"[{quoted(order_no)}, {quoted(sku_code)}, {qty}]".encode("ascii"))
    ensure(by_sku.total() == pieces, "demand keeps every paid piece and adds none")
    totals = DemandTotals(orders=orders, lines=count, pieces=pieces, amount_fen=amount_fen)
    return Demand(by_sku=dict(sorted(by_sku.items())), totals=totals, lines_hash=digest.hexdigest())
