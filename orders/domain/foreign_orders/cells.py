"""Cells of a spreadsheet as exact values: fen, pieces, numbers that were merged."""

import re
from decimal import Decimal, InvalidOperation

_SEVERAL = re.compile(r"[、,，;；/\s]+")
# Sheets keep money as floats: 32.91 may come as 32.910000000000004.
_ROUNDING = Decimal("0.0001")


def fen(text: str) -> int | None:
    """An amount in fen, exactly; None for what is none. An empty cell is 0."""
    plain = text.replace("¥", "").replace("￥", "").replace("元", "").replace(",", "").strip()
    if plain in ("", "-"):
        return 0
    try:
        amount = Decimal(plain) * 100
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    whole = amount.to_integral_value()
    return int(whole) if abs(amount - whole) <= _ROUNDING else None


def pieces(text: str) -> int | None:
    """A whole number of pieces from 1, or None; 2.0 is 2."""
    plain = text.strip().removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdigit() and int(plain) > 0 else None


def numbers(text: str) -> tuple[str, ...]:
    """The order numbers of a merged cell: `36、43` are two."""
    found = (part.strip().removesuffix(".0") for part in _SEVERAL.split(text.strip()))
    return tuple(part for part in found if part)
