"""What is scarce, what is wanted, and how long is left."""

from datetime import timedelta

import pytest

from fulfillment.domain.selling_kit import hours_and_minutes
from tests.fulfillment.kit_values import kit_goods, kit_sale


@pytest.mark.parametrize(
    ("left_qty", "is_scarce"), [(None, False), (0, False), (1, True), (20, True), (21, False)]
)
def test_few_are_worth_a_word_and_none_are_not(left_qty: int | None, is_scarce: bool) -> None:
    assert kit_goods(left_qty=left_qty).is_nearly_gone is is_scarce


def test_the_scarcest_and_the_most_wanted_come_first() -> None:
    eggs = kit_goods(1, left_qty=12, sold_qty=3)
    tofu = kit_goods(2, left_qty=5, sold_qty=3)
    leek = kit_goods(3, left_qty=400)

    sale = kit_sale(eggs, tofu, leek)

    assert sale.nearly_gone == (tofu, eggs)
    assert sale.most_wanted == (eggs, tofu)
    assert sale.left == timedelta(hours=3)


def test_a_span_is_rounded_down_and_never_negative() -> None:
    assert hours_and_minutes(timedelta(hours=2, minutes=59, seconds=59)) == (2, 59)
    assert hours_and_minutes(timedelta(seconds=-1)) == (0, 0)
