"""Buildings and rooms as neighbours write them: 3-501, 3栋501, 7号楼2单元301, 72号602.

A door is kept by its numbers, so that 10, 10号 and 10号楼 are one building; a
unit stands before the room (`2-301`).
"""

import re
from dataclasses import dataclass

from orders.domain.jielong.quantities import numeral

_UNIT_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6"}
_NUMERAL = r"[一二三四五六七八九十]{1,3}(?=号楼|栋|幢|座)"
_BUILDING = (
    rf"(?P<building>\d{{1,4}}|[A-Z](?=座|栋|幢)|{_NUMERAL})\s*"
    r"(?:号楼|栋|幢|座|楼|号(?!店|线)|#|#楼)"
)
_UNIT = r"(?:(?P<unit>\d{1,2}|[一二三四五六])\s*单元)"
_ROOM = r"(?P<room>\d{3,4}[A-Z]?)(?!\d|\.\d)\s*(?:室|房|号(?!楼)|是(?=$|\s|,))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_BUILDING}\s*[-,]?\s*{_UNIT}?\s*[-,]?\s*{_ROOM}",
        rf"{_BUILDING}\s*{_UNIT}",
        rf"{_UNIT}\s*{_ROOM}",
        r"(?P<building>\d{1,3})\s*[-—–]\s*(?P<unit>\d{1,2})\s*[-—–]\s*(?P<room>\d{3,4}[A-Z]?)(?!\d)\s*室?",
        r"(?P<building>\d{1,3}|[A-Z])\s*[-—–#/]\s*(?P<room>\d{3,4}[A-Z]?)(?!\d)\s*室?",
        _BUILDING,
        r"(?P<room>\d{3,4}[A-Z]?)\s*室",
    )
)


@dataclass(frozen=True, slots=True)
class Door:
    """A building, a room, or both; empty where nothing was said."""

    building: str = ""
    room: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything was said at all."""
        return bool(self.building or self.room)


def door_at(text: str, at: int) -> tuple[Door, int] | None:
    """The door that begins at a place of a clean text and where it ends, or None."""
    if at and text[at - 1].isascii() and text[at - 1].isalnum():
        return None
    for form in _FORMS:
        if found := form.match(text, at):
            parts = found.groupdict()
            unit = parts.get("unit") or ""
            unit = _UNIT_DIGITS.get(unit, unit)
            room = parts.get("room") or ""
            if unit:
                room = f"{unit}-{room}" if room else f"{unit}-"
            return Door(_number(parts.get("building") or ""), room.upper()), found.end()
    return None


def door_of(building: str, room: str) -> Door:
    """The door of two fields that people filled in, by its numbers (for comparing)."""
    together = door_at(f"{building} {room}".strip(), 0)
    if together is not None and together[0].room:
        return together[0]
    digits = re.search(r"\d+|[A-Z](?=座|栋|幢|$)", building, re.IGNORECASE)
    return Door(_number(digits[0]) if digits else "", room_number(room))


def room_number(text: str) -> str:
    """The number of a room: `501室`, `2-501` and `5o1` as they are meant."""
    plain = re.sub(r"(?<=\d)[oO](?=\d|$|室)", "0", text.strip())
    if found := re.search(r"(?:(\d{1,2})\s*(?:单元|-)\s*)?(\d{3,4}[A-Za-z]?)", plain):
        unit, room = found[1], found[2].upper()
        return f"{unit}-{room}" if unit else room
    return plain.removesuffix("室")


def _number(text: str) -> str:
    if text.isascii():
        return (text.lstrip("0") or "0") if text.isdigit() else text.upper()
    return str(numeral(text) or text)
