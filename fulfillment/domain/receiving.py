"""What arrived at the dock, against what was ordered and what is needed.

A count that was not entered is None and never 0: an untouched row must not
read as "nothing came", nor as "all came".
"""

from dataclasses import dataclass
from enum import StrEnum

from fulfillment.errors import CountNegative, ReceiptDoesNotAddUp


class ReceiptFlag(StrEnum):
    """What a receiver or buyer must notice about a counted line."""

    NOT_ENTERED = "not_entered"
    SHORT = "short"
    OVER = "over"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """The count of one SKU of one purchase order.

    Parameters
    ----------
    sku_code
        The SKU.
    ordered_qty, need_qty
        Pieces ordered in whole packs, and pieces residents paid for.
    arrived_qty, accepted_qty, rejected_qty
        Pieces counted; all three, or all None while nobody has counted.

    Raises
    ------
    CountNegative
        If a count is below 0.
    ReceiptDoesNotAddUp
        If arrived is not accepted + rejected, or only some are entered.
    """

    sku_code: str
    ordered_qty: int
    need_qty: int
    arrived_qty: int | None = None
    accepted_qty: int | None = None
    rejected_qty: int | None = None

    def __post_init__(self) -> None:
        counts = (self.arrived_qty, self.accepted_qty, self.rejected_qty)
        entered = [count for count in counts if count is not None]
        if any(count < 0 for count in (*entered, self.ordered_qty, self.need_qty)):
            raise CountNegative("No count is below 0.", sku_code=self.sku_code)
        if not entered:
            return
        if len(entered) < len(counts) or entered[0] != entered[1] + entered[2]:
            raise ReceiptDoesNotAddUp(
                "Arrived must equal accepted plus rejected.",
                sku_code=self.sku_code,
                arrived_qty=self.arrived_qty,
                accepted_qty=self.accepted_qty,
                rejected_qty=self.rejected_qty,
            )

    @property
    def is_entered(self) -> bool:
        """Somebody counted this line."""
        return self.accepted_qty is not None

    @property
    def short_qty(self) -> int:
        """Pieces residents paid for that were not accepted; 0 while not entered."""
        return 0 if self.accepted_qty is None else max(0, self.need_qty - self.accepted_qty)

    @property
    def over_qty(self) -> int:
        """Pieces that arrived beyond what was ordered; 0 while not entered."""
        return 0 if self.arrived_qty is None else max(0, self.arrived_qty - self.ordered_qty)

    @property
    def spare_qty(self) -> int:
        """Accepted pieces nobody paid for: pack surplus and over-delivery."""
        return 0 if self.accepted_qty is None else max(0, self.accepted_qty - self.need_qty)

    @property
    def flags(self) -> tuple[ReceiptFlag, ...]:
        """All flags that hold, in the order of `ReceiptFlag`."""
        holds = {
            ReceiptFlag.NOT_ENTERED: not self.is_entered,
            ReceiptFlag.SHORT: self.short_qty > 0,
            ReceiptFlag.OVER: self.over_qty > 0,
            ReceiptFlag.REJECTED: bool(self.rejected_qty),
        }
        return tuple(flag for flag in ReceiptFlag if holds[flag])

    @property
    def difference_text(self) -> str:
        """Accepted against need as printed: '-6', '+4', '0', '' if not entered."""
        if self.accepted_qty is None:
            return ""
        difference = self.accepted_qty - self.need_qty
        return f"{difference:+d}" if difference else "0"


def counted(
    *, sku_code: str, ordered_qty: int, need_qty: int, arrived_qty: int, rejected_qty: int
) -> ReceiptLine:
    """Return the line of a fresh count; accepted is what is left of arrived.

    Raises
    ------
    CountNegative
        If more was rejected than arrived, or a count is below 0.
    """
    return ReceiptLine(
        sku_code=sku_code,
        ordered_qty=ordered_qty,
        need_qty=need_qty,
        arrived_qty=arrived_qty,
        accepted_qty=arrived_qty - rejected_qty,
        rejected_qty=rejected_qty,
    )
