"""A SKU shared out again: only the difference moves, and nothing sorted does."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.domain.reallocation import HeldLine, reallocate, spread_sorted
from fulfillment.errors import (
    CountNegative,
    LineListedTwice,
    LockedExceedsAccepted,
    LockedExceedsOrdered,
)

MORNING = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def demand(
    key: str, qty: int, minute: int, *, point: str = "A", is_whole_only: bool = False
) -> LineDemand:
    return LineDemand(
        line_key=key,
        point_code=point,
        qty=qty,
        paid_at=MORNING + timedelta(minutes=minute),
        is_whole_only=is_whole_only,
    )


def held(line: LineDemand, qty: int, *, in_slot: int = 0, is_fixed: bool = False) -> HeldLine:
    return HeldLine(demand=line, held_qty=qty, sorted_qty=in_slot, is_fixed=is_fixed)


# Three lines of 6, 6 and 2 at three points, paid in this order.
A, B, C = (
    demand("a", 6, 1, point="A"),
    demand("b", 6, 2, point="B"),
    demand("c", 2, 3, point="C"),
)
rules = st.sampled_from(ShortageRule)


@st.composite
def nights(draw: st.DrawFn, *, has_sets: bool = True) -> tuple[list[HeldLine], ShortageRule, int]:
    """Lines shared out by a rule, some of it sorted, some fixed; and the supply it came from."""
    lines = [
        demand(
            f"line-{number}",
            draw(st.integers(min_value=1, max_value=7)),
            draw(st.integers(min_value=0, max_value=5)),
            point=draw(st.sampled_from("ABCD")),
            is_whole_only=has_sets and draw(st.booleans()),
        )
        for number in range(draw(st.integers(min_value=0, max_value=10)))
    ]
    rule = draw(rules)
    supply = draw(st.integers(min_value=0, max_value=sum(line.qty for line in lines) + 3))
    given_qty = allocate(lines, supply, rule).quantities
    return (
        [
            held(
                line,
                given_qty[line.line_key],
                in_slot=draw(st.integers(min_value=0, max_value=given_qty[line.line_key])),
                is_fixed=draw(st.integers(0, 9)) == 0,
            )
            for line in lines
        ],
        rule,
        supply,
    )


def as_held(lines: list[HeldLine]) -> dict[str, int]:
    return {line.demand.line_key: line.held_qty for line in lines}


def in_slots(lines: list[HeldLine]) -> int:
    return sum(line.sorted_qty for line in lines)


def test_a_top_up_is_the_one_a_full_delivery_would_have_given() -> None:
    at_ten = [held(A, 5), held(B, 4), held(C, 1)]

    after = reallocate(at_ten, 11, ShortageRule.LEADER_QUOTA)

    assert after == {"a": 5, "b": 5, "c": 1}


def test_a_loss_is_the_one_a_smaller_delivery_would_have_given() -> None:
    at_eleven = [held(A, 5), held(B, 5), held(C, 1)]

    after = reallocate(at_eleven, 10, ShortageRule.LEADER_QUOTA)

    assert after == {"a": 5, "b": 4, "c": 1}


def test_by_paid_time_the_last_to_pay_gives_first() -> None:
    after = reallocate([held(A, 6), held(B, 5), held(C, 0)], 9, ShortageRule.PAID_TIME)

    assert after == {"a": 6, "b": 3, "c": 0}


def test_what_is_sorted_stays_and_somebody_else_gives() -> None:
    after = reallocate([held(A, 6), held(B, 5, in_slot=5), held(C, 0)], 9, ShortageRule.PAID_TIME)

    assert after == {"a": 4, "b": 5, "c": 0}


def test_a_rule_changed_between_takes_from_nobody_to_give_to_another() -> None:
    by_paid_time = [held(A, 6), held(B, 4), held(C, 0)]

    assert reallocate(by_paid_time, 10, ShortageRule.LEADER_QUOTA) == {"a": 6, "b": 4, "c": 0}
    assert reallocate(by_paid_time, 11, ShortageRule.LEADER_QUOTA) == {"a": 6, "b": 4, "c": 1}
    assert reallocate(by_paid_time, 9, ShortageRule.LEADER_QUOTA) == {"a": 5, "b": 4, "c": 0}


def test_once_final_nobody_gains_but_a_line_may_lose() -> None:
    lines = [held(A, 6), held(B, 4), held(C, 0)]

    assert reallocate(lines, 14, ShortageRule.PAID_TIME, is_final=True) == as_held(lines)
    assert reallocate(lines, 9, ShortageRule.PAID_TIME, is_final=True) == {"a": 6, "b": 3, "c": 0}


def test_a_fixed_line_gains_nothing_and_gives_last() -> None:
    lines = [held(A, 6), held(B, 2, is_fixed=True), held(C, 2)]

    assert reallocate(lines, 14, ShortageRule.PAID_TIME) == {"a": 6, "b": 2, "c": 2}
    assert reallocate(lines, 3, ShortageRule.PAID_TIME) == {"a": 1, "b": 2, "c": 0}
    assert reallocate(lines, 1, ShortageRule.PAID_TIME) == {"a": 0, "b": 1, "c": 0}


def test_of_fixed_lines_the_last_to_pay_gives_first() -> None:
    lines = [held(A, 2, is_fixed=True), held(B, 2, is_fixed=True)]

    assert reallocate(lines, 3, ShortageRule.PAID_TIME) == {"a": 2, "b": 1}


def test_a_set_that_loses_a_piece_gives_all_and_what_is_over_stays_with_others() -> None:
    gift = demand("gift", 3, 2, is_whole_only=True)
    late = demand("late", 4, 3)

    after = reallocate([held(gift, 3), held(late, 2)], 2, ShortageRule.PAID_TIME)

    assert after == {"gift": 0, "late": 2}


def test_a_set_waits_until_it_can_be_whole() -> None:
    gift = demand("gift", 3, 1, is_whole_only=True)
    late = demand("late", 4, 2)
    lines = [held(gift, 0), held(late, 2)]

    assert reallocate(lines, 4, ShortageRule.PAID_TIME) == {"gift": 0, "late": 4}
    assert reallocate(lines, 5, ShortageRule.PAID_TIME) == {"gift": 3, "late": 2}


@given(night=nights(), moved=st.integers(min_value=-30, max_value=30))
def test_a_re_run_moves_the_difference_and_nothing_else(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int
) -> None:
    lines, rule, supply = night
    now = max(in_slots(lines), supply + moved)
    before = as_held(lines)

    after = reallocate(lines, now, rule)

    is_enough = now >= sum(before.values())
    assert sum(after.values()) <= now
    for line in lines:
        key = line.demand.line_key
        assert line.sorted_qty <= after[key] <= line.demand.qty
        assert after[key] >= before[key] if is_enough else after[key] <= before[key]
        assert not line.is_fixed or after[key] <= before[key]


@given(night=nights(has_sets=False), moved=st.integers(min_value=-30, max_value=30))
def test_pieces_are_conserved_however_often_they_are_shared(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int
) -> None:
    lines, rule, supply = night
    now = max(in_slots(lines), supply + moved)

    after = reallocate(lines, now, rule)

    could_have = sum(line.held_qty if line.is_fixed else line.demand.qty for line in lines)
    assert sum(after.values()) == min(now, could_have)


@given(night=nights(has_sets=False), moved=st.integers(min_value=-30, max_value=30))
def test_without_hands_and_sets_the_result_is_that_of_one_sharing(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int
) -> None:
    lines, rule, supply = night
    untouched = [replace(line, sorted_qty=0, is_fixed=False) for line in lines]
    now = max(0, supply + moved)

    after = reallocate(untouched, now, rule)

    assert after == allocate([line.demand for line in lines], now, rule).quantities


@given(night=nights(), moved=st.integers(min_value=-30, max_value=30))
def test_a_set_is_whole_or_empty_unless_pieces_of_it_are_sorted(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int
) -> None:
    lines, rule, supply = night
    now = max(in_slots(lines), supply + moved)

    after = reallocate(lines, now, rule)

    for line in lines:
        if line.demand.is_whole_only and not line.sorted_qty and not line.is_fixed:
            assert after[line.demand.line_key] in (0, line.demand.qty)


@given(night=nights(), moved=st.integers(min_value=0, max_value=30))
def test_nothing_stays_spare_that_somebody_could_get(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int
) -> None:
    lines, rule, supply = night

    after = reallocate(lines, supply + moved, rule)

    spare = supply + moved - sum(after.values())
    for line in lines:
        lacks = line.demand.qty - after[line.demand.line_key]
        assert (
            not lacks or not spare or line.is_fixed or (line.demand.is_whole_only and lacks > spare)
        )


@given(night=nights(), moved=st.integers(min_value=-30, max_value=30), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int, seed: int
) -> None:
    lines, rule, supply = night
    now = max(in_slots(lines), supply + moved)
    shuffled = list(lines)
    random.Random(seed).shuffle(shuffled)

    assert dict(reallocate(shuffled, now, rule)) == dict(reallocate(lines, now, rule))


@given(night=nights(), moved=st.integers(min_value=-30, max_value=30))
def test_shared_a_second_time_nothing_moves(
    night: tuple[list[HeldLine], ShortageRule, int], moved: int
) -> None:
    lines, rule, supply = night
    now = max(in_slots(lines), supply + moved)
    once = reallocate(lines, now, rule)
    settled = [replace(line, held_qty=once[line.demand.line_key]) for line in lines]

    assert dict(reallocate(settled, now, rule)) == dict(once)


def test_sorted_pieces_belong_to_who_paid_first() -> None:
    assert spread_sorted([demand("late", 3, 9), demand("early", 2, 1)], 4) == {
        "early": 2,
        "late": 2,
    }


def test_a_set_is_bound_half_only_when_nothing_else_is_left() -> None:
    gift = demand("gift", 3, 1, is_whole_only=True)
    late = demand("late", 2, 9)

    assert spread_sorted([gift, late], 2) == {"gift": 0, "late": 2}
    assert spread_sorted([gift, late], 3) == {"gift": 3, "late": 0}
    assert spread_sorted([gift, late], 4) == {"gift": 3, "late": 1}
    assert spread_sorted([gift, demand("one", 1, 9)], 2) == {"gift": 1, "one": 1}


@given(
    has=st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=8),
    data=st.data(),
)
def test_every_sorted_piece_has_one_owner(has: list[tuple[int, bool]], data: st.DataObject) -> None:
    lines = [
        demand(f"line-{number}", qty, number % 3, is_whole_only=is_set)
        for number, (qty, is_set) in enumerate(has)
    ]
    in_slot = data.draw(st.integers(0, sum(line.qty for line in lines)))

    shares: Mapping[str, int] = spread_sorted(lines, in_slot)

    assert sum(shares.values()) == in_slot
    assert all(0 <= shares[line.line_key] <= line.qty for line in lines)


def test_more_in_a_slot_than_its_lines_have_is_refused() -> None:
    with pytest.raises(LockedExceedsOrdered):
        spread_sorted([demand("a", 2, 1)], 3)


def test_input_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(LockedExceedsOrdered):
        held(A, 7)
    with pytest.raises(LockedExceedsOrdered):
        held(A, 2, in_slot=3)
    with pytest.raises(CountNegative):
        reallocate([held(A, 0)], -1, ShortageRule.PAID_TIME)
    with pytest.raises(LineListedTwice):
        reallocate([held(A, 1), held(A, 1)], 2, ShortageRule.PAID_TIME)
    with pytest.raises(LockedExceedsAccepted) as refused:
        reallocate([held(A, 6, in_slot=6)], 5, ShortageRule.PAID_TIME)
    assert refused.value.details == {"sorted_qty": 6, "accepted_qty": 5}
