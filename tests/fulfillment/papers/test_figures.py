"""Figures as they stand on paper."""

import pytest
from django.utils import translation

from fulfillment.papers.figures import (
    in_words,
    kilograms,
    reason_legend,
    signed,
    storage_name,
    tote_counts,
)
from fulfillment.papers.paper import Totes
from orders.domain.storage import StorageClass


@pytest.mark.parametrize(
    ("weight_g", "printed"),
    [(0, "0.0"), (49, "0.0"), (50, "0.1"), (1250, "1.3"), (999_999, "1000.0")],
)
def test_weight_is_rounded_half_up(weight_g: int, printed: str) -> None:
    assert kilograms(weight_g) == printed


@pytest.mark.parametrize(("number", "printed"), [(4, "+4"), (-6, "-6"), (0, "")])
def test_a_difference_carries_its_sign(number: int, printed: str) -> None:
    assert signed(number) == printed


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (1, "壹"),
        (5, "伍"),
        (10, "壹拾"),
        (12, "壹拾贰"),
        (20, "贰拾"),
        (105, "壹佰零伍"),
        (110, "壹佰壹拾"),
        (1005, "壹仟零伍"),
        (2026, "贰仟零贰拾陆"),
        (10_000, ""),
    ],
)
def test_chinese_papers_write_counts_in_words(number: int, words: str) -> None:
    with translation.override("zh-hans"):
        assert in_words(number) == words


def test_english_papers_have_no_chinese_numerals() -> None:
    assert in_words(5) == ""


def test_temperature_classes_are_words() -> None:
    assert [storage_name(storage) for storage in StorageClass] == ["Ambient", "Chilled", "Frozen"]


def test_totes_are_counted_by_temperature() -> None:
    assert tote_counts(Totes(ambient=3, chill=1)) == "3 / 1 / 0"


def test_the_reasons_fit_one_line() -> None:
    assert reason_legend().startswith("Reasons: S short")
