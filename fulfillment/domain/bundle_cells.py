"""Reads the cells of one row and keeps a record of everything that was wrong.

Two kinds of column exist. What an order, a sum or a load depends on must be
right, or the row is refused (`refused` becomes true, and every further cell is
still read so that one run names all faults of the row). What only helps people
is mended and warned about: a paid order is a fact, and a name that is too long
is no reason to lose it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from fulfillment.domain.bundle import Finding, ImportWarning
from fulfillment.domain.bundle_format import PHONE_LIMIT, SheetRow

EXCERPT_LIMIT = 40
ELLIPSIS = "…"

# Control characters, and the marks that turn the reading direction round: the
# first break databases and printouts, the second make a name read as another.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)
_PHONE = re.compile(r"[0-9+][0-9 ()\-]{4,}", re.ASCII)
_TIME_OF_DAY = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Window:
    """The opening hours of the campaign; a bare time of day belongs into them."""

    opens_at: datetime
    closes_at: datetime
    zone: ZoneInfo


@dataclass(slots=True)
class ImportLog:
    """Gathers what an import met, in the order it met it."""

    warnings: list[ImportWarning] = field(default_factory=list)

    def add(self, file: str, row: int | None, finding: Finding, **params: str | int) -> None:
        """Record one finding."""
        self.warnings.append(ImportWarning(file=file, row=row, finding=finding, params=params))


@dataclass(slots=True)
class RowCells:
    """One row being understood.

    Attributes
    ----------
    log
        Receives the findings.
    file, row
        Where the row stands.
    refused
        True once a cell made the row unusable.
    """

    log: ImportLog
    file: str
    row: SheetRow
    refused: bool = False

    def __post_init__(self) -> None:
        if self.row.surplus:
            self.refuse(Finding.CELLS_TOO_MANY)

    def refuse(self, finding: Finding, **params: str | int) -> None:
        """Record a fault that keeps the row out."""
        self.refused = True
        self.log.add(self.file, self.row.number, finding, **params)

    def warn(self, finding: Finding, **params: str | int) -> None:
        """Record something the row is kept in spite of."""
        self.log.add(self.file, self.row.number, finding, **params)

    def raw(self, column: str) -> str:
        """The cell without the blanks around it."""
        return self.row.cells[column].strip()

    def short(self, column: str) -> str:
        """The cell as a report may show it."""
        return excerpt(self.raw(column))

    def code(self, column: str, limit: int) -> str:
        """A code or number plate; refuses what is empty, too long or unprintable.

        A code is never cut or mended: a cut code could be another row's code.
        """
        value = self.raw(column)
        if not value:
            self.refuse(Finding.CODE_MISSING, column=column)
        elif len(value) > limit or _UNPRINTABLE.search(value):
            self.refuse(Finding.CODE_UNUSABLE, column=column, value=excerpt(value), limit=limit)
        return value

    def text(self, column: str, limit: int, *, fallback: str = "") -> str:
        """A text for people, cleaned and cut to `limit`; `fallback` where it is empty."""
        value = self.raw(column)
        if _UNPRINTABLE.search(value):
            value = _UNPRINTABLE.sub(" ", value).strip()
            self.warn(Finding.TEXT_CLEANED, column=column)
        if len(value) > limit:
            self.warn(Finding.TEXT_CUT, column=column, length=len(value), limit=limit)
            value = value[: limit - len(ELLIPSIS)] + ELLIPSIS
        if not value and fallback:
            self.warn(Finding.TEXT_MISSING, column=column, used=fallback)
            value = fallback
        return value

    def phone(self, column: str) -> str:
        """A phone number, or nothing: half a number would ring at a stranger's."""
        value = self.raw(column)
        if value and (len(value) > PHONE_LIMIT or not _PHONE.fullmatch(value)):
            self.warn(Finding.PHONE_LEFT_OUT, column=column, value=excerpt(value))
            return ""
        return value

    def whole(self, column: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, or the row is refused."""
        number = whole_number(self.raw(column), low, high)
        if number is None:
            self.refuse(
                Finding.NUMBER_UNUSABLE,
                column=column,
                value=self.short(column),
                low=low,
                high=high,
            )
            return low
        return number

    def whole_or(self, column: str, low: int, high: int, default: int) -> int:
        """A whole number from `low` to `high`, or `default` with a warning."""
        number = whole_number(self.raw(column), low, high)
        if number is None:
            self._replaced(column, str(default))
            return default
        return number

    def optional_whole(self, column: str, low: int, high: int) -> int | None:
        """A whole number, or ``None`` where the cell is empty or not one."""
        if not self.raw(column):
            return None
        number = whole_number(self.raw(column), low, high)
        if number is None:
            self._replaced(column, "")
        return number

    def choice(self, column: str, choices: Collection[str]) -> str:
        """One of `choices`, or the row is refused."""
        value = self.raw(column)
        if value not in choices:
            self.refuse(
                Finding.CHOICE_UNKNOWN,
                column=column,
                value=excerpt(value),
                choices=", ".join(choices),
            )
        return value

    def time_or(self, column: str, default: time) -> time:
        """A local time of day ``HH:MM``, or `default` with a warning."""
        value = time_of_day(self.raw(column))
        if value is None:
            self._replaced(column, f"{default:%H:%M}")
            return default
        return value

    def optional_time(self, column: str) -> time | None:
        """A local time of day, or ``None``; the caller judges what that means."""
        return time_of_day(self.raw(column))

    def moment(self, column: str, window: Window) -> datetime:
        """An aware moment, or the row is refused; a bare time is local to the campaign."""
        value = moment(self.raw(column), window)
        if value is None:
            self.refuse(Finding.MOMENT_UNUSABLE, column=column, value=self.short(column))
            return window.opens_at
        return value

    def _replaced(self, column: str, used: str) -> None:
        self.warn(Finding.VALUE_REPLACED, column=column, value=self.short(column), used=used)


def excerpt(value: str) -> str:
    """The beginning of a cell, short and printable enough for a report."""
    printable = _UNPRINTABLE.sub(" ", value[: EXCERPT_LIMIT + 1])
    if len(printable) <= EXCERPT_LIMIT:
        return printable
    return printable[: EXCERPT_LIMIT - len(ELLIPSIS)] + ELLIPSIS


def whole_number(text: str, low: int, high: int) -> int | None:
    """The number a text of plain digits means, or ``None`` outside `low` to `high`.

    Signs, separators, decimals and full-width digits are no whole number here:
    a file that holds them was not written by a machine, and guessing what it
    means is how quantities go wrong.
    """
    if not _WHOLE_NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if low <= number <= high else None


def time_of_day(text: str) -> time | None:
    """The local time ``HH:MM`` or ``HH:MM:SS`` means, or ``None``."""
    match = _TIME_OF_DAY.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second)


def moment(text: str, window: Window) -> datetime | None:
    """The aware moment a text means, or ``None``.

    A date and time with offset is taken as it is, one without offset is local
    to the campaign. A bare time of day falls on the opening day, or on the day
    after where only that lies inside the window.
    """
    if _MOMENT.fullmatch(text):
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
        return value if value.tzinfo is not None else value.replace(tzinfo=window.zone)
    bare = time_of_day(text)
    if bare is None:
        return None
    opening_day = window.opens_at.astimezone(window.zone).date()
    first = datetime.combine(opening_day, bare, tzinfo=window.zone)
    second = datetime.combine(opening_day + timedelta(days=1), bare, tzinfo=window.zone)
    if first < window.opens_at and second <= window.closes_at:
        return second
    return first


def campaign_text(fields: Mapping[str, object], name: str) -> str:
    """A text field of ``campaign.json``; empty where it is missing or no text."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""
