"""Tax withheld by the cumulative method."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.tax import TABLE, YearSoFar, consecutive_months, withhold

YUAN = 100


def after(before: YearSoFar, income_fen: int, month: int) -> tuple[YearSoFar, int]:
    """The year with one more income, and the tax of that income."""
    tax_fen = withhold(income_fen, month=month, before=before).tax_fen
    year = YearSoFar(
        income_fen=before.income_fen + income_fen,
        withheld_fen=before.withheld_fen + tax_fen,
        months=before.months | {month},
    )
    return year, tax_fen


def taxes(*incomes_yuan: tuple[int, int]) -> list[int]:
    """The taxes of incomes in yuan, each with its month, one after the other."""
    year = YearSoFar()
    found = []
    for month, yuan in incomes_yuan:
        year, tax_fen = after(year, yuan * YUAN, month)
        found.append(tax_fen)
    return found


def test_six_thousand_two_hundred_and_fifty_a_month_is_free() -> None:
    assert taxes((1, 6_250), (2, 6_250)) == [0, 0]


def test_ten_thousand_a_month_costs_three_percent_of_what_is_above() -> None:
    # 10,000 − 2,000 − 5,000 = 3,000 a month, 3 % of it.
    assert taxes((1, 10_000), (2, 10_000)) == [9_000, 9_000]


def test_the_month_that_crosses_a_bracket_pays_the_difference() -> None:
    # 20,000 a month: 11,000 taxable each; after four months 44,000 × 10 % − 2,520 = 1,880.
    assert taxes((1, 20_000), (2, 20_000), (3, 20_000), (4, 20_000)) == [
        33_000,
        33_000,
        33_000,
        89_000,
    ]


def test_statements_of_one_month_cumulate() -> None:
    assert sum(taxes((3, 4_000), (3, 4_000), (3, 2_000))) == sum(taxes((3, 10_000)))


def test_a_weak_month_gives_nothing_back_and_lowers_the_next() -> None:
    # In March 23,000 × 80 % − 15,000 = 3,400 are taxable: 102 yuan, of which 90 are withheld.
    assert taxes((1, 10_000), (2, 1_000), (3, 12_000)) == [9_000, 0, 1_200]


def test_after_a_gap_the_months_are_counted_anew() -> None:
    # 20,000 × 80 % − 5,000 for May alone: 11,000 × 3 % less the 90 of January.
    assert taxes((1, 10_000), (5, 10_000)) == [9_000, 24_000]


def test_no_more_is_withheld_than_is_paid() -> None:
    year = YearSoFar(income_fen=10_000_000, months=frozenset({1, 2, 3, 4}))

    assert withhold(100, month=6, before=year).tax_fen == 100


@pytest.mark.parametrize(
    ("months", "month", "count"),
    [
        ((), 1, 1),
        ((1, 2), 3, 3),
        ((1, 2), 2, 2),
        ((1, 2), 5, 1),
        ((1, 3, 4), 5, 3),
    ],
)
def test_months_count_as_long_as_they_follow_each_other(
    months: tuple[int, ...], month: int, count: int
) -> None:
    assert consecutive_months(months, month) == count


def test_every_bracket_begins_where_the_one_below_ends() -> None:
    for lower, upper in pairwise(TABLE):
        assert lower.up_to_fen is not None
        below = lower.up_to_fen * lower.rate_bp - lower.quick_deduction_fen * 10_000
        above = lower.up_to_fen * upper.rate_bp - upper.quick_deduction_fen * 10_000

        assert below == above


def test_a_fen_is_rounded_once_and_half_up() -> None:
    # 6,250.63 × 80 % − 5,000 = 0.504 yuan, 3 % of it 1.512 fen.
    assert withhold(625_063, month=1, before=YearSoFar()).tax_fen == 2
    # 6,250.62 × 80 % − 5,000 = 0.496 yuan, 3 % of it 1.488 fen.
    assert withhold(625_062, month=1, before=YearSoFar()).tax_fen == 1


@given(st.lists(st.integers(min_value=0, max_value=50_000_000), min_size=1, max_size=8))
def test_however_a_month_is_split_its_tax_is_the_same(incomes_fen: list[int]) -> None:
    year, total_fen = YearSoFar(), 0
    for income_fen in incomes_fen:
        year, tax_fen = after(year, income_fen, 7)
        total_fen += tax_fen

    assert total_fen == withhold(sum(incomes_fen), month=7, before=YearSoFar()).tax_fen


@given(
    st.integers(min_value=0, max_value=200_000_000), st.integers(min_value=0, max_value=1_000_000)
)
def test_who_earns_more_keeps_more(income_fen: int, more_fen: int) -> None:
    less = withhold(income_fen, month=1, before=YearSoFar())
    more = withhold(income_fen + more_fen, month=1, before=YearSoFar())

    assert less.tax_fen <= more.tax_fen
    assert more.tax_fen - less.tax_fen <= more_fen
