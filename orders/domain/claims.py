"""What a resident may claim (售后): how much of a line, for how much, and how fast we look."""

from dataclasses import dataclass
from datetime import date, timedelta

from orders.claim_errors import (
    ClaimAmountOutOfRange,
    ClaimExceedsLine,
    ClaimInvalid,
    ClaimPhotosOutOfRange,
)
from orders.domain.refunds import shortage_refund_fen
from orders.errors import QuantityNotPositive

KINDS = ("spoiled", "damaged", "missing", "wrong_item", "other")
# What is not there cannot be photographed.
WITHOUT_PHOTO = "missing"
PHOTOS_MAX = 6
DESCRIPTION_LENGTH = 500
REQUEST_KEY_LENGTH = 64
# The rules promise 24 hours; who picks up in the evening still has them.
FAST_LANE_DAYS = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRequest:
    """One complaint about one line of an order, as it is filed.

    Parameters
    ----------
    order_no, line_no
        The line it is about.
    kind
        One of `KINDS`.
    qty
        How many pieces were wrong, 1 or more.
    description
        In the resident's own words; may be empty.
    photos
        The files as they came; 1 to `PHOTOS_MAX`, none needed for missing goods.
    request_key
        Made by the client: the same key files one claim, however often it is sent.

    Raises
    ------
    ClaimInvalid, QuantityNotPositive, ClaimPhotosOutOfRange
        If it cannot be a claim.
    """

    order_no: str
    line_no: int
    kind: str
    qty: int
    description: str
    photos: tuple[bytes, ...]
    request_key: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ClaimInvalid("Say what is wrong with the goods.", field="kind")
        if len(self.description) > DESCRIPTION_LENGTH:
            raise ClaimInvalid("This is too long.", field="description", length=DESCRIPTION_LENGTH)
        if not 0 < len(self.request_key) <= REQUEST_KEY_LENGTH:
            raise ClaimInvalid("A request needs a key of 1 to 64 characters.", field="request_key")
        if self.qty < 1:
            raise QuantityNotPositive("A claim is about at least one piece.", qty=self.qty)
        fewest = 0 if self.kind == WITHOUT_PHOTO else 1
        if not fewest <= len(self.photos) <= PHOTOS_MAX:
            raise ClaimPhotosOutOfRange("Please add 1 to 6 photos.", photos=len(self.photos))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimableLine:
    """What can still be claimed of a paid line.

    Parameters
    ----------
    qty, amount_fen
        Pieces ordered and what was paid for them.
    short_qty
        Pieces that did not come and are paid back already.
    claimed_qty
        Pieces of claims that were not rejected.
    light_fen
        What went back because the pieces that came weigh less than sold.
    """

    qty: int
    amount_fen: int
    short_qty: int = 0
    claimed_qty: int = 0
    light_fen: int = 0

    @property
    def left_qty(self) -> int:
        """Return how many pieces can still be claimed, 0 or more."""
        return max(0, self.qty - self.short_qty - self.claimed_qty)

    def asked_fen(self, qty: int) -> int:
        """Return what is asked for `qty` pieces: their share of what was paid and kept.

        Raises `ClaimExceedsLine` for more pieces than are left to claim.
        """
        if qty > self.left_qty:
            raise ClaimExceedsLine(
                "That is more than came and was not claimed yet.", left_qty=self.left_qty
            )
        paid_fen = shortage_refund_fen(self.amount_fen, self.qty, qty)
        came_qty = self.qty - self.short_qty
        return max(0, paid_fen - -(-self.light_fen * qty // came_qty))


def granted_fen(asked_fen: int, refund_fen: int) -> int:
    """Return the refund of an approved claim.

    Raises `ClaimAmountOutOfRange` unless it is at least one fen and at most
    what was asked; goods that cost nothing give nothing back.
    """
    if not min(1, asked_fen) <= refund_fen <= asked_fen:
        raise ClaimAmountOutOfRange(
            "An approved claim pays back at least 0.01 yuan and at most what was asked.",
            asked_fen=asked_fen,
        )
    return refund_fen


def is_fast_lane(filed_on: date, delivery_date: date) -> bool:
    """Say whether a claim came within 24 hours of the delivery day.

    It is a promise of ours to be quick, not a limit: later claims are looked
    at, too, and never refused by a machine.
    """
    return filed_on <= delivery_date + FAST_LANE_DAYS


def has_arrived(today: date, delivery_date: date) -> bool:
    """Say whether goods can be in the resident's hands at all."""
    return today >= delivery_date
