"""Figures and short words as they stand on paper."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import (
    CAUSE_LETTERS,
    CAUSE_LETTERS_LATIN,
    Bearer,
    Cause,
    Stage,
)
from fulfillment.papers.paper import Totes
from orders.domain.storage import StorageClass

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
NOT_ENTERED = "—"


def kilograms(weight_g: int) -> str:
    """Grams as kilograms with one decimal, halves up: 1250 gives `1.3`."""
    tenths = (weight_g + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"


def kilograms_exact(weight_g: int) -> str:
    """Grams as kilograms with all three decimals: 1250 gives `1.250`."""
    return f"{weight_g // 1000}.{weight_g % 1000:03d}"


def weight_words(weight_g: int | None) -> str:
    """What weighed goods weigh; nothing while they are not weighed."""
    if weight_g is None:
        return ""
    return _("weighs %(weight)s kg") % {"weight": kilograms_exact(weight_g)}


def kilometres(distance_m: int) -> str:
    """Metres as kilometres with one decimal, halves up."""
    return kilograms(distance_m)


def signed(number: int) -> str:
    """A difference with its sign; nothing for none."""
    return f"{number:+d}" if number else ""


def figure(number: int | None) -> str:
    """A count as it is printed: a dash where nobody entered one, never a zero."""
    return NOT_ENTERED if number is None else str(number)


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


def cause_letter(cause: Cause) -> str:
    """The letter of a cause in the language of the paper."""
    is_chinese = (get_language() or "").startswith("zh")
    return (CAUSE_LETTERS if is_chinese else CAUSE_LETTERS_LATIN)[cause]


def stage_name(stage: Stage) -> str:
    """Where something was found, as a word."""
    names = {
        Stage.RECEIVE: _("Receiving"),
        Stage.SORT: _("Sorting"),
        Stage.WEIGH: _("Weighing"),
        Stage.LOAD: _("Loading"),
        Stage.HANDOVER: _("Handover"),
        Stage.AFTER_SALES: _("After-sales"),
    }
    return names[stage]


def bearer_name(bearer: Bearer) -> str:
    """Who bears a loss, as a word."""
    names = {
        Bearer.SUPPLIER: _("Supplier"),
        Bearer.WAREHOUSE: _("Warehouse"),
        Bearer.DRIVER: _("Driver"),
        Bearer.LEADER: _("Leader"),
        Bearer.OPERATOR: _("Operator"),
    }
    return names[bearer]
