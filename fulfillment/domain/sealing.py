"""Sealing: the totes really packed replace the estimate, and get their numbers.

The estimate gave a drop rows of totes. Whoever seals the drop counts what was
packed per storage class; the plan made here says which rows are sealed, which
are given back and which are missing. Numbers on labels, k of n, come from the
rows that were sealed and from nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fulfillment.domain.lifecycle import ToteState
from fulfillment.errors import CountNegative, SealNotPossible
from orders.domain.storage import StorageClass

# More of one class than fits on the floor of a slot: a slip of the finger.
TOTES_MAX = 99
# Labels are numbered through the classes in this order.
CLASS_RANK = {StorageClass.AMBIENT: 0, StorageClass.CHILL: 1, StorageClass.FROZEN: 2}
# Which rows are used first: what is sealed stays sealed, then the estimate.
_PREFERENCE = {ToteState.SEALED: 0, ToteState.ASSIGNED: 1, ToteState.FREE: 2}
_USABLE = frozenset(_PREFERENCE)
_UNDER_WAY = frozenset({ToteState.LOADED, ToteState.DELIVERED, ToteState.EMPTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToteRow:
    """One tote of a drop as it stands; `seq` numbers the totes of its class."""

    key: int
    storage: StorageClass
    seq: int
    state: ToteState


@dataclass(frozen=True, slots=True, kw_only=True)
class SealPlan:
    """What sealing changes.

    Attributes
    ----------
    seal
        Keys of the rows to be sealed that are not, in order of class and number.
    release
        Keys of the rows to be given back, sealed ones among them.
    add
        Class and number of totes that no row stands for yet.
    """

    seal: tuple[int, ...]
    release: tuple[int, ...]
    add: tuple[tuple[StorageClass, int], ...]

    @property
    def is_empty(self) -> bool:
        """True if the drop is sealed with exactly these figures already."""
        return not (self.seal or self.release or self.add)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotePosition:
    """Which tote of how many of its drop: `k` of `n`, from 1."""

    k: int
    n: int


def plan_seal(rows: Iterable[ToteRow], packed: Mapping[StorageClass, int]) -> SealPlan:
    """Return what turns the rows of a drop into the totes that were packed.

    Parameters
    ----------
    rows
        All totes of the drop. Lost ones are left where they are.
    packed
        Totes per class; a class left out has none.

    Returns
    -------
    SealPlan
        After it, exactly `packed` rows are sealed and none is assigned.
        Nothing to do for figures that are sealed already.

    Raises
    ------
    CountNegative
        If a figure is below 0.
    SealNotPossible
        If a figure is above `TOTES_MAX`, or a tote has left the slot already.
    """
    if min(packed.values(), default=0) < 0:
        raise CountNegative("A drop has no fewer than 0 totes.")
    if max(packed.values(), default=0) > TOTES_MAX:
        raise SealNotPossible("So many totes do not fit into a slot.", most=TOTES_MAX)
    seal, release, add = [], [], []
    known = sorted(rows, key=_order)
    if any(row.state in _UNDER_WAY for row in known):
        raise SealNotPossible("Totes of this slot are on the vehicle; take them off first.")
    for storage in CLASS_RANK:
        of_class = [row for row in known if row.storage is storage]
        usable = [row for row in of_class if row.state in _USABLE]
        usable.sort(key=lambda row: (_PREFERENCE[row.state], row.seq))
        wanted = packed.get(storage, 0)
        seal += [row for row in usable[:wanted] if row.state is not ToteState.SEALED]
        release += [row for row in usable[wanted:] if row.state is not ToteState.FREE]
        last = max((row.seq for row in of_class), default=0)
        missing = max(0, wanted - len(usable))
        add += [(storage, last + number) for number in range(1, missing + 1)]
    return SealPlan(
        seal=tuple(row.key for row in sorted(seal, key=_order)),
        release=tuple(row.key for row in sorted(release, key=_order)),
        add=tuple(add),
    )


def number_totes(sealed: Iterable[ToteRow]) -> dict[int, TotePosition]:
    """Return k of n of a drop's sealed totes, numbered through the classes."""
    rows = sorted(sealed, key=_order)
    return {
        row.key: TotePosition(k=number, n=len(rows)) for number, row in enumerate(rows, start=1)
    }


def _order(row: ToteRow) -> tuple[int, int]:
    return CLASS_RANK[row.storage], row.seq
