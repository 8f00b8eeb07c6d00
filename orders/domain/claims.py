"""What a resident may claim (售后): how much of a line, and for how much."""

from dataclasses import dataclass
from datetime import date

from leaders.domain.promises import ensure
from orders.claim_errors import (
    ClaimAmountOutOfRange,
    ClaimExceedsLine,
    ClaimInvalid,
    ClaimPhotosOutOfRange,
)
from orders.domain.refunds import shortage_refund_fen
from orders.errors import QuantityNotPositive

KINDS = ("spoiled", "damaged", "missing", "wrong_item", "light_weight", "other")
# What is not there cannot be photographed, and is not there as a whole.
WITHOUT_PHOTO = "missing"
LIGHT_WEIGHT = "light_weight"
PHOTOS_MAX = 6
DESCRIPTION_LENGTH = 500
REQUEST_KEY_LENGTH = 64
WHOLE_BP = 10_000
# How much of the pieces is bad, as people can tell it by eye.
DEFECT_SHARES_BP = (1_000, 3_000, 5_000, WHOLE_BP)


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
    defect_bp
        How much of these pieces is bad, one of `DEFECT_SHARES_BP`; what is
        missing or weighs less is told as a whole.
    weighed_g
        What the pieces weigh, all together, if they weigh less than sold;
        None for everything else.

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
    defect_bp: int = WHOLE_BP
    weighed_g: int | None = None

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
        self._require_extent()

    def _require_extent(self) -> None:
        is_whole = self.kind in (WITHOUT_PHOTO, LIGHT_WEIGHT)
        if self.defect_bp not in ((WHOLE_BP,) if is_whole else DEFECT_SHARES_BP):
            raise ClaimInvalid("Say how much of the pieces is bad.", field="defect_bp")
        if (self.weighed_g is not None) != (self.kind == LIGHT_WEIGHT):
            raise ClaimInvalid("Say what the pieces weigh.", field="weighed_g")
        if self.weighed_g is not None and self.weighed_g < 0:
            raise ClaimInvalid("Say what the pieces weigh.", field="weighed_g")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one claim asks for: fen, and the share of its pieces they stand for."""

    fen: int
    defect_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimableLine:
    """What can still be claimed of a paid line.

    A piece may be bad in two ways, so a line may be claimed again; all its
    claims together ask for no more than what was paid and kept for what came.

    Parameters
    ----------
    qty, amount_fen
        Pieces ordered and what was paid for them.
    short_qty
        Pieces that did not come and are paid back already.
    claimed_bp, claimed_fen
        Of claims that were not rejected: pieces times their defective share,
        summed, and what they asked for.
    light_fen
        What went back because the pieces that came weigh less than sold.
    """

    qty: int
    amount_fen: int
    short_qty: int = 0
    claimed_bp: int = 0
    claimed_fen: int = 0
    light_fen: int = 0

    @property
    def came_qty(self) -> int:
        """Return how many pieces came."""
        return max(0, self.qty - self.short_qty)

    @property
    def left_qty(self) -> int:
        """Return of how many pieces something can still be claimed, 0 or more."""
        left_bp = self.came_qty * WHOLE_BP - self.claimed_bp
        return max(0, -(-left_bp // WHOLE_BP))

    @property
    def kept_fen(self) -> int:
        """Return what was paid for the pieces that came and did not go back for weight."""
        short_fen = shortage_refund_fen(self.amount_fen, self.qty, min(self.short_qty, self.qty))
        return max(0, self.amount_fen - short_fen - self.light_fen)

    @property
    def left_fen(self) -> int:
        """Return what can still be asked for, 0 or more."""
        return max(0, self.kept_fen - self.claimed_fen)

    def asked(self, qty: int, defect_bp: int) -> Asked:
        """Return what is asked for `qty` pieces of which so much is bad.

        Their share of what was paid and kept, times the defect, rounded down
        once. Raises `ClaimExceedsLine` for more pieces than are left to claim.
        """
        self._require_left(qty)
        fen = self.kept_fen * qty * defect_bp // (self.came_qty * WHOLE_BP)
        return self._within(Asked(fen=fen, defect_bp=defect_bp))

    def asked_by_weight(self, qty: int, *, promised_g: int, weighed_g: int) -> Asked:
        """Return what is asked for `qty` pieces that weigh less than they were sold as.

        What was paid for them × (promised − weighed) ÷ promised, rounded down
        once, less what the weigh station has paid back of it.

        Parameters
        ----------
        promised_g, weighed_g
            What these pieces were sold as and what they weigh, all together.

        Raises
        ------
        ClaimInvalid
            If they weigh what was promised, or more: that is never charged.
        ClaimExceedsLine
            For more pieces than are left to claim.
        """
        self._require_left(qty)
        missing_g = promised_g - weighed_g
        if missing_g <= 0:
            raise ClaimInvalid(
                "They weigh what they were sold as.", field="weighed_g", promised_g=promised_g
            )
        paid_fen = self.kept_fen + self.light_fen
        due_fen = paid_fen * qty * missing_g // (self.came_qty * promised_g)
        paid_back_fen = -(-self.light_fen * qty // self.came_qty)
        defect_bp = max(1, missing_g * WHOLE_BP // promised_g)
        return self._within(Asked(fen=max(0, due_fen - paid_back_fen), defect_bp=defect_bp))

    def _require_left(self, qty: int) -> None:
        if qty > self.left_qty:
            raise ClaimExceedsLine(
                "That is more than came and was not claimed yet.", left_qty=self.left_qty
            )

    def _within(self, asked: Asked) -> Asked:
        fen = min(asked.fen, self.left_fen)
        ensure(0 <= fen <= self.amount_fen, "a claim asks for a part of what was paid")
        return Asked(fen=fen, defect_bp=asked.defect_bp)


def is_within_tolerance(promised_g: int, weighed_g: int, tolerance_bp: int) -> bool:
    """Say whether goods are so little lighter than sold that the rules owe nothing for it."""
    return (promised_g - weighed_g) * WHOLE_BP <= promised_g * tolerance_bp


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


def has_arrived(today: date, delivery_date: date) -> bool:
    """Say whether goods can be in the resident's hands at all."""
    return today >= delivery_date
