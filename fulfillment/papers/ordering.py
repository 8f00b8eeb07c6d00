"""Orders of lines that several papers share."""

import re

from orders.domain.storage import StorageClass

# Cold goods are handled last in picking and first at the dock.
STORAGE_RANK = {StorageClass.AMBIENT: 0, StorageClass.CHILL: 1, StorageClass.FROZEN: 2}

_DIGITS = re.compile(r"(\d+)")


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts 9栋 before 10栋 and A2 before A10.

    Numbers compare as numbers and come before letters; equal numbers with
    different zeros in front (`01`, `1`) keep a fixed order by their text.
    """
    parts = [part for part in _DIGITS.split(text.strip()) if part]
    return tuple((0, int(p), p) if p.isdecimal() else (1, 0, p) for p in parts)
