"""Counting at the dock (收货): what a count may say, and how much of it we take.

Every figure is in pieces unless its name says otherwise.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from fulfillment.errors import CountNegative, CountNotPossible
from orders.domain.storage import StorageClass

# Goods of these classes should not arrive warmer (tenths of a degree Celsius).
WARMEST_DC = {StorageClass.CHILL: 80, StorageClass.FROZEN: -120}
# The share of the cases that is opened and looked at, and how many at least.
SAMPLE_PERCENT = 5
SAMPLE_MIN = 3
# A dock slot from here on belongs to the evening before the delivery.
EVENING = time(12)


class StrayOutcome(StrEnum):
    """What became of goods that nobody ordered."""

    RETURNED = "returned"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCount:
    """What somebody counted of one purchase line.

    Parameters
    ----------
    purchase_line_id
        The line of the purchase order.
    arrived_qty
        All pieces that were unloaded.
    rejected_qty
        What we do not take, whatever the reason; damaged and excess included.
    packs, loose_qty
        Full packs and pieces beside them; without packs they follow from
        `arrived_qty`.
    damaged_qty, excess_qty
        Rejected because broken, and because nobody ordered so many.
    reject_note
        Why, in the receiver's words.
    weight_g, temperature_dc
        Net grams and tenths of a degree Celsius, where they were measured.
    photo
        The bytes as uploaded.
    batch_no, origin, certificate_no, expires_on
        The batch; empty texts where the goods say nothing.
    is_new_arrival
        The goods came on another truck than the last ones of this order.
    takes_unconfirmed
        The buyer takes what was ordered even where the supplier had confirmed
        less, or the line had been given up.
    """

    purchase_line_id: int
    arrived_qty: int
    rejected_qty: int = 0
    packs: int | None = None
    loose_qty: int = 0
    damaged_qty: int = 0
    excess_qty: int = 0
    reject_note: str = ""
    weight_g: int | None = None
    temperature_dc: int | None = None
    photo: bytes | None = None
    batch_no: str = ""
    origin: str = ""
    certificate_no: str = ""
    expires_on: date | None = None
    is_new_arrival: bool = False
    takes_unconfirmed: bool = False

    @property
    def quality_qty(self) -> int:
        """Pieces rejected for what they are: neither broken nor too many."""
        return self.rejected_qty - self.damaged_qty - self.excess_qty


def in_packs(count: LineCount, *, pack_factor: int) -> LineCount:
    """Return the count with its packs, checked against itself.

    Raises
    ------
    CountNegative
        If a figure is below zero.
    CountNotPossible
        If packs and loose pieces are not what arrived, if more is rejected
        than arrived, or more is damaged and too many than is rejected.
    """
    if count.packs is None:
        packs, loose_qty = divmod(max(count.arrived_qty, 0), pack_factor)
        count = replace(count, packs=packs, loose_qty=loose_qty)
    figures = (
        count.packs or 0,
        count.loose_qty,
        count.arrived_qty,
        count.rejected_qty,
        count.damaged_qty,
        count.excess_qty,
        count.weight_g or 0,
    )
    if min(figures) < 0:
        raise CountNegative("A count cannot be below zero.", figures=figures)
    if count.arrived_qty != (count.packs or 0) * pack_factor + count.loose_qty:
        raise CountNotPossible(
            "Full packs and loose pieces do not add up to what arrived.",
            arrived=count.arrived_qty,
            counted=(count.packs or 0) * pack_factor + count.loose_qty,
        )
    if count.rejected_qty > count.arrived_qty:
        raise CountNotPossible(
            "No more can be rejected than arrived.",
            arrived=count.arrived_qty,
            rejected=count.rejected_qty,
        )
    if count.quality_qty < 0:
        raise CountNotPossible(
            "Damaged and surplus pieces are rejected pieces.",
            rejected=count.rejected_qty,
            damaged=count.damaged_qty,
            excess=count.excess_qty,
        )
    return count


def expected_pieces(*, ordered_qty: int, confirmed_qty: int | None, is_ended: bool) -> int:
    """Return what a supplier should bring on a line.

    What it confirmed, or what was ordered while it has said nothing; nothing
    of a line that was given up or moved to somebody else.
    """
    if is_ended:
        return 0
    return ordered_qty if confirmed_qty is None else confirmed_qty


def without_excess(count: LineCount, *, open_qty: int) -> LineCount:
    """Return the count with every good piece beyond the open ones rejected as too many.

    Parameters
    ----------
    count
        A count that adds up.
    open_qty
        Pieces of the line that may still be accepted, 0 or more.
    """
    beyond = count.arrived_qty - count.rejected_qty - open_qty
    if beyond <= 0:
        return count
    return replace(
        count,
        rejected_qty=count.rejected_qty + beyond,
        excess_qty=count.excess_qty + beyond,
    )


def own_batch_no(receipt_no: str, sku_code: str) -> str:
    """The number of a batch whose goods carry none: the arrival and the SKU."""
    return f"{receipt_no}-{sku_code}"


def needs_temperature(storage: StorageClass) -> bool:
    """Whether goods of this class are measured when they arrive."""
    return storage in WARMEST_DC


def is_too_warm(storage: StorageClass, temperature_dc: int) -> bool:
    """Whether goods arrived warmer than they should: a caution, the receiver decides."""
    return storage in WARMEST_DC and temperature_dc > WARMEST_DC[storage]


def sample_cases(packs: int) -> int:
    """How many of these full packs to open and look at: 5 %, at least three."""
    share = -(-packs * SAMPLE_PERCENT // 100)
    return min(packs, max(share, SAMPLE_MIN))


def dock_moment(slot: time | None, *, delivery_date: date, zone: tzinfo) -> datetime | None:
    """When a supplier is due at the dock; slots of an evening belong to the day before."""
    if slot is None:
        return None
    day = delivery_date - timedelta(days=1) if slot >= EVENING else delivery_date
    return datetime.combine(day, slot, tzinfo=zone)
