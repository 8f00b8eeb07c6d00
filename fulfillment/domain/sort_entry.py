"""What sorters type in: differences against the plan, and what they must add up to.

What came to the desk lies in slots or is left over; what does neither is
missing, and a case each says where and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fulfillment.domain.exceptions import Cause
from fulfillment.errors import CountNegative, SortEventUnknown

# Nobody knows where these pieces are: the last block is counted again.
UNEXPLAINED = frozenset({Cause.SHORT, Cause.WRONG, Cause.OVER})


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies there instead of what was planned, and why if somebody said so."""

    qty: int
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class SlotFigures:
    """One slot of a card: what it is to get, what lies there, why that is less."""

    allocated_qty: int
    sown_qty: int
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class MissingPieces:
    """Pieces that came to the desk and are gone; `slot` is None where no slot lacks them."""

    slot: int | None
    qty: int
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a card ends.

    Attributes
    ----------
    missing
        What a case must be opened for.
    found_qty
        Pieces there are more than ever came, or than cases say are gone.
    lacking
        Slot → pieces it still lacks although as many are left over.
    """

    missing: tuple[MissingPieces, ...]
    found_qty: int
    lacking: Mapping[int, int]

    @property
    def is_done(self) -> bool:
        """Whether nobody has to look again: all lies where it should or is explained."""
        return (
            not self.found_qty
            and not self.lacking
            and not any(part.cause in UNEXPLAINED for part in self.missing)
        )


def quantities_entered(
    planned: Mapping[int, int],
    seen: Mapping[int, int] | None,
    differences: Mapping[int, Difference],
) -> dict[int, int]:
    """Return what lies in each place of a block.

    Parameters
    ----------
    planned
        Place → pieces it is to get now.
    seen
        Place → pieces the sorter's page or card said; what was planned since
        is not there. None: the sorter saw what is planned now.
    differences
        Place → what the sorter typed; everything else is as he saw it.

    Raises
    ------
    SortEventUnknown
        If a difference is for a place that the block does not have.
    CountNegative
        If a typed figure is below zero.
    """
    if unknown := differences.keys() - planned.keys():
        raise SortEventUnknown("The block has no such place.", places=sorted(unknown))
    if any(difference.qty < 0 for difference in differences.values()):
        raise CountNegative("Pieces are counted from zero.")
    expected = planned if seen is None else seen
    return {
        place: differences[place].qty if place in differences else expected.get(place, 0)
        for place in planned
    }


def too_many(planned: Mapping[int, int], entered: Mapping[int, int]) -> dict[int, int]:
    """Return place → pieces that lie there and are not for it."""
    return {
        place: qty - planned.get(place, 0)
        for place, qty in entered.items()
        if qty > planned.get(place, 0)
    }


def settle(*, supply_qty: int, slots: Mapping[int, SlotFigures], left_over_qty: int) -> Settlement:
    """Compare what came to the desk with what lies in slots and what is left over.

    Parameters
    ----------
    supply_qty
        Pieces that came to the desk, less those that cases explain.
    slots
        Every slot that gets some or has some, in the order of the walk.
    left_over_qty
        What the sorter counts on the pallet at the end.

    Notes
    -----
    Missing pieces are laid to the slots that lack them, with the cause that
    was typed there, by default short; what no slot lacks was spare.
    """
    if left_over_qty < 0:
        raise CountNegative("Pieces are counted from zero.")
    gone = supply_qty - left_over_qty - sum(figures.sown_qty for figures in slots.values())
    missing: list[MissingPieces] = []
    lacking: dict[int, int] = {}
    unlaid = max(gone, 0)
    for slot, figures in slots.items():
        short = figures.allocated_qty - figures.sown_qty
        laid = min(unlaid, max(short, 0))
        if laid:
            missing.append(MissingPieces(slot, laid, figures.cause or Cause.SHORT))
            unlaid -= laid
        if short > laid:
            lacking[slot] = short - laid
    if unlaid:
        missing.append(MissingPieces(None, unlaid, Cause.SHORT))
    return Settlement(missing=tuple(missing), found_qty=max(-gone, 0), lacking=lacking)
