"""Names and phone numbers as strangers may see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.phones import mask_name, mask_phone, phone_last4


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        pytest.param("19900029593", "199****9593", id="mobile"),
        pytest.param("+86 199-0002-9593", "199****9593", id="written_with_country_and_dashes"),
        pytest.param("8619900029593", "199****9593", id="country_without_plus"),
        pytest.param("008619900029593", "199****9593", id="country_as_dialled_abroad"),
        pytest.param("86596123", "******23", id="landline_that_begins_like_the_country"),
        pytest.param("0037165961234", "003******1234", id="thirteen_digits_of_another_country"),
        pytest.param("0371-65961234", "037*****1234", id="landline"),
        pytest.param("65961234", "******34", id="short_number"),
        pytest.param("110", "**0", id="three_digits"),
        pytest.param("1", "*", id="one_digit"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_masked_phone_shows_its_ends(phone: str, expected: str) -> None:
    assert mask_phone(phone) == expected


@given(digits=st.text("0123456789", min_size=11, max_size=11))
def test_the_four_middle_digits_of_a_mobile_never_show(digits: str) -> None:
    assert mask_phone(digits) == digits[:3] + "****" + digits[7:]


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        pytest.param("19900029593", "9593", id="mobile"),
        pytest.param("199 0002 9593", "9593", id="spaces"),
        pytest.param("93", "93", id="short"),
    ],
)
def test_the_last_four_digits_tell_residents_apart(phone: str, expected: str) -> None:
    assert phone_last4(phone) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("毛海燕", "毛**", id="three_characters"),
        pytest.param("张三", "张*", id="two_characters"),
        pytest.param("欧阳娜娜", "欧阳**", id="compound_surname"),
        pytest.param("司马光", "司马*", id="compound_surname_of_a_short_name"),
        pytest.param("欧阳", "欧*", id="a_compound_surname_alone_is_still_masked"),
        pytest.param("云", "云*", id="one_character"),
        pytest.param(" 毛海燕 ", "毛**", id="spaces_around"),
        pytest.param("", "", id="empty"),
        pytest.param("王" + "小" * 10_000, "王**", id="ten_thousand_characters"),
    ],
)
def test_a_masked_name_shows_its_surname(name: str, expected: str) -> None:
    assert mask_name(name) == expected


@given(name=st.text(min_size=3, max_size=30).map(str.strip).filter(lambda name: len(name) > 2))
def test_a_masked_name_never_shows_more_than_two_characters(name: str) -> None:
    masked = mask_name(name)

    assert name.startswith(masked.rstrip("*")[:2])
    assert len(masked) <= 4
