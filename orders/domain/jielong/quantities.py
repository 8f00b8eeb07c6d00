"""How many: 2份, x3, ×2, *2, 两板, +1, 廿, and numbers that are no quantity at all."""

import re
from dataclasses import dataclass

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4} | {
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
TENS = {"廿": 20, "卅": 30}
NUMERAL = r"[零〇一二两俩三仨四五六七八九十廿卅百半]{1,5}"
WEIGHT_UNITS = ("公斤", "千克", "斤", "kg", "KG", "克", "g", "两")
PIECE_UNITS = ("枚", "粒")
_COUNTED = ("份儿", *"份个盒袋包箱板瓶桶件提只条把颗根块串罐套组捆筐兜听支片张杯碗单")
_UNITS = sorted((*WEIGHT_UNITS, *PIECE_UNITS, *_COUNTED), key=len, reverse=True)
UNIT = "|".join(_UNITS)
_TIMES = r"(?P<sign>[xX×*]|\+)?\s*"
_ARABIC = re.compile(rf"{_TIMES}(?P<number>\d{{1,4}})(?!\d|\.\d|:\d)\s*(?P<unit>{UNIT})?")
_CHINESE = re.compile(rf"{_TIMES}(?P<number>{NUMERAL})\s*(?P<unit>{UNIT})?")
_HALF_MORE = re.compile(r"\s*半")
_PRICE = re.compile(r"[¥￥]\s*\d+(?:\.\d+)?|\d+(?:\.\d+)?\s*(?:元|块钱|rmb)(?:/\S)?", re.IGNORECASE)
_DECIMAL = re.compile(r"\d+\.\d+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_PHONE = re.compile(r"1\d{10}(?!\d)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Some pieces; `value` is None where no whole number is meant (半份)."""

    value: int | None
    unit: str
    sign: str
    raw: str
    is_numeral: bool


def numeral(text: str) -> int | None:
    """The value of a Chinese numeral below a thousand, or None: 十二 is 12, 廿五 is 25."""
    if not text or "半" in text:
        return None
    total, digit = 0, None
    for letter in text:
        if letter in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[letter]
        elif letter in TENS:
            total, digit = total + TENS[letter], None
        else:
            base = {"十": 10, "百": 100}[letter]
            total, digit = total + (1 if digit is None else digit) * base, None
    return total + (digit or 0)


def quantity_at(text: str, at: int) -> tuple[Quantity, int] | None:
    """The quantity that begins at a place of a clean text and where it ends, or None."""
    for form in (_ARABIC, _CHINESE):
        found = form.match(text, at)
        if found is None:
            continue
        written, unit = found["number"], found["unit"] or ""
        is_numeral = form is _CHINESE
        value = numeral(written) if is_numeral else int(written)
        end = found.end()
        half = _HALF_MORE.match(text, end) if unit else None
        if half is not None:
            value, end = None, half.end()
        elif is_numeral and value is None and "半" not in written:
            continue
        sign = found["sign"] or ""
        return Quantity(value, unit, sign, text[at:end].strip(), is_numeral), end
    return None


def price_at(text: str, at: int) -> int | None:
    """Where a price that begins here ends, or None."""
    found = _PRICE.match(text, at)
    return found.end() if found else None


def figure_at(text: str, at: int) -> int | None:
    """Where a figure that is no quantity ends (a clock, a decimal), or None."""
    for form in (_CLOCK, _DECIMAL):
        if found := form.match(text, at):
            return found.end()
    return None


def phone_at(text: str, at: int) -> int | None:
    """Where a mobile number that begins here ends, or None."""
    found = _PHONE.match(text, at)
    return found.end() if found else None


def price_fen(text: str) -> int | None:
    """The last amount in a text in fen, exactly: `24.9` is 2490; None if there is none."""
    found = re.findall(r"(?<![\d.])(\d{1,5})(?:\.(\d{1,2}))?(?![\d.])\s*(?:元|块|/|$|\s|\()", text)
    if not found:
        return None
    whole, part = found[-1]
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)
