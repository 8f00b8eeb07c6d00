"""Every rule has its words, and figures their units."""

import pytest

from fulfillment.routing.violations import Violation, ViolationCode
from fulfillment.selectors.plan_wording import rule_words, violation_words

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("code", ViolationCode)
def test_every_rule_has_words_of_its_own(code: ViolationCode) -> None:
    assert rule_words(code)
    assert code.value not in violation_words(Violation(code, "V1"))


@pytest.mark.parametrize(
    ("violation", "words"),
    [
        (
            Violation(ViolationCode.OVER_WEIGHT, "V1 trip 1", 820_000, 600_000),
            "too much weight: 820.0 kg, limit 600.0 kg",
        ),
        (
            Violation(ViolationCode.AFTER_CLOSING, "12", 43_500, 43_200),
            "after the point closes: 12:05, limit 12:00",
        ),
        (
            Violation(ViolationCode.OVER_VOLUME, "V1 trip 1", 6_100_000, 6_000_000),
            "too much volume: 6,100 l, limit 6,000 l",
        ),
        (Violation(ViolationCode.OVER_TOTES, "V1 trip 1", 41, 40), "too many totes: 41, limit 40"),
        (
            Violation(ViolationCode.TRIP_ORDER, "V1", [1, 3], [1, 2]),
            "trips are not numbered in order",
        ),
    ],
)
def test_what_was_found_stands_beside_what_is_allowed(violation: Violation, words: str) -> None:
    assert violation_words(violation) == words
