"""How lively a leader's own residents are, by the day of their last order."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# The figures beside a resident are of so many days.
FIGURES_DAYS = 30


class Liveliness(StrEnum):
    """What residents a list shows; the numbers are days without an order."""

    ALL = "all"
    ACTIVE = "active"
    QUIET_7 = "7"
    QUIET_14 = "14"
    QUIET_30 = "30"

    @property
    def quiet_days(self) -> int:
        """Days without an order that a quiet resident has at least; 0 for the others."""
        return int(self.value) if self.value.isdigit() else 0


@dataclass(frozen=True, slots=True)
class LastOrder:
    """Between which days the last order lies; None where a side is open.

    `has_never` lets in those who never ordered.
    """

    since: date | None = None
    before: date | None = None
    has_never: bool = True


def last_order_of(liveliness: Liveliness, today: date) -> LastOrder:
    """Return when residents of a kind ordered last.

    Active is an order on one of the last seven days, today among them; quiet
    for so many days is none since, or none ever.
    """
    if liveliness is Liveliness.ALL:
        return LastOrder()
    if liveliness is Liveliness.ACTIVE:
        return LastOrder(since=today - timedelta(days=6), has_never=False)
    return LastOrder(before=today - timedelta(days=liveliness.quiet_days - 1))


def liveliness_of(last_order: date | None, today: date) -> Liveliness:
    """Return the kind of one resident: active, or the longest quiet that holds."""
    if last_order is None:
        return Liveliness.QUIET_30
    days = (today - last_order).days
    for kind in (Liveliness.QUIET_30, Liveliness.QUIET_14, Liveliness.QUIET_7):
        if days >= kind.quiet_days:
            return kind
    return Liveliness.ACTIVE
