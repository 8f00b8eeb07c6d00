"""Commission of an order, line by line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.settlement import (
    CommissionBase,
    clawback_fen,
    commission_lines,
    hold_until,
)
from fulfillment.errors import LineListedTwice
from leaders.domain.commission import CommissionRule, commission_fen

ARRIVED_AT = datetime(2026, 3, 10, 2, 15, tzinfo=UTC)
FORMAL = CommissionRule(plan_code="formal", rate_bp=1_000, hold_days=3)
GOLD = CommissionRule(plan_code="gold", rate_bp=1_100, hold_days=3)


def base(line_key: str, base_fen: int, rule: CommissionRule = FORMAL) -> CommissionBase:
    return CommissionBase(line_key=line_key, base_fen=base_fen, rule=rule)


bases_strategy = st.lists(
    st.tuples(st.integers(min_value=0, max_value=10**6), st.sampled_from([FORMAL, GOLD])),
    max_size=12,
).map(lambda rows: [base(f"line-{number}", fen, rule) for number, (fen, rule) in enumerate(rows)])


def test_an_order_earns_once_and_its_lines_share_it() -> None:
    lines = commission_lines([base("a", 109), base("b", 109), base("c", 109)], ARRIVED_AT)

    assert [line.amount_fen for line in lines] == [11, 11, 11]
    assert commission_fen(327, 1_000) == 33


def test_line_by_line_rounding_would_have_paid_too_much() -> None:
    lines = commission_lines([base(key, 105) for key in "abcd"], ARRIVED_AT)

    assert [line.amount_fen for line in lines] == [11, 11, 10, 10]
    assert 4 * commission_fen(105, 1_000) == 44


def test_a_sku_with_its_own_rate_is_earned_apart() -> None:
    lines = commission_lines([base("a", 1_000), base("b", 1_000, GOLD)], ARRIVED_AT)

    assert [(line.plan_code, line.rate_bp, line.amount_fen) for line in lines] == [
        ("formal", 1_000, 100),
        ("gold", 1_100, 110),
    ]


def test_a_line_refunded_in_full_earns_nothing_and_stays_listed() -> None:
    lines = commission_lines([base("a", 0), base("b", 995)], ARRIVED_AT)

    assert [(line.line_key, line.amount_fen) for line in lines] == [("a", 0), ("b", 100)]


def test_commission_is_held_for_whole_days_after_arrival() -> None:
    (line,) = commission_lines([base("a", 1_000)], ARRIVED_AT)

    assert line.hold_until == datetime(2026, 3, 13, 2, 15, tzinfo=UTC)
    assert line.hold_until == hold_until(ARRIVED_AT, 3)


def test_a_line_given_twice_is_refused() -> None:
    with pytest.raises(LineListedTwice):
        commission_lines([base("a", 100), base("a", 100)], ARRIVED_AT)


@given(bases=bases_strategy)
def test_lines_of_one_rule_add_up_to_its_commission(bases: list[CommissionBase]) -> None:
    lines = commission_lines(bases, ARRIVED_AT)

    for rule in (FORMAL, GOLD):
        earned = sum(line.amount_fen for line in lines if line.plan_code == rule.plan_code)
        base_fen = sum(line.base_fen for line in lines if line.plan_code == rule.plan_code)
        assert earned == commission_fen(base_fen, rule.rate_bp)


@given(bases=bases_strategy)
def test_every_line_stays_in_place_and_within_its_base(bases: list[CommissionBase]) -> None:
    lines = commission_lines(bases, ARRIVED_AT)

    assert [line.line_key for line in lines] == [own.line_key for own in bases]
    assert all(0 <= line.amount_fen <= line.base_fen for line in lines)


@given(
    base_fen=st.integers(min_value=0, max_value=10**7),
    rate_bp=st.integers(min_value=0, max_value=10_000),
    data=st.data(),
)
def test_what_is_taken_back_grows_with_the_loss_up_to_all(
    base_fen: int, rate_bp: int, data: st.DataObject
) -> None:
    amount_fen = base_fen * rate_bp // 10_000
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, base_fen)] * 2)))

    assert clawback_fen(amount_fen, base_fen, 0) == 0
    assert clawback_fen(amount_fen, base_fen, base_fen) == amount_fen
    assert 0 <= clawback_fen(amount_fen, base_fen, less) <= clawback_fen(amount_fen, base_fen, more)


def test_a_quarter_of_the_base_takes_a_quarter_of_the_commission() -> None:
    assert clawback_fen(116, 1160, 290) == 29
    assert clawback_fen(100, 333, 111) == 34  # 66.67 are left, rounded down
