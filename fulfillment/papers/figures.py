"""Figures and short words as they stand on paper."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fulfillment.papers.paper import Totes
from orders.domain.storage import StorageClass

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def kilograms(weight_g: int) -> str:
    """Grams as kilograms with one decimal, halves up: 1250 gives `1.3`."""
    tenths = (weight_g + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"


def kilograms_exact(weight_g: int) -> str:
    """Grams as kilograms with all three decimals: 1250 gives `1.250`."""
    return f"{weight_g // 1000}.{weight_g % 1000:03d}"


def kilometres(distance_m: int) -> str:
    """Metres as kilometres with one decimal, halves up."""
    return kilograms(distance_m)


def signed(number: int) -> str:
    """A difference with its sign; nothing for none."""
    return f"{number:+d}" if number else ""


def in_words(number: int) -> str:
    """A count in the numerals nobody can alter (伍), on Chinese papers up to 9999."""
    language = get_language() or ""
    if not language.startswith("zh") or not 0 <= number <= 9999:
        return ""
    if number == 0:
        return _DIGITS[0]
    words = ""
    digits = str(number)
    for index, digit in enumerate(digits):
        if digit != "0":
            words += _DIGITS[int(digit)] + _PLACES[len(digits) - 1 - index]
        elif words and not words.endswith(_DIGITS[0]) and digits[index:].strip("0"):
            words += _DIGITS[0]
    return words


def storage_name(storage: StorageClass) -> str:
    """The temperature class as a word."""
    names = {
        StorageClass.AMBIENT: _("Ambient"),
        StorageClass.CHILL: _("Chilled"),
        StorageClass.FROZEN: _("Frozen"),
    }
    return names[storage]


def reason_legend() -> str:
    """The letters that stand for reasons in the narrow columns."""
    return _("Reasons: S short  D damaged  Q quality  W weight  X wrong goods  R returned")


def tote_counts(totes: Totes) -> str:
    """Totes as `3 / 1 / 0`: ambient, chilled, frozen."""
    return f"{totes.ambient} / {totes.chill} / {totes.frozen}"
