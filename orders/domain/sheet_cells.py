"""What a cell of a spreadsheet says: a text, a number, an amount, a day, a clock, yes or no.

Spreadsheets turn codes into numbers, whole numbers into broken ones and days
into moments; here each comes back as what was meant, exactly, or is refused in
the words of whoever typed it. Amounts never pass through arithmetic of floats.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from orders.domain.inert_cells import SHIELD, inert_text
from orders.domain.money import FEN_PER_YUAN
from orders.errors import CellRefused

# The largest number that a column of whole numbers holds.
WHOLE_MAX = 2_147_483_647
YES = frozenset({"1", "true", "yes", "y", "是", "√", "对"})
NO = frozenset({"0", "false", "no", "n", "否", "×", "不"})
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?", re.ASCII)


def text_cell(value: object) -> str:
    """Return a cell as text: 12.0 is '12', an inert text is what it was before."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    bare = text.removeprefix(SHIELD)
    return bare if bare != text and inert_text(bare) == text else text


def whole_cell(value: object) -> int | None:
    """Return a whole number of 0 or more; None of an empty cell."""
    number = _number(value)
    if number is None:
        return None
    if number != number.to_integral_value() or not 0 <= number <= WHOLE_MAX:
        raise CellRefused("Enter a whole number, 0 or more.", cell=text_cell(value))
    return int(number)


def fen_cell(value: object) -> int | None:
    """Return an amount in yuan as fen, exactly; None of an empty cell.

    More than two decimals are refused and not rounded.
    """
    number = _number(value, drop="¥￥元")
    if number is None:
        return None
    fen = number * FEN_PER_YUAN
    if number < 0:
        raise CellRefused("An amount is not negative.", cell=text_cell(value))
    if fen != fen.to_integral_value() or fen > WHOLE_MAX:
        raise CellRefused("Enter an amount such as 12.50.", cell=text_cell(value))
    return int(fen)


def truth_cell(value: object) -> bool | None:
    """Return yes or no; None of an empty cell."""
    text = text_cell(value).lower()
    if not text:
        return None
    if text in YES or text in NO:
        return text in YES
    raise CellRefused("Enter yes or no.", cell=text)


def day_cell(value: object) -> date | None:
    """Return a day; None of an empty cell."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_cell(value)
    return _day(text) if text else None


def clock_cell(value: object) -> time | None:
    """Return a time of day; None of an empty cell."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    text = text_cell(value)
    return _clock(text) if text else None


def moment_cell(value: object) -> datetime | None:
    """Return a moment without a zone, as the clock on the wall; None of an empty cell."""
    if isinstance(value, datetime):
        return value
    text = text_cell(value)
    if not text:
        return None
    day, _blank, clock = text.partition(" ")
    return datetime.combine(_day(day), _clock(clock.strip()))


def _day(text: str) -> date:
    found = DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else _refuse_day(text)
    except ValueError:
        return _refuse_day(text)


def _refuse_day(text: str) -> date:
    raise CellRefused("Enter a day such as 2026-03-10.", cell=text)


def _clock(text: str) -> time:
    found = CLOCK.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2])) if found else (-1, -1)
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise CellRefused("Enter a time such as 18:30.", cell=text)
    return time(hour, minute)


def _number(value: object, drop: str = "") -> Decimal | None:
    if isinstance(value, bool):
        raise CellRefused("Enter a number.", cell=str(value))
    text = text_cell(value).strip(drop).replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CellRefused("Enter a number.", cell=text_cell(value)) from None
    if not number.is_finite():
        raise CellRefused("Enter a number.", cell=text_cell(value))
    return number
