"""Cells become exact values or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.foreign_orders.cells import fen, numbers, pieces


@pytest.mark.parametrize(
    ("text", "amount_fen"),
    [
        ("10.97", 1097),
        ("32.910000000000004", 3291),
        ("¥1,234.50", 123450),
        ("3850.47元", 385047),
        ("0", 0),
        ("", 0),
        ("-", 0),
        ("10.975", None),
        ("abc", None),
        ("NaN", None),
        ("=1+1", None),
    ],
)
def test_money_is_exact_to_the_fen_or_nothing(text: str, amount_fen: int | None) -> None:
    assert fen(text) == amount_fen


@given(st.integers(0, 10**9))
def test_every_amount_survives_a_spreadsheet_float(amount_fen: int) -> None:
    assert fen(repr(amount_fen / 100)) == amount_fen


@pytest.mark.parametrize(
    ("text", "count"),
    [("2", 2), ("2.0", 2), ("0", None), ("1.5", None), ("-1", None), ("", None), ("两", None)],
)
def test_pieces_are_whole_and_positive(text: str, count: int | None) -> None:
    assert pieces(text) == count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("36、43", ("36", "43")),
        ("7", ("7",)),
        ("1,2, 3", ("1", "2", "3")),
        (" ", ()),
        ("5.0", ("5",)),
    ],
)
def test_a_merged_cell_holds_several_numbers(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found
