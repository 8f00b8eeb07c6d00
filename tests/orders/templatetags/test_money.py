"""Fen as people read them."""

import pytest

from orders.templatetags.money import yuan


@pytest.mark.parametrize(
    ("amount_fen", "text"),
    [(123450, "¥1,234.50"), (5, "¥0.05"), (0, "¥0.00"), (-250, "-¥2.50"), (None, "—")],
)
def test_an_amount_carries_its_sign_before_the_symbol(amount_fen: int | None, text: str) -> None:
    assert yuan(amount_fen) == text
