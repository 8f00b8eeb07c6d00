"""The codes on labels: what they stand for, a number, and a check digit.

A label's code is short, so that it fits the smallest QR symbol and can be
typed when no camera works; the check digit catches a mistyped or swapped
digit. It is an address, never a permission.

Sources
-------
ISO/IEC 7064, MOD 37,36 would allow letters; our codes are digits, so the
check is H. M. Damm, "Total anti-symmetrische Quasigruppen" (2004): every
single wrong digit and every swap of neighbours is found.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# Damm's quasigroup of order 10 with zeros on its diagonal.
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_FORM = re.compile(r"([A-Z])-?([0-9]{1,12})-?([0-9])")


class Labelled(StrEnum):
    """What a label is stuck on; the value is the letter its code begins with."""

    TOTE = "U"
    PORTION = "W"
    PALLET = "A"
    HOUSEHOLD = "F"
    ITEM = "E"


@dataclass(frozen=True, slots=True)
class LabelCode:
    """What a label stands for, and its number (the key of its row)."""

    labelled: Labelled
    number: int

    def __str__(self) -> str:
        digits = f"{self.number:06d}"
        return f"{self.labelled}-{digits}-{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """Return Damm's check digit of a string of digits."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim


def read_label_code(text: str) -> LabelCode | None:
    """Return what a scanned or typed code says; nothing if it is no label's code or mistyped."""
    match = _FORM.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if match is None or match[1] not in set(Labelled):
        return None
    if check_digit(match[2]) != int(match[3]):
        return None
    return LabelCode(Labelled(match[1]), int(match[2]))
