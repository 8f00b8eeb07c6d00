"""Values in the slots of a channel's template."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.message_templates import Template, slot_value, template_of


@pytest.mark.parametrize(
    ("slot", "text", "expected"),
    [
        pytest.param("thing1", "西兰花 750g×2", "西兰花 750g×2", id="short_enough"),
        pytest.param("thing1", "一" * 21, "一" * 19 + "…", id="cut_to_twenty"),
        pytest.param("thing12", "一\n二\t三", "一 二 三", id="on_one_line"),
        pytest.param("amount2", "¥1,234.50", "¥1234.50", id="amount_without_separators"),
        pytest.param("character_string3", "取货码07-8821", "07-8821", id="no_chinese_in_a_string"),
        pytest.param("phrase4", "审核通过了", "审核通过了", id="phrase_of_five"),
        pytest.param("number5", "x", "-", id="nothing_left"),
        pytest.param("thing1", "  ", "-", id="nothing_given"),
        pytest.param("novelty1", "一" * 21, "一" * 19 + "…", id="unknown_kind_is_a_thing"),
    ],
)
def test_a_value_fits_its_slot(slot: str, text: str, expected: str) -> None:
    assert slot_value(slot, text) == expected


@given(text=st.text(max_size=80))
def test_no_thing_is_empty_or_longer_than_wechat_takes(text: str) -> None:
    assert 1 <= len(slot_value("thing1", text)) <= 20


def test_a_setting_names_the_number_and_the_slots() -> None:
    assert template_of("AbC-1 thing1=goods amount2=amount") == Template(
        "AbC-1", {"thing1": "goods", "amount2": "amount"}
    )
    assert template_of("SMS_1") == Template("SMS_1", {})
    assert template_of("  ") is None
