"""Templates that a channel keeps for us, and values that fit their slots."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# WeChat refuses a whole message for one value that is too long or of another
# alphabet (developers.weixin.qq.com, subscribeMessage.send).
_LENGTHS = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "phone_number": 17,
    "car_number": 8,
    "name": 10,
    "phrase": 5,
    "amount": 12,
    "time": 32,
    "date": 32,
}
_ALPHABETS = {
    "character_string": re.compile(r"[^!-~]"),
    "number": re.compile(r"[^0-9.]"),
    "phone_number": re.compile(r"[^0-9+-]"),
    "amount": re.compile(r"[^¥0-9.元]"),
}
_EMPTY = "-"


def slot_value(slot: str, text: str) -> str:
    """Return a text as WeChat takes it in a slot such as 'thing3' or 'amount2'.

    Too long texts end in '…', signs the kind does not know are left out, and
    what would be empty is a dash.
    """
    kind = slot.rstrip("0123456789")
    cleaned = " ".join(text.split())
    if kind in _ALPHABETS:
        cleaned = _ALPHABETS[kind].sub("", cleaned)
    length = _LENGTHS.get(kind, _LENGTHS["thing"])
    if len(cleaned) <= length:
        return cleaned or _EMPTY
    return cleaned[:length] if kind in _ALPHABETS else f"{cleaned[: length - 1]}…"


@dataclass(frozen=True, slots=True)
class Template:
    """A template kept by a channel: its number there, and which field fills which slot."""

    number: str
    slots: Mapping[str, str]


def template_of(setting: str) -> Template | None:
    """Read a setting such as 'AbC-1 thing1=goods amount2=amount'; None when it is empty."""
    number, *pairs = setting.split() or [""]
    if not number:
        return None
    slots = dict(pair.split("=", 1) for pair in pairs)
    return Template(number, slots)
