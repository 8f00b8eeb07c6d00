"""Handing out at the pickup point (核销): who may fetch, what a phone reports, who was first.

Two phones may hand out at one point, both perhaps without a network, so two
reports for one order can meet days later. The first that reaches us stands;
the other is told when and by whom it was handed out. It cannot be the phones'
clocks that decide: a clock that is wrong would beat one that is right, and a
leader would see a hand-out in the books change its owner.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

# Goods that keep wait for this many days from their delivery on; goods that
# do not until this hour of the delivery day.
OPEN_DAYS = 3
PERISHABLE_UNTIL = time(21, 0)
# Nobody is reminded early or late, nor more often than this.
REMINDERS_FROM, REMINDERS_UNTIL = time(8, 0), time(21, 0)
REMINDERS_A_DAY = 2
# Who has not come by then is reminded by itself.
REMIND_AT = time(19, 0)
# So many reminders have to reach a resident before goods spoil at their cost.
REMINDERS_BEFORE_DISPOSAL = 2
CLOCK_AHEAD = timedelta(minutes=5)
_NUMBER_MAX = 6
_CODE = re.compile(rf"([0-9]{{1,{_NUMBER_MAX}}})[\s\-]+([0-9]{{4}})")
_DIGITS = re.compile(rf"[0-9]{{1,{_NUMBER_MAX + 4}}}")


class ReportKind(StrEnum):
    """What a phone says of an order: its goods were fetched, or that was a mistake."""

    FETCH = "fetch"
    UNDO = "undo"


class Outcome(StrEnum):
    """What became of a report.

    `already`: somebody else handed it out before. `undone`: a hand-out that
    was taken back, by this report or since.
    """

    RECORDED = "recorded"
    ALREADY = "already"
    UNDONE = "undone"
    REFUSED = "refused"


class Hindrance(StrEnum):
    """Why an order's goods cannot be handed out."""

    ELSEWHERE = "elsewhere"
    NOT_SOLD = "not_sold"
    NOT_SHARED_OUT = "not_shared_out"
    TOO_EARLY = "too_early"
    NO_GOODS = "no_goods"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupReport:
    """One report of a phone, under an id it made.

    `undoes` is the report that an undo takes back; `method` is how the leader
    knew whose goods they are and means nothing for an undo.
    """

    event_id: UUID
    kind: ReportKind
    order_id: int
    device_at: datetime
    method: str = ""
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetchable:
    """What has to be known of an order before its goods go out.

    `pieces` is None until the goods are shared out; substitutes count.
    """

    is_ours: bool
    is_sold: bool
    delivery_date: date
    pieces: int | None
    is_disposed: bool = False


def hindrance(order: Fetchable, today: date) -> Hindrance | None:
    """Return why an order cannot be handed out on a day, or None.

    An order of another point is told nothing else about.
    """
    checks = (
        (Hindrance.ELSEWHERE, not order.is_ours),
        (Hindrance.NOT_SOLD, not order.is_sold),
        (Hindrance.TOO_EARLY, today < order.delivery_date),
        (Hindrance.NOT_SHARED_OUT, order.pieces is None),
        (Hindrance.NO_GOODS, not order.pieces),
        (Hindrance.DISPOSED, order.is_disposed),
    )
    return next((why for why, is_so in checks if is_so), None)


def fetched_at(device_at: datetime, *, received_at: datetime, day_begins: datetime) -> datetime:
    """Return the phone's time where it can be true, else when we heard of it.

    It cannot lie before the delivery day nor after the report reached us.
    """
    if device_at > received_at + CLOCK_AHEAD or device_at < day_begins:
        return received_at
    return min(device_at, received_at)


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """One way to read what was typed: a pickup number, the end of a phone number, or both."""

    number: int | None
    last4: str | None

    def fits(self, pickup_no: int | None, last4: str) -> bool:
        """Whether an order is meant."""
        return self.number in (None, pickup_no) and self.last4 in (None, last4)


def codes_meant(text: str) -> tuple[CodeAsked, ...]:
    """Return every way to read what was typed or scanned as a pickup code, likeliest first.

    '07-8821', '7 8821' and '078821' are number 7 with 8821 and may stand in
    wide characters; '7' is the number alone, '8821' the end of a phone or a
    number. A text with letters is no code: it names a person or a door.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[‐-―−－_.·/]", "-", plain).strip(" -")
    parted = _CODE.fullmatch(plain)
    if parted:
        return (CodeAsked(int(parted[1]), parted[2]),)
    digits = re.sub(r"[\s\-]+", "", plain)
    if not _DIGITS.fullmatch(digits):
        return ()
    read: list[CodeAsked] = []
    if len(digits) > 4:
        read.append(CodeAsked(int(digits[:-4]), digits[-4:]))
    if len(digits) == 4:
        read.append(CodeAsked(None, digits))
    if len(digits) <= _NUMBER_MAX:
        read.append(CodeAsked(int(digits), None))
    return tuple(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An order on the list as the search sees it; `door` is building and room together."""

    order_id: int
    pickup_no: int | None
    last4: str
    name: str
    door: str


def found(text: str, orders: Iterable[Waiting]) -> tuple[int, ...]:
    """Return the keys of the orders that a code, a name or a door means, in the list's order.

    The likeliest reading of a code that means anything decides; else it is
    looked for in doors and names, blanks and case aside.
    """
    listed = tuple(orders)
    for code in codes_meant(text):
        hits = tuple(row.order_id for row in listed if code.fits(row.pickup_no, row.last4))
        if hits:
            return hits
    wanted = _squeezed(text)
    if not wanted:
        return tuple(row.order_id for row in listed)
    return tuple(row.order_id for row in listed if wanted in _squeezed(f"{row.door}{row.name}"))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", text)).casefold()


def is_time_to_remind(local: datetime) -> bool:
    """Whether a resident may be written to at this time of day."""
    return REMINDERS_FROM <= local.time() < REMINDERS_UNTIL


def disposable_from(delivery_date: date, *, is_perishable: bool) -> datetime:
    """Return from when on nobody needs to wait for a resident any more, by the local clock."""
    if is_perishable:
        return datetime.combine(delivery_date, PERISHABLE_UNTIL)
    return datetime.combine(delivery_date + timedelta(days=OPEN_DAYS), PERISHABLE_UNTIL)
