"""Basis points as people read them."""

import pytest

from leaders.templatetags.rates import percent


@pytest.mark.parametrize(
    ("rate_bp", "text"), [(1000, "10%"), (1050, "10.5%"), (1005, "10.05%"), (0, "0%"), (5, "0.05%")]
)
def test_a_rate_has_no_needless_digits(rate_bp: int, text: str) -> None:
    assert percent(rate_bp) == text
