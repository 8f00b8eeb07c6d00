"""What a scale types, or a person reads off it, as grams.

A scale with a keyboard cable types its display, mostly in the form that
Mettler and Toledo made common: `ST,GS,+  1.234kg`. A person types `1.234` or
`1234`. A figure with a point is kilograms, a whole figure grams, unless its
unit says otherwise.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from fulfillment.errors import ScaleReadingUnreadable

GRAMS_OF_UNIT = {
    "kg": 1000,
    "公斤": 1000,
    "千克": 1000,
    "g": 1,
    "克": 1,
    # Half a kilogram since 1959; the trade thinks in it.
    "斤": 500,
    "市斤": 500,
}
HEAVIEST_G = 1_000_000

_FORM = re.compile(
    r"(?P<flags>(?:[A-Z]{2},)*)\s*(?P<sign>[+-]?)\s*(?P<figure>[0-9]{1,7}(?:\.[0-9]{1,4})?)\s*"
    r"(?P<unit>kg|g|公斤|千克|市斤|斤|克)?",
    re.IGNORECASE,
)
_UNSTABLE = "US"
_OVERLOAD = "OL"
_NET = "NT"


@dataclass(frozen=True, slots=True)
class Reading:
    """One weight; `is_net` where the scale took its own tare off already."""

    weight_g: int
    is_net: bool = False


def read_scale(text: str) -> Reading:
    """Return the weight of a typed figure or of a scale's line.

    Parameters
    ----------
    text
        Such as `1.234 kg`, `1234`, `3.5斤`, or `ST,GS,+ 1.234kg`. Full-width
        characters count as their plain forms.

    Raises
    ------
    ScaleReadingUnreadable
        If it is no weight, still moves, is too much for the scale, lies below
        zero, or is finer than a gram.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _FORM.fullmatch(plain)
    flags = set(match["flags"].upper().split(",")) if match else set()
    if _OVERLOAD in flags or plain.upper().startswith(_OVERLOAD):
        raise ScaleReadingUnreadable("This is too much for the scale.", text=plain[:40])
    if match is None:
        raise ScaleReadingUnreadable(
            "Type a weight such as 1.234 (kilograms) or 1234 (grams).", text=plain[:40]
        )
    if _UNSTABLE in flags:
        raise ScaleReadingUnreadable("The scale is still moving. Weigh again.", text=plain)
    grams = Decimal(match["figure"]) * _grams_of(match)
    if match["sign"] == "-" and grams:
        raise ScaleReadingUnreadable("The scale shows less than nothing. Zero it.", text=plain)
    if grams != grams.to_integral_value() or grams > HEAVIEST_G:
        raise ScaleReadingUnreadable("A weight is in whole grams, up to 1,000 kg.", text=plain)
    return Reading(int(grams), is_net=_NET in flags)


def _grams_of(match: re.Match[str]) -> int:
    """Grams of one of the unit that is meant."""
    if match["unit"]:
        return GRAMS_OF_UNIT[match["unit"].lower()]
    return GRAMS_OF_UNIT["kg"] if "." in match["figure"] else GRAMS_OF_UNIT["g"]
