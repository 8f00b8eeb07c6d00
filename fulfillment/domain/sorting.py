"""Sorting: which way, in what order, and to which slot.

A slot code such as `3-07` is route 3, stop 7: sort address, floor position,
tote label and load key at once. It stays even when the route plan changes
after printing.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fulfillment.errors import CountNegative, SlotCodeUnreadable
from orders.domain.storage import StorageClass

# Below 15 leaders walking the slot lane once per SKU costs more than picking.
PUT_MIN_LEADERS = 15
# A SKU that fewer slots want than this share is fetched for them from its bin.
PUT_MIN_SHARE_PERCENT = 30
# Above it one sorter would walk too far: goods go to the routes first, then
# each route's team spreads them over its own slots.
ONE_STAGE_MAX_SLOTS = 60

SLOT_TEXT = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")
DIGIT_RUN = re.compile(r"([0-9]+)")

NaturalKey = tuple[tuple[int, int, str], ...]


class SortMethod(StrEnum):
    """The two sorts: 播种 by SKU into slots, or 摘果 by leader."""

    PUT_TO_LEADER = "put_to_leader"
    PICK_BY_LEADER = "pick_by_leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How one SKU is spread over a wave.

    Parameters
    ----------
    slots_total, slots_wanting
        Slots of the wave, and those that get some of the SKU.
    storage
        Its temperature class.
    has_bin
        It lies in a bin of the warehouse; goods without one cross the dock.
    is_weighed
        Portions come labelled from the weigh station.
    """

    slots_total: int
    slots_wanting: int
    storage: StorageClass
    has_bin: bool = False
    is_weighed: bool = False


def choose_sort_method(spread: Spread) -> SortMethod:
    """Choose how one SKU is sorted.

    Weighed goods are put to leaders: each portion's label says to whom.
    Otherwise freezer goods are picked by leader, so that they leave the
    freezer once, last; so is everything in waves under 15 leaders, and what
    fewer than 30 % of the slots want from a bin. The rest is put to leaders,
    above all what crosses the dock on a pallet.
    """
    if spread.is_weighed:
        return SortMethod.PUT_TO_LEADER
    if spread.storage is StorageClass.FROZEN or spread.slots_total < PUT_MIN_LEADERS:
        return SortMethod.PICK_BY_LEADER
    is_wanted_by_few = spread.slots_wanting * 100 < spread.slots_total * PUT_MIN_SHARE_PERCENT
    if spread.has_bin and is_wanted_by_few:
        return SortMethod.PICK_BY_LEADER
    return SortMethod.PUT_TO_LEADER


def is_two_stage(slots_total: int) -> bool:
    """Whether a wave of so many slots is sorted to the routes before the slots."""
    return slots_total > ONE_STAGE_MAX_SLOTS


def straight_cases(qty: int, pack_factor: int) -> int:
    """Return how many unopened cases of one slot's pieces go straight to its lane.

    Goods packed singly have no case to leave closed.
    """
    return qty // pack_factor if pack_factor > 1 else 0


def full_cases(qty: int, pack_factor: int) -> str:
    """Return how to take a quantity from full packs: 86 in packs of 20 is '4×20 + 6'.

    Nothing where there is no full pack, and for goods packed singly.

    Raises
    ------
    CountNegative
        If the quantity is negative or a pack holds nothing.
    """
    if qty < 0 or pack_factor < 1:
        raise CountNegative("Cases need a quantity of 0 or more and a pack of 1 or more.")
    packs, loose = divmod(qty, pack_factor)
    if pack_factor == 1 or not packs:
        return ""
    return f"{packs}×{pack_factor}" + (f" + {loose}" if loose else "")


def natural_key(text: str) -> NaturalKey:
    """Return a sort key by which '10栋' follows '9栋' and '3-1101' is numeric.

    Full-width characters count as their plain forms, digits compare as
    numbers of any length, and a number comes before a word.
    """
    key = []
    for part in DIGIT_RUN.split(unicodedata.normalize("NFKC", text).strip()):
        if part[:1].isdigit() and part.isascii():
            digits = part.lstrip("0")
            key.append((0, len(digits), digits))
        elif part:
            key.append((1, 0, part.casefold()))
    return tuple(key)


@dataclass(frozen=True, slots=True, order=True)
class SlotCode:
    """A slot: route and stop, both from 1; ordered by route, then stop.

    Raises
    ------
    SlotCodeUnreadable
        If a number is below 1.
    """

    route_no: int
    stop_seq: int

    def __post_init__(self) -> None:
        if self.route_no < 1 or self.stop_seq < 1:
            raise SlotCodeUnreadable(
                "Routes and stops count from 1.", route_no=self.route_no, stop_seq=self.stop_seq
            )

    def __str__(self) -> str:
        return f"{self.route_no}-{self.stop_seq:02d}"


def parse_slot(text: str) -> SlotCode:
    """Return the slot written as '3-07' or '3-7'.

    Raises
    ------
    SlotCodeUnreadable
        If the text is anything else.
    """
    match = SLOT_TEXT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise SlotCodeUnreadable("Write a slot as route-stop, such as 3-07.", text=text[:20])
    return SlotCode(int(match[1]), int(match[2]))


def serpentine(slots: Iterable[SlotCode]) -> list[SlotCode]:
    """Return slots in the order a sorter walks them.

    Each route is a lane. Odd lanes are walked from the first stop to the
    last, even lanes back from the last to the first, so nobody crosses the
    floor empty-handed. A lane's direction is its own: leaving slots out never
    turns the walk around.
    """
    return sorted(
        slots,
        key=lambda slot: (
            slot.route_no,
            slot.stop_seq if slot.route_no % 2 else -slot.stop_seq,
        ),
    )


def load_rank(stop_seq: int) -> int:
    """Return the key that puts stops into load order: the last stop goes in first."""
    return -stop_seq
