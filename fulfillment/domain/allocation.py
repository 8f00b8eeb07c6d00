"""A short receipt shared over order lines, once, at the line.

Every paper, refund and tote is a projection of the result made here; nothing
is ever shared out a second time higher up. Both rules are house monotone: one
more accepted piece never takes a piece away from anyone, so a late top-up
only adds. The worked example is in docs/algorithms/allocation.md.

Sources
-------
Webster 1832, Sainte-Laguë 1910: divisors 1, 3, 5, …; M. L. Balinski and
H. P. Young, "Fair Representation" (1982), for why divisor methods are house
monotone and largest remainder is not.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from fulfillment.errors import (
    CountNegative,
    LineListedTwice,
    LockedExceedsAccepted,
    LockedExceedsOrdered,
)
from leaders.domain.promises import ensure
from orders.errors import QuantityNotPositive

# Priorities are compared as integers D·2⁶⁴ ÷ (2a+1). Two different fractions
# with denominators under 2³² differ by more than 2⁻⁶⁴, so no two are mixed up
# and equal ones stay equal.
PRIORITY_SCALE_BITS = 64
QTY_MAX = 2**31 - 1


class ShortageRule(StrEnum):
    """Who goes without when too little was accepted."""

    PAID_TIME = "paid_time"
    LEADER_QUOTA = "leader_quota"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDemand:
    """What one order line asks of one SKU.

    Parameters
    ----------
    line_key
        Business key of the line.
    point_code
        Pickup point it is delivered to.
    qty
        Pieces paid for, 1 or more.
    paid_at
        When it was paid; earlier lines are served first.
    line_no
        Breaks ties of `paid_at`, lower first; `line_key` breaks the rest.

    Raises
    ------
    QuantityNotPositive
        If the quantity is not a count of pieces.
    """

    line_key: str
    point_code: str
    qty: int
    paid_at: datetime
    line_no: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.qty <= QTY_MAX:
            raise QuantityNotPositive(
                "A line asks for at least one piece.", line_key=self.line_key, qty=self.qty
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The result for one SKU.

    Parameters
    ----------
    quantities
        Pieces per line key, in the order of the lines given; 0 included.
    spare_qty
        Accepted pieces nobody paid for; they go to the spare shelf.
    """

    quantities: Mapping[str, int]
    spare_qty: int

    @property
    def allocated_qty(self) -> int:
        """Pieces allocated, all lines together."""
        return sum(self.quantities.values())


def allocate(
    lines: Sequence[LineDemand],
    accepted_qty: int,
    rule: ShortageRule,
    locked: Mapping[str, int] | None = None,
) -> Allocation:
    """Share the accepted pieces of one SKU over its lines.

    Parameters
    ----------
    lines
        All paid lines of the SKU, each once.
    accepted_qty
        Pieces accepted at the dock, 0 or more.
    rule
        PAID_TIME serves whole lines by time of payment. LEADER_QUOTA first
        gives each pickup point a quota by Webster's divisors, then serves the
        lines of the point by time of payment.
    locked
        Pieces already sorted per line key. They stay where they are; only
        what is left of the accepted pieces is shared out.

    Returns
    -------
    Allocation
        Σ quantities = min(accepted, need), locked ≤ quantity ≤ qty per line,
        and accepted = Σ quantities + spare.

    Raises
    ------
    CountNegative, LineListedTwice
        If the input is not a count over distinct lines.
    LockedExceedsOrdered, LockedExceedsAccepted
        If more is already sorted than was ordered or accepted; the goods must
        be counted again before anything can be shared out.

    Notes
    -----
    O(n log n) for n lines under PAID_TIME, O(n log n + s log p) for s pieces
    over p points under LEADER_QUOTA.
    """
    fixed = locked or {}
    _check_input(lines, accepted_qty, fixed)
    quantities = {line.line_key: fixed.get(line.line_key, 0) for line in lines}
    queue = sorted(lines, key=lambda line: (line.paid_at, line.line_no, line.line_key))
    if rule is ShortageRule.PAID_TIME:
        _serve(queue, quantities, accepted_qty - sum(quantities.values()))
    else:
        _serve_by_quota(queue, quantities, accepted_qty)
    allocation = Allocation(
        quantities=MappingProxyType(quantities),
        spare_qty=max(0, accepted_qty - sum(line.qty for line in lines)),
    )
    _check_result(lines, accepted_qty, fixed, allocation)
    return allocation


