"""Codes on labels: read back as written, and never mistaken for another's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.label_codes import LabelCode, Labelled, check_digit, read_label_code
from fulfillment.papers.numbering import LETTERS, read_code

CODES = st.builds(LabelCode, st.sampled_from(Labelled), st.integers(0, 999_999_999_999))
NUMBERS = st.from_regex(r"[0-9]{1,12}", fullmatch=True)


@given(CODES)
def test_a_code_is_read_as_it_was_written(code: LabelCode) -> None:
    assert read_label_code(str(code)) == code


@given(CODES)
def test_spaces_small_and_wide_letters_and_left_out_dashes_are_read(code: LabelCode) -> None:
    text = str(code)

    assert read_label_code(f"  {text.lower()} ") == code
    assert read_label_code(text.replace("-", "")) == code
    assert read_label_code("".join(chr(ord(char) + 0xFEE0) for char in text)) == code


@given(NUMBERS, st.data())
def test_one_wrong_digit_is_always_found(digits: str, data: st.DataObject) -> None:
    whole = digits + str(check_digit(digits))
    at = data.draw(st.integers(0, len(whole) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != whole[at]]))

    mistyped = whole[:at] + wrong + whole[at + 1 :]

    assert check_digit(mistyped[:-1]) != int(mistyped[-1])


@given(NUMBERS, st.data())
def test_two_swapped_neighbours_are_always_found(digits: str, data: st.DataObject) -> None:
    whole = digits + str(check_digit(digits))
    at = data.draw(st.integers(0, len(whole) - 2))

    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]

    assert swapped == whole or check_digit(swapped[:-1]) != int(swapped[-1])


def test_the_check_digit_is_the_one_of_the_paper() -> None:
    assert check_digit("572") == 4
    assert str(LabelCode(Labelled.TOTE, 572)) == f"U-000572-{check_digit('000572')}"


@pytest.mark.parametrize(
    "text", ["", "U", "U-000572-0", "X-000572-4", "-000572-4", "U-0000000000572-4", "S*0310A*R03*1"]
)
def test_other_texts_are_no_codes(text: str) -> None:
    assert read_label_code(text) is None


@given(CODES)
def test_no_code_of_a_label_is_a_code_of_a_paper(code: LabelCode) -> None:
    assert read_code(str(code)) is None
    assert not {kind.value for kind in Labelled} & set(LETTERS.values())


def test_twelve_digits_fit_the_smallest_symbol() -> None:
    assert len(str(LabelCode(Labelled.PORTION, 999_999_999_999))) <= 20
