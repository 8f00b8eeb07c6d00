"""Numbers that prove themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.identity_numbers import (
    is_bank_account,
    is_bank_card,
    is_credit_code,
    is_identity_number,
    number_cleaned,
)

# Examples of the standards and of public documentation; nobody's.
IDENTITY = "11010519491231002X"
CREDIT = "91350100M000100Y43"
CARD = "6222600260001072444"


def test_numbers_are_read_as_people_type_them() -> None:
    assert number_cleaned(" 1101 0519-4912 31002x ") == IDENTITY


def test_the_examples_of_the_standards_are_right() -> None:
    assert is_identity_number(IDENTITY)
    assert is_credit_code(CREDIT)
    assert is_bank_card("4111111111111111")
    assert is_bank_card(CARD)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "110105194912310021",
        "1101051949123100",
        "11010519491331002X",
        "１１0105194912310021",
    ],
)
def test_a_wrong_identity_number_is_seen(number: str) -> None:
    assert not is_identity_number(number)


@pytest.mark.parametrize("number", ["", "91350100M000100Y44", "9135010OM000100Y43", "M000100Y43"])
def test_a_wrong_credit_code_is_seen(number: str) -> None:
    assert not is_credit_code(number)


@pytest.mark.parametrize("number", ["", "4111111111111112", "41111111111", "4111 1111"])
def test_a_wrong_card_is_seen(number: str) -> None:
    assert not is_bank_card(number)


def test_a_firms_account_is_digits_only() -> None:
    assert is_bank_account("0200001009200012345")
    assert not is_bank_account("02-00")
    assert not is_bank_account("1234567")


@given(st.integers(min_value=0, max_value=16), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(place: int, digit: str) -> None:
    for number, is_right in ((IDENTITY, is_identity_number), (CREDIT, is_credit_code)):
        changed = number[:place] + digit + number[place + 1 :]

        assert is_right(changed) == (changed == number)
