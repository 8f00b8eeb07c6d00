"""Weights as people type them and as scales type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.scale_readings import Reading, read_scale
from fulfillment.errors import ScaleReadingUnreadable


@pytest.mark.parametrize(
    ("text", "weight_g"),
    [
        ("1234", 1234),
        ("1.234", 1234),
        ("1.234 kg", 1234),
        ("1.5", 1500),
        ("12kg", 12_000),
        ("850g", 850),
        ("850 克", 850),
        ("1.2公斤", 1200),
        ("1.2 千克", 1200),
        ("3.5斤", 1750),
        ("  1.234KG ", 1234),
        ("１．２３４", 1234),
        ("ST,GS,+ 1.234kg", 1234),
        ("ST,GS,+  1.234kg", 1234),
        ("ST,GS,   850 g", 850),
        ("st,gs,+0001.234kg", 1234),
        ("0", 0),
    ],
)
def test_a_weight_is_read(text: str, weight_g: int) -> None:
    assert read_scale(text) == Reading(weight_g)


def test_a_scale_that_took_its_tare_off_says_so() -> None:
    assert read_scale("ST,NT,+ 1.184kg") == Reading(1184, is_net=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a weight"),
        ("abc", "Type a weight"),
        ("1,234", "Type a weight"),
        ("1.234 lb", "Type a weight"),
        ("1.2.3", "Type a weight"),
        ("U-000012-5", "Type a weight"),
        ("6901234567892", "Type a weight"),
        ("US,GS,+ 1.234kg", "still moving"),
        ("OL,GS,+ 9.999kg", "too much"),
        ("OL", "too much"),
        ("ST,GS,- 0.012kg", "less than nothing"),
        ("1.2345 kg", "whole grams"),
        ("0.5g", "whole grams"),
        ("1001 kg", "whole grams"),
    ],
)
def test_what_is_no_weight_at_rest_is_refused(text: str, says: str) -> None:
    with pytest.raises(ScaleReadingUnreadable, match=says):
        read_scale(text)


@given(st.integers(0, 1_000_000))
def test_every_weight_is_the_same_in_both_units(weight_g: int) -> None:
    kilograms = f"{weight_g // 1000}.{weight_g % 1000:03d}"

    assert read_scale(str(weight_g)).weight_g == weight_g
    assert read_scale(f"{kilograms} kg").weight_g == weight_g
    assert read_scale(f"ST,GS,+{kilograms:>9}kg").weight_g == weight_g
