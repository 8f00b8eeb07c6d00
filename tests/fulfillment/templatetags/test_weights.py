"""Grams on a page."""

import pytest

from fulfillment.templatetags.weights import kilograms


@pytest.mark.parametrize(
    ("weight_g", "text"), [(0, "0.000"), (7, "0.007"), (1684, "1.684"), (12_000, "12.000")]
)
def test_grams_are_shown_as_kilograms_with_all_decimals(weight_g: int, text: str) -> None:
    assert kilograms(weight_g) == text
