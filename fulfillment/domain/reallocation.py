"""A SKU shared out again: only the difference is given, or taken back.

Goods come late, a count was wrong, a piece breaks on the sorting floor. Lines
have pieces by then, and some of these lie in their slots. A re-run never
takes a sorted piece, and never takes any piece to give it to somebody else.
The worked examples are in docs/algorithms/allocation.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fulfillment.domain.allocation import (
    LineDemand,
    ShortageRule,
    allocate,
    payment_order,
    serve_in_order,
)
from fulfillment.errors import (
    CountNegative,
    LineListedTwice,
    LockedExceedsAccepted,
    LockedExceedsOrdered,
)
from leaders.domain.promises import ensure


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """An order line that was shared out before.

    Parameters
    ----------
    demand
        What it may get: ordered pieces less those refunded or replaced.
    held_qty
        Pieces it has, 0 to `demand.qty`.
    sorted_qty
        Of these, pieces that lie in its slot.
    is_fixed
        Whether a person fixed it; it gains nothing, and loses only when
        nothing else is left to take.

    Raises
    ------
    LockedExceedsOrdered
        If it has more than it may get, or more is sorted than it has.
    """

    demand: LineDemand
    held_qty: int
    sorted_qty: int = 0
    is_fixed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.sorted_qty <= self.held_qty <= self.demand.qty:
            raise LockedExceedsOrdered(
                "A line holds at most what it asks for, and its slot at most what it holds.",
                line_key=self.demand.line_key,
                held_qty=self.held_qty,
                sorted_qty=self.sorted_qty,
            )


def reallocate(
    lines: Sequence[HeldLine], supply_qty: int, rule: ShortageRule, *, is_final: bool = False
) -> Mapping[str, int]:
    """Share the supply of one SKU again, over what its lines have already.

    Parameters
    ----------
    lines
        All lines of the SKU, each once.
    supply_qty
        Pieces there are now, 0 or more.
    rule
        Who is served first, or who gives up pieces.
    is_final
        Whether what is short is being refunded: then nobody gains.

    Returns
    -------
    Mapping
        Pieces per line key. If there is enough for what is held, nobody
        loses; if not, nobody gains. No line goes below what is sorted.

    Raises
    ------
    CountNegative, LineListedTwice
        If the input is not a count over distinct lines.
    LockedExceedsAccepted
        If more is sorted than there is; the goods must be counted again.

    Notes
    -----
    Without lines that only come whole, and as long as nothing was changed by
    hand, the result is the one `allocate` gives for the new supply. O(n log n)
    for n lines, as `allocate`.
    """
    _check(lines, supply_qty)
    held = {line.demand.line_key: line.held_qty for line in lines}
    if supply_qty >= sum(held.values()):
        result = held if is_final else _topped_up(lines, held, supply_qty, rule)
    else:
        result = _released(lines, held, supply_qty, rule)
    ensure(sum(result.values()) <= supply_qty, "no more is held than there is")
    ensure(
        all(line.sorted_qty <= result[line.demand.line_key] <= line.demand.qty for line in lines),
        "no line goes below what is sorted or above what it asks for",
    )
    return MappingProxyType(result)


def spread_sorted(lines: Sequence[LineDemand], sorted_qty: int) -> dict[str, int]:
    """Say whose pieces lie in a slot; the cards only say how many.

    Parameters
    ----------
    lines
        The lines of one SKU at one pickup point, `qty` being what each has.
    sorted_qty
        Pieces of the SKU in the point's slot.

    Returns
    -------
    dict
        Pieces per line key, in the order of payment. A line that only comes
        whole is passed over while what is left would not make it whole, so
        that as few of them as possible are bound half.

    Raises
    ------
    LockedExceedsOrdered
        If more lies in the slot than its lines have.
    """
    queue = sorted(lines, key=payment_order)
    shares = {line.line_key: 0 for line in lines}
    left = serve_in_order(queue, shares, sorted_qty)
    for line in queue:
        given = min(line.qty - shares[line.line_key], left)
        shares[line.line_key] += given
        left -= given
    if left:
        raise LockedExceedsOrdered(
            "More lies in a slot than its lines are to get.", sorted_qty=sorted_qty, surplus=left
        )
    return shares


def _topped_up(
    lines: Sequence[HeldLine], held: Mapping[str, int], supply_qty: int, rule: ShortageRule
) -> dict[str, int]:
    """Give what came to those who lack; everybody keeps what he has."""
    free = [line.demand for line in lines if not line.is_fixed]
    fixed_qty = sum(line.held_qty for line in lines if line.is_fixed)
    floors = {demand.line_key: held[demand.line_key] for demand in free}
    topped_up = allocate(free, supply_qty - fixed_qty, rule, floors)
    return {**held, **topped_up.quantities}


def _released(
    lines: Sequence[HeldLine], held: Mapping[str, int], supply_qty: int, rule: ShortageRule
) -> dict[str, int]:
    """Take what is missing from those who would not have it by the rule."""
    result = dict(held)
    fixed = _fixed_kept(lines, supply_qty)
    free = [line for line in lines if not line.is_fixed]
    left = supply_qty - sum(fixed.values())
    target = allocate(
        [line.demand for line in free],
        left,
        rule,
        {line.demand.line_key: line.sorted_qty for line in free},
    ).quantities
    for line in free:
        key = line.demand.line_key
        result[key] = min(line.held_qty, target[key])
    # Lines that only come whole may have given up more than was missing, and
    # what the rule would give to others stays with those who have it.
    kept = [demand for line in free if (demand := _held_demand(line)) is not None]
    serve_in_order(
        sorted(kept, key=payment_order), result, left - sum(result[d.line_key] for d in kept)
    )
    return result | fixed


def _held_demand(line: HeldLine) -> LineDemand | None:
    """A demand for no more than the line has; None if it has nothing."""
    if not line.held_qty:
        return None
    demand = line.demand
    return LineDemand(
        line_key=demand.line_key,
        point_code=demand.point_code,
        qty=line.held_qty,
        paid_at=demand.paid_at,
        line_no=demand.line_no,
        is_whole_only=demand.is_whole_only,
    )


def _fixed_kept(lines: Sequence[HeldLine], supply_qty: int) -> dict[str, int]:
    """What fixed lines keep when there is less: all, unless the free ones have no more to give."""
    kept = {line.demand.line_key: line.held_qty for line in lines if line.is_fixed}
    sorted_free = sum(line.sorted_qty for line in lines if not line.is_fixed)
    missing = max(0, sum(kept.values()) + sorted_free - supply_qty)
    by_payment = sorted(
        (line for line in lines if line.is_fixed),
        key=lambda line: payment_order(line.demand),
        reverse=True,
    )
    for line in by_payment:
        taken = min(missing, line.held_qty - line.sorted_qty)
        kept[line.demand.line_key] -= taken
        missing -= taken
    return kept


def _check(lines: Sequence[HeldLine], supply_qty: int) -> None:
    if supply_qty < 0:
        raise CountNegative("No supply is below 0.", supply_qty=supply_qty)
    if len({line.demand.line_key for line in lines}) != len(lines):
        raise LineListedTwice("An order line is shared out once.")
    sorted_qty = sum(line.sorted_qty for line in lines)
    if sorted_qty > supply_qty:
        raise LockedExceedsAccepted(
            "More is already sorted than there is; count the goods again.",
            sorted_qty=sorted_qty,
            accepted_qty=supply_qty,
        )
