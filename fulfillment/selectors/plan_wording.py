"""What the checker found, in the words of a dispatcher: every rule has its sentence here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.domain.measures import kilograms, litres
from fulfillment.routing.violations import Violation, ViolationCode

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def _clock(second: int) -> str:
    hours, minutes = divmod(second // 60, 60)
    return f"{hours:02d}:{minutes:02d}"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule in words; `figure` writes what was found and what is allowed."""

    words: "_StrOrPromise"
    figure: Callable[[int], str] | None = None


_C = ViolationCode
_SUM_WRONG = gettext_lazy("figures do not add up")
_RULES: Mapping[ViolationCode, _Rule] = {
    _C.UNKNOWN_STOP: _Rule(gettext_lazy("has no goods any more")),
    _C.UNKNOWN_VEHICLE: _Rule(gettext_lazy("vehicle is not on duty")),
    _C.STOP_MISSING: _Rule(gettext_lazy("stop is missing")),
    _C.STOP_REPEATED: _Rule(gettext_lazy("stop is there more than once"), str),
    _C.SERVED_AND_UNSERVED: _Rule(gettext_lazy("stop is on a trip and left out at once")),
    _C.REASON_FALSE: _Rule(gettext_lazy("the reason for leaving it out is not true")),
    _C.TRIP_EMPTY: _Rule(gettext_lazy("trip has no stops")),
    _C.TRIP_ORDER: _Rule(gettext_lazy("trips are not numbered in order")),
    _C.TRIPS_TOO_MANY: _Rule(gettext_lazy("too many trips"), str),
    _C.RELOAD_TOO_SHORT: _Rule(gettext_lazy("no time to reload"), _clock),
    _C.OVER_WEIGHT: _Rule(gettext_lazy("too much weight"), kilograms),
    _C.OVER_TOTES: _Rule(gettext_lazy("too many totes"), str),
    _C.OVER_VOLUME: _Rule(gettext_lazy("too much volume"), litres),
    _C.OVER_COLD: _Rule(gettext_lazy("too many cold totes"), str),
    _C.VEHICLE_TOO_LARGE: _Rule(gettext_lazy("vehicle too large for the door")),
    _C.VEHICLE_NOT_ALLOWED: _Rule(gettext_lazy("not with this vehicle")),
    _C.PAIR_FORBIDDEN: _Rule(gettext_lazy("two stops that must not share a trip")),
    _C.FIXED_TRIP_CHANGED: _Rule(gettext_lazy("loaded or locked stops must stay where they are")),
    _C.BEFORE_OPENING: _Rule(gettext_lazy("before the point opens"), _clock),
    _C.TRUCK_TOO_EARLY: _Rule(gettext_lazy("too early for a truck"), _clock),
    _C.AFTER_CLOSING: _Rule(gettext_lazy("after the point closes"), _clock),
    _C.BEFORE_SHIFT: _Rule(gettext_lazy("leaves before the shift starts"), _clock),
    _C.AFTER_SHIFT: _Rule(gettext_lazy("back after the shift ends"), _clock),
    _C.BREAK_MISSING: _Rule(gettext_lazy("the driver has no break")),
    _C.BREAK_WRONG: _Rule(gettext_lazy("break at a wrong time")),
    _C.ARRIVAL_WRONG: _Rule(_SUM_WRONG),
    _C.START_WRONG: _Rule(_SUM_WRONG),
    _C.DEPARTURE_WRONG: _Rule(_SUM_WRONG),
    _C.RETURN_WRONG: _Rule(_SUM_WRONG),
    _C.DISTANCE_WRONG: _Rule(_SUM_WRONG),
    _C.LOAD_WRONG: _Rule(_SUM_WRONG),
    _C.LATENESS_WRONG: _Rule(_SUM_WRONG),
    _C.DURATION_WRONG: _Rule(_SUM_WRONG),
    _C.COSTS_WRONG: _Rule(_SUM_WRONG),
}


def rule_words(code: ViolationCode) -> str:
    """Return a rule in a few words."""
    return str(_RULES[code].words)


def violation_words(violation: Violation) -> str:
    """Return what is wrong, with what was found and what is allowed where both are figures."""
    rule = _RULES[violation.code]
    found, allowed = violation.found, violation.expected
    if rule.figure is None or not isinstance(found, int) or not isinstance(allowed, int):
        return str(rule.words)
    return _("%(rule)s: %(found)s, limit %(limit)s") % {
        "rule": rule.words,
        "found": rule.figure(found),
        "limit": rule.figure(allowed),
    }
