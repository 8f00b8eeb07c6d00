"""Shares of few in all sales."""

from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.concentration import Concentration, concentration


def test_a_tenth_is_rounded_up_to_whole_leaders() -> None:
    assert concentration([100] * 11) == Concentration(
        leaders=11, top_count=2, top_leader_bp=909, top_tenth_bp=1818
    )


def test_one_leader_alone_is_everything() -> None:
    assert concentration([5, 0]) == Concentration(
        leaders=1, top_count=1, top_leader_bp=10_000, top_tenth_bp=10_000
    )


def test_without_sales_nothing_hangs_on_anybody() -> None:
    assert concentration([]) == Concentration(
        leaders=0, top_count=0, top_leader_bp=0, top_tenth_bp=0
    )


@given(st.lists(st.integers(0, 10_000_000), max_size=60))
def test_the_largest_is_never_more_than_the_largest_tenth_or_less_than_even(
    sales: list[int],
) -> None:
    figures = concentration(sales)

    assert 0 <= figures.top_leader_bp <= figures.top_tenth_bp <= 10_000
    assert not figures.leaders or figures.top_leader_bp >= 10_000 // figures.leaders
