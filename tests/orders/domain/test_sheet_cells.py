"""What cells of spreadsheets say."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.inert_cells import inert_text
from orders.domain.sheet_cells import (
    clock_cell,
    day_cell,
    fen_cell,
    moment_cell,
    text_cell,
    truth_cell,
    whole_cell,
)
from orders.errors import CellRefused

# A spreadsheet knows the clock on the wall and no zone.
WALL = datetime.combine(date(2026, 3, 10), time(18, 30))


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (12.0, "12"), (12.5, "12.5"), (" K001 ", "K001"), ("'=1+1", "=1+1"), ("'x", "'x")],
)
def test_a_code_comes_back_as_it_was_typed(cell: object, text: str) -> None:
    assert text_cell(cell) == text


@given(st.text(st.characters(exclude_characters="\0"), max_size=20).map(str.strip))
def test_what_was_written_inert_is_read_as_it_was(text: str) -> None:
    assert text_cell(inert_text(text)) in (text, text_cell(text))


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (None, None),
        ("", None),
        (4.2, 420),
        (1.1, 110),
        (0.29, 29),
        ("12.50", 1_250),
        ("¥1,234.5", 123_450),
        ("￥3", 300),
        ("3.99元", 399),
        (7, 700),
    ],
)
def test_yuan_are_read_exactly(cell: object, fen: int | None) -> None:
    assert fen_cell(cell) == fen


@given(st.integers(0, 2_147_483_647))
def test_every_amount_a_spreadsheet_holds_comes_back_to_the_fen(fen: int) -> None:
    assert fen_cell(fen / 100) == fen
    assert fen_cell(f"{fen // 100}.{fen % 100:02d}") == fen


@pytest.mark.parametrize("cell", ["-1", -0.5, "1.234", "=A1*2", "free", "NaN", "1e999", True])
def test_what_is_no_amount_is_refused(cell: object) -> None:
    with pytest.raises(CellRefused):
        fen_cell(cell)


@pytest.mark.parametrize(("cell", "whole"), [(None, None), ("5", 5), (5.0, 5), ("1,200", 1_200)])
def test_whole_numbers_are_read(cell: object, whole: int | None) -> None:
    assert whole_cell(cell) == whole


@pytest.mark.parametrize("cell", ["2.5", -1, "=1+1", "2147483648"])
def test_broken_negative_and_computed_numbers_are_refused(cell: object) -> None:
    with pytest.raises(CellRefused):
        whole_cell(cell)


@pytest.mark.parametrize(
    ("cell", "truth"),
    [("是", True), ("否", False), (1, True), (0.0, False), (True, True), ("", None)],
)
def test_yes_and_no_are_read_in_both_languages(cell: object, truth: bool | None) -> None:
    assert truth_cell(cell) is truth


@pytest.mark.parametrize(
    "cell",
    ["2026-03-10", "2026/3/10", "2026年3月10日", date(2026, 3, 10), WALL],
)
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    assert day_cell(cell) == date(2026, 3, 10)


@pytest.mark.parametrize("cell", ["18:30", "18：30", "18:30:00", time(18, 30)])
def test_a_clock_is_read_however_it_is_written(cell: object) -> None:
    assert clock_cell(cell) == time(18, 30)


def test_a_moment_has_day_and_clock() -> None:
    assert moment_cell("2026-03-10 18:30") == WALL


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (truth_cell, "maybe"),
        (day_cell, "10.3."),
        (day_cell, "2026-02-30"),
        (clock_cell, "25:00"),
        (clock_cell, "noon"),
        (moment_cell, "2026-03-10"),
    ],
)
def test_what_says_something_else_is_refused(read: Callable[[object], object], cell: str) -> None:
    with pytest.raises(CellRefused):
        read(cell)
