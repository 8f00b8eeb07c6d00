"""What is counted of a day: the rows the chain of `day_close` is made of.

None is a count that was not entered. It is never zero, and a sum over it is
not entered either.
"""

from dataclasses import dataclass
from enum import StrEnum

from fulfillment.domain.exceptions import Cause, Stage


class Arrival(StrEnum):
    """What is known of the goods of a stop."""

    UNKNOWN = "unknown"
    TAKEN = "taken"
    REFUSED = "refused"


class Counted(StrEnum):
    """What one missing count is of; the value names the field of its declaration."""

    CARD = "sort_task"
    TRIP = "trip"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuSupply:
    """Pieces of one SKU that came into the warehouse.

    Parameters
    ----------
    ordered
        Bought in whole packs, from suppliers that were not cancelled.
    accepted
        By the counts of the dock that stand; None before any count.
    used
        Taken from the leftovers of earlier days.
    """

    sku_id: int
    ordered: int
    accepted: int | None
    used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotCounts:
    """Pieces of one SKU for one pickup point.

    Parameters
    ----------
    need
        Sold.
    allocated
        Given to the lines that ordered this SKU.
    substituted
        Pieces of these lines that get another SKU instead.
    given
        Pieces of this SKU that lines of other SKUs get instead.
    refunded, free_short
        Pieces whose money goes back as a shortage, and short pieces that were
        free.
    sorted
        Pieces in the slot by what sorters entered.
    is_loaded
        Whether the load of the point's trip is signed for.
    arrival
        What is known from the point.
    claimed, claim_refunded
        Pieces that residents complained of, and those of them that were paid
        back.
    """

    point_id: int
    sku_id: int
    need: int
    allocated: int
    substituted: int = 0
    given: int = 0
    refunded: int = 0
    free_short: int = 0
    sorted: int | None = None
    is_loaded: bool = False
    arrival: Arrival = Arrival.UNKNOWN
    claimed: int = 0
    claim_refunded: int = 0

    @property
    def planned(self) -> int:
        """Pieces of this SKU that are to lie in the slot."""
        return self.allocated + self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """An exception, as far as it explains missing pieces; `over` explains none."""

    case_id: int
    stage: Stage
    cause: Cause
    sku_id: int | None
    point_id: int | None
    qty: int
    is_decided: bool
