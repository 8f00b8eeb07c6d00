"""Figures as they stand on paper."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.papers.figures import (
    full_cases,
    in_words,
    kilograms,
    reason_legend,
    signed,
    storage_name,
    tote_counts,
    yuan,
)
from fulfillment.papers.paper import Totes
from orders.domain.storage import StorageClass


@pytest.mark.parametrize(
    ("amount_fen", "printed"),
    [(0, "0.00"), (5, "0.05"), (1578268, "15,782.68"), (-7, "-0.07"), (-123456, "-1,234.56")],
)
def test_money_is_printed_to_the_fen(amount_fen: int, printed: str) -> None:
    assert yuan(amount_fen) == printed


@given(st.integers(-(10**12), 10**12))
def test_printed_money_reads_back_as_the_same_fen(amount_fen: int) -> None:
    assert int(yuan(amount_fen).replace(",", "").replace(".", "")) == amount_fen


@pytest.mark.parametrize(
    ("weight_g", "printed"),
    [(0, "0.0"), (49, "0.0"), (50, "0.1"), (1250, "1.3"), (999_999, "1000.0")],
)
def test_weight_is_rounded_half_up(weight_g: int, printed: str) -> None:
    assert kilograms(weight_g) == printed


@pytest.mark.parametrize(
    ("qty", "pack", "hint"),
    [(86, 20, "4×20 + 6"), (80, 20, "4×20"), (6, 20, ""), (6, 1, ""), (0, 5, "")],
)
def test_full_packs_are_hinted_only_where_there_are_any(qty: int, pack: int, hint: str) -> None:
    assert full_cases(qty, pack) == hint


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
