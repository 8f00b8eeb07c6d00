"""The days a report shows, and the days before that it is compared with."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_MOST = 366


@dataclass(frozen=True, slots=True)
class Days:
    """Delivery dates from the first to the last, both included."""

    from_on: date
    until_on: date

    @property
    def count(self) -> int:
        """How many days there are; at least 1."""
        return (self.until_on - self.from_on).days + 1

    @property
    def before(self) -> "Days":
        """As many days just before."""
        return last_days(self.from_on - timedelta(days=1), self.count)


def last_days(until_on: date, count: int) -> Days:
    """Return so many days up to a last one."""
    return Days(until_on - timedelta(days=count - 1), until_on)
