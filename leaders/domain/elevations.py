"""Which rights may be borrowed, by whom, and for how long.

An administrator makes log-ins and sees neither orders nor money nor residents.
When something burns at night, they may take the place of whoever is not there,
for minutes and with a written reason; the alternative would be a second log-in
in a drawer that nobody sees being used.

Not everything can be borrowed. FINANCE is not: payouts and refunds above the
limit need two people, and whoever can make log-ins must never be one of them.
COMPLIANCE is not: it reads what administrators did, and nobody sits in their
own audit. LEADER, HELPER and DRIVER are not, because these roles mean nothing
without the person behind the log-in: a pickup point, a leader, a trip.
A superuser may do everything already and needs to borrow nothing. Nobody else
borrows at all: one person with two jobs has two log-ins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

MAY_BORROW: Mapping[str, tuple[str, ...]] = {
    "administrator": (
        "warehouse",
        "receiver",
        "sorter",
        "dispatcher",
        "buyer",
        "recruiter",
        "service",
    ),
}
# Who reads the list of everything that was borrowed.
WATCHERS = ("administrator", "compliance")
MINUTES = (15, 30, 60)
REASON_MIN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrowed:
    """Rights in force: `role` on top of one's own until `ends_at`."""

    elevation_id: int
    role: str
    ends_at: datetime


def minutes_offered(most: int) -> tuple[int, ...]:
    """The lengths to choose from; the shortest stays, however little is allowed."""
    return tuple(minutes for minutes in MINUTES if minutes <= most) or MINUTES[:1]
