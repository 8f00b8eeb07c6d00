from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.inert_cells import FORMULA_STARTS, inert_cell, inert_row, inert_text


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+86 19900001234",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "－1",
    ],
)
def test_a_text_that_could_run_gets_an_apostrophe(text: str) -> None:
    assert inert_text(text) == "'" + text


def test_a_nul_is_taken_out_and_hides_no_formula() -> None:
    assert inert_text("\0=1") == "'=1"
    assert inert_text("a\0b") == "ab"


@pytest.mark.parametrize("text", ["", "毛海燕", "'=1", "3栋 1-202", "a=b", "0101"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert inert_text(text) == text


def test_numbers_stay_numbers() -> None:
    assert inert_row([-5, 1.5, None, True, date(2026, 5, 1), "-5"]) == [
        -5,
        1.5,
        "",
        1,
        "2026-05-01",
        "'-5",
    ]


@settings(deadline=None)
@given(st.text())
def test_no_cell_ever_begins_a_formula(text: str) -> None:
    inert = inert_text(text)

    assert inert.lstrip()[:1] not in FORMULA_STARTS
    assert inert[:1] not in FORMULA_STARTS
    assert "\0" not in inert
    assert inert_text(inert) == inert


@settings(deadline=None)
@given(st.one_of(st.integers(), st.text(), st.none()))
def test_every_value_finds_a_cell(value: object) -> None:
    assert isinstance(inert_cell(value), str | int)
