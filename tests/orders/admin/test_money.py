"""Fen typed and read as yuan."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from orders.admin.money import FEN_MAX, YuanField


@given(st.integers(min_value=0, max_value=FEN_MAX))
def test_what_is_shown_reads_back_to_the_same_fen(amount_fen: int) -> None:
    field = YuanField()

    assert field.clean(field.prepare_value(amount_fen)) == amount_fen


@pytest.mark.parametrize(
    ("typed", "amount_fen"),
    [("12.50", 1250), ("12", 1200), ("¥1,234.5", 123450), (" 0.07 ", 7), ("0", 0)],
)
def test_it_reads_what_people_type(typed: str, amount_fen: int) -> None:
    assert YuanField().clean(typed) == amount_fen


@pytest.mark.parametrize("typed", ["1.005", "abc", "1e400", "NaN", "-1", "99999999", "1.2.3"])
def test_it_refuses_what_is_no_amount(typed: str) -> None:
    with pytest.raises(ValidationError):
        YuanField().clean(typed)


def test_an_empty_field_is_nothing_where_nothing_is_allowed() -> None:
    assert YuanField(required=False).clean("") is None
    with pytest.raises(ValidationError):
        YuanField().clean("")
