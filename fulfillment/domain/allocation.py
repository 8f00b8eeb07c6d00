"""A short receipt shared over order lines, once, at the line.

Every paper, refund and tote is a projection of the result made here; nothing
is ever shared out a second time higher up. Both rules are house monotone as
long as pieces are given singly: one more accepted piece never takes a piece
away from anyone, so a late top-up only adds. Lines that come whole or not at
all break that by their nature; what keeps a re-run from taking is
`fulfillment.domain.reallocation`. The worked examples are in
docs/algorithms/allocation.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from fulfillment.domain.quotas import webster_quotas
from fulfillment.errors import (
    CountNegative,
    LineListedTwice,
    LockedExceedsAccepted,
    LockedExceedsOrdered,
)
from leaders.domain.promises import ensure
from orders.errors import QuantityNotPositive

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
    is_whole_only
        Whether the line comes whole or not at all, as a gift set does. The
        pieces it cannot use go on to the next lines.

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
    is_whole_only: bool = False

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
        Accepted pieces nobody gets: nobody paid for them, or they are too few
        for the lines that only come whole. They go to the spare shelf.
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
        lines of the point by time of payment. What a point cannot use, since
        its next line only comes whole, is served to all by time of payment.
    locked
        Pieces a line has already. They stay where they are; only what is left
        of the accepted pieces is shared out.

    Returns
    -------
    Allocation
        locked ≤ quantity ≤ qty per line, and accepted = Σ quantities + spare.
        A line that only comes whole gets all, or what was locked. Where
        pieces are spare although somebody lacks some, everybody who does
        only comes whole and lacks more than is spare.

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
    queue = sorted(lines, key=payment_order)
    if rule is ShortageRule.LEADER_QUOTA:
        _serve_by_quota(queue, quantities, accepted_qty)
    # Under a quota this serves only what the points could not use.
    serve_in_order(queue, quantities, accepted_qty - sum(quantities.values()))
    allocation = Allocation(
        quantities=MappingProxyType(quantities),
        spare_qty=accepted_qty - sum(quantities.values()),
    )
    _check_result(lines, accepted_qty, fixed, allocation)
    return allocation


def payment_order(line: LineDemand) -> tuple[datetime, int, str]:
    """Return the key that sorts lines as they were paid; no two are equal."""
    return line.paid_at, line.line_no, line.line_key


def serve_in_order(queue: Sequence[LineDemand], quantities: dict[str, int], supply_qty: int) -> int:
    """Top lines up in the order of the queue; return what nobody could use.

    Parameters
    ----------
    queue
        The lines, whoever is first served first.
    quantities
        What each line has; raised in place.
    supply_qty
        Pieces to give, 0 or more.
    """
    left = supply_qty
    for line in queue:
        if left == 0:
            break
        lacking = line.qty - quantities[line.line_key]
        if line.is_whole_only and lacking > left:
            continue
        given = min(lacking, left)
        quantities[line.line_key] += given
        left -= given
    return left


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
        serve_in_order(own, quantities, quotas[point] - held[point])


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
    given = allocation.quantities
    ensure(
        allocation.allocated_qty + allocation.spare_qty == accepted_qty
        and allocation.spare_qty >= 0,
        "accepted pieces are allocated or spare",
    )
    ensure(
        all(locked.get(line.line_key, 0) <= given[line.line_key] <= line.qty for line in lines),
        "no line gets more than it paid for or less than it has already",
    )
    ensure(
        all(
            given[line.line_key] == line.qty
            or allocation.spare_qty == 0
            or (line.is_whole_only and line.qty - given[line.line_key] > allocation.spare_qty)
            for line in lines
        ),
        "nothing is spare that somebody could use",
    )
    ensure(
        all(
            given[line.line_key] in (line.qty, locked.get(line.line_key, 0))
            for line in lines
            if line.is_whole_only
        ),
        "a line that only comes whole comes whole, or gets nothing more",
    )
