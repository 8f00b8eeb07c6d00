"""Commission of an order, line by line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.settlement import (
    Clawback,
    CommissionBase,
    HeldCommission,
    LineLoss,
    clawback_fen,
    clawbacks_due,
    commission_lines,
    hold_until,
    losses_since,
    resale_lines,
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


def held_of(base_fen: int, amount_fen: int) -> HeldCommission:
    return HeldCommission(base_fen=base_fen, amount_fen=amount_fen)


def losses_of(*amounts_fen: int) -> list[LineLoss]:
    return [
        LineLoss(refund_no=f"R{number}", amount_fen=amount_fen)
        for number, amount_fen in enumerate(amounts_fen, start=1)
    ]


def test_every_refund_takes_its_own_part_of_a_commission_back() -> None:
    due = clawbacks_due(held_of(1_160, 116), losses_of(290, 300), [])

    assert due == [
        Clawback(refund_no="R1", base_fen=290, amount_fen=29),
        Clawback(refund_no="R2", base_fen=300, amount_fen=30),
    ]


def test_a_refund_that_was_answered_is_not_answered_again() -> None:
    first = Clawback(refund_no="R1", base_fen=290, amount_fen=29)

    assert clawbacks_due(held_of(1_160, 116), losses_of(290), [first]) == []


def test_a_refund_asked_for_anew_under_another_number_takes_nothing_twice() -> None:
    closed = Clawback(refund_no="R0", base_fen=290, amount_fen=29)

    due = clawbacks_due(held_of(1_160, 116), losses_of(290), [closed])

    assert due == [Clawback(refund_no="R1", base_fen=0, amount_fen=0)]


@given(
    base_fen=st.integers(0, 10_000),
    rate_bp=st.integers(0, 3_000),
    amounts=st.lists(st.integers(1, 4_000), max_size=6),
    cut=st.integers(0, 6),
)
def test_claw_backs_of_all_refunds_are_the_claw_back_of_their_sum(
    base_fen: int, rate_bp: int, amounts: list[int], cut: int
) -> None:
    held = held_of(base_fen, commission_fen(base_fen, rate_bp))
    losses = losses_of(*amounts)

    first = clawbacks_due(held, losses[:cut], [])
    then = clawbacks_due(held, losses, first)

    assert [row.refund_no for row in first + then] == [loss.refund_no for loss in losses]
    lost_fen = min(base_fen, sum(amounts))
    assert sum(row.base_fen for row in first + then) == lost_fen
    assert sum(row.amount_fen for row in first + then) == clawback_fen(
        held.amount_fen, base_fen, lost_fen
    )
    assert all(row.amount_fen <= row.base_fen for row in first + then)


def test_what_went_back_before_the_hold_is_no_loss_of_it() -> None:
    losses = losses_of(290, 300, 10)

    assert losses_since(losses, 290) == losses[1:]
    assert losses_since(losses, 0) == losses


def test_owner_and_reseller_share_the_commission_of_an_order() -> None:
    lines = commission_lines([base("L1", 1_000), base("L2", 333)], ARRIVED_AT)

    owned, resold = resale_lines(lines, 400)

    assert [(line.amount_fen, line.plan_code) for line in resold] == [
        (40, "resale"),
        (13, "resale"),
    ]
    assert [line.amount_fen for line in owned] == [60, 20]


def test_a_reseller_never_earns_more_than_the_line() -> None:
    lines = commission_lines([base("L1", 1_000)], ARRIVED_AT)

    owned, resold = resale_lines(lines, 2_000)

    assert ([line.amount_fen for line in owned], [line.amount_fen for line in resold]) == (
        [0],
        [100],
    )


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=6), st.integers(1, 3_000))
def test_a_resale_splits_every_line_without_a_rest(bases_fen: list[int], rate_bp: int) -> None:
    lines = commission_lines(
        [base(f"L{number}", fen) for number, fen in enumerate(bases_fen)], ARRIVED_AT
    )

    owned, resold = resale_lines(lines, rate_bp)

    for whole, own, share in zip(lines, owned, resold, strict=True):
        assert own.amount_fen + share.amount_fen == whole.amount_fen
        assert min(own.amount_fen, share.amount_fen) >= 0