def webster_quotas(
    demands: Mapping[str, int], supply_qty: int, locked: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Share a supply over points by Webster's divisors, capped at the demand.

    Piece by piece, the next one goes to the point with the largest demand per
    2a + 1, where a is what it has; equal ones go to the larger demand, then
    to the lower code.

    Parameters
    ----------
    demands
        Pieces asked for per point code, 0 or more each.
    supply_qty
        Pieces to share, the locked ones included.
    locked
        Pieces a point has already; it keeps them.

    Returns
    -------
    dict
        Pieces per point code; they sum to the supply, or to the demand where
        that is less.
    """
    fixed = locked or {}
    quotas = {point: fixed.get(point, 0) for point in demands}
    heap = [
        _priority(demand, quotas[point], point)
        for point, demand in demands.items()
        if quotas[point] < demand
    ]
    heapq.heapify(heap)
    for _ in range(supply_qty - sum(quotas.values())):
        if not heap:
            break
        point = heap[0][2]
        quotas[point] += 1
        if quotas[point] < demands[point]:
            heapq.heapreplace(heap, _priority(demands[point], quotas[point], point))
        else:
            heapq.heappop(heap)
    return quotas


def _priority(demand: int, held: int, point: str) -> tuple[int, int, str]:
    return (-((demand << PRIORITY_SCALE_BITS) // (2 * held + 1)), -demand, point)


def _serve(queue: Sequence[LineDemand], quantities: dict[str, int], supply_qty: int) -> None:
    """Top lines up in the order of the queue until the supply is used."""
    left = supply_qty
    for line in queue:
        if left == 0:
            break
        given = min(line.qty - quantities[line.line_key], left)
        quantities[line.line_key] += given
        left -= given


def _serve_by_quota(
    queue: Sequence[LineDemand], quantities: dict[str, int], accepted_qty: int
) -> None:
    lines_of: dict[str, list[LineDemand]] = defaultdict(list)
    for line in queue:
        lines_of[line.point_code].append(line)
    held = {
        point: sum(quantities[line.line_key] for line in own) for point, own in lines_of.items()
    }
    demands = {point: sum(line.qty for line in own) for point, own in lines_of.items()}
    quotas = webster_quotas(demands, min(accepted_qty, sum(demands.values())), held)
    for point, own in lines_of.items():
        _serve(own, quantities, quotas[point] - held[point])


def _check_input(lines: Sequence[LineDemand], accepted_qty: int, locked: Mapping[str, int]) -> None:
    if accepted_qty < 0:
        raise CountNegative("No supply is below 0.", accepted_qty=accepted_qty)
    ordered = {line.line_key: line.qty for line in lines}
    if len(ordered) != len(lines):
        raise LineListedTwice("An order line is shared out once.")
    for line_key, qty in locked.items():
        if not 0 <= qty <= ordered.get(line_key, 0):
            raise LockedExceedsOrdered(
                "More is already sorted for a line than it ordered.", line_key=line_key, qty=qty
            )
    if sum(locked.values()) > accepted_qty:
        raise LockedExceedsAccepted(
            "More is already sorted than was accepted.",
            sorted_qty=sum(locked.values()),
            accepted_qty=accepted_qty,
        )


def _check_result(
    lines: Sequence[LineDemand],
    accepted_qty: int,
    locked: Mapping[str, int],
    allocation: Allocation,
) -> None:
    need_qty = sum(line.qty for line in lines)
    ensure(
        allocation.allocated_qty == min(accepted_qty, need_qty),
        "everything accepted and needed is allocated, and nothing else",
    )
    ensure(
        allocation.allocated_qty + allocation.spare_qty == accepted_qty,
        "accepted pieces are allocated or spare",
    )
    ensure(
        all(
            locked.get(line.line_key, 0) <= allocation.quantities[line.line_key] <= line.qty
            for line in lines
        ),
        "no line gets more than it paid for or less than is already sorted",
    )
