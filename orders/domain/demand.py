"""Paid order lines turned into demand. Demand is a pure function of paid lines.

Purchase orders, sort lists and papers all start from the figures made here,
so each of them is summed a second way before it leaves.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from leaders.domain.promises import ensure
from orders.errors import AmountNegative, QuantityNotPositive


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """One order line that was paid for before payments closed.

    Parameters
    ----------
    line_key
        Business key of the line (`line_key`), the same in every replay.
    order_no, sku_code, point_code
        What was ordered, and for which pickup point.
    qty
        Whole pieces, 1 or more.
    amount_fen
        What was paid for the line, 0 or more.
    paid_at
        The gateway's success time.

    Raises
    ------
    QuantityNotPositive, AmountNegative
        If a figure is outside its range.
    """

    line_key: str
    order_no: str
    sku_code: str
    point_code: str
    qty: int
    amount_fen: int
    paid_at: datetime

    def __post_init__(self) -> None:
        if self.qty < 1:
            raise QuantityNotPositive("A paid line asks for at least one piece.", qty=self.qty)
        if self.amount_fen < 0:
            raise AmountNegative("A line is paid with 0 fen or more.", amount_fen=self.amount_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTotals:
    """What a demand snapshot must add up to."""

    orders: int
    lines: int
    pieces: int
    amount_fen: int


def line_key(order_no: str, sku_code: str) -> str:
    """Return the business key of an order line; an order holds a SKU once."""
    return f"{order_no}/{sku_code}"


def demand_by_sku(lines: Sequence[PaidLine]) -> dict[str, int]:
    """Return pieces per SKU code, in order of SKU code."""
    pieces: Counter[str] = Counter()
    for line in lines:
        pieces[line.sku_code] += line.qty
    ensure(
        pieces.total() == demand_totals(lines).pieces,
        "demand keeps every paid piece and adds none",
    )
    return dict(sorted(pieces.items()))


def demand_totals(lines: Sequence[PaidLine]) -> DemandTotals:
    """Return the totals every projection of the lines must keep."""
    return DemandTotals(
        orders=len({line.order_no for line in lines}),
        lines=len(lines),
        pieces=sum(line.qty for line in lines),
        amount_fen=sum(line.amount_fen for line in lines),
    )


def demand_hash(lines: Iterable[PaidLine]) -> str:
    """Return the SHA-256 of the demand, in hex.

    Taken over the sorted (order number, SKU code, quantity) triples written
    as JSON, so neither the order of rows nor database ids enter it, and no
    code can be forged by a separator inside a name.
    """
    digest = hashlib.sha256()
    for triple in sorted((line.order_no, line.sku_code, line.qty) for line in lines):
        digest.update(json.dumps(triple, ensure_ascii=True).encode("ascii"))
    return digest.hexdigest()
