"""Names as people type them."""

import pytest

from leaders.domain.names import is_same_name


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("陈晓梅", " 陈 晓梅　", True),
        ("Ａnna Li", "anna li", True),
        ("陈晓梅", "陈小梅", False),
        ("", "", False),
        (" ", "陈晓梅", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str, is_same: bool) -> None:
    assert is_same_name(one, other) == is_same
