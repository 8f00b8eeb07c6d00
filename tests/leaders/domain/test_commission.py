"""Commission on a base, in whole fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.commission import CommissionRule, commission_fen
from leaders.errors import CommissionBaseNegative, CommissionRateOutOfRange, HoldOutOfRange

bases = st.integers(min_value=0, max_value=10**9)
rates = st.integers(min_value=0, max_value=3_000)


@pytest.mark.parametrize(
    ("base_fen", "rate_bp", "expected"),
    [
        pytest.param(2_990, 1_000, 299, id="exact"),
        pytest.param(1_994, 1_000, 199, id="under_half_a_fen_is_dropped"),
        pytest.param(1_995, 1_000, 200, id="half_a_fen_is_rounded_up"),
        pytest.param(1_996, 1_000, 200, id="over_half_a_fen_is_rounded_up"),
        pytest.param(0, 1_000, 0, id="nothing_sold"),
        pytest.param(9_999, 0, 0, id="no_rate"),
        pytest.param(1, 3_000, 0, id="a_single_fen"),
    ],
)
def test_commission_is_rounded_half_up(base_fen: int, rate_bp: int, expected: int) -> None:
    assert commission_fen(base_fen, rate_bp) == expected


@given(base_fen=bases, rate_bp=rates)
def test_commission_is_within_half_a_fen_of_its_exact_share(base_fen: int, rate_bp: int) -> None:
    off_by = 10_000 * commission_fen(base_fen, rate_bp) - base_fen * rate_bp

    assert -5_000 < off_by <= 5_000


@given(base_fen=bases, rate_bp=rates)
def test_commission_never_exceeds_its_base(base_fen: int, rate_bp: int) -> None:
    assert 0 <= commission_fen(base_fen, rate_bp) <= base_fen


@given(base_fen=bases, more_fen=bases, rate_bp=rates)
def test_more_sales_never_earn_less(base_fen: int, more_fen: int, rate_bp: int) -> None:
    assert commission_fen(base_fen + more_fen, rate_bp) >= commission_fen(base_fen, rate_bp)


@pytest.mark.parametrize("rate_bp", [-1, 3_001])
def test_a_rate_outside_its_range_is_refused(rate_bp: int) -> None:
    with pytest.raises(CommissionRateOutOfRange):
        commission_fen(100, rate_bp)
    with pytest.raises(CommissionRateOutOfRange):
        CommissionRule(plan_code="formal", rate_bp=rate_bp, hold_days=3)


@pytest.mark.parametrize("hold_days", [0, 16])
def test_a_hold_outside_its_range_is_refused(hold_days: int) -> None:
    with pytest.raises(HoldOutOfRange):
        CommissionRule(plan_code="formal", rate_bp=1_000, hold_days=hold_days)


@pytest.mark.parametrize("hold_days", [1, 15])
def test_the_ends_of_the_hold_range_are_legal(hold_days: int) -> None:
    assert (
        CommissionRule(plan_code="formal", rate_bp=3_000, hold_days=hold_days).hold_days
        == hold_days
    )


def test_a_negative_base_is_refused() -> None:
    with pytest.raises(CommissionBaseNegative):
        commission_fen(-1, 1_000)
