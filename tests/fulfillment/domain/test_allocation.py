"""A short receipt shared over order lines."""

import csv
import random
import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.allocation import (
    Allocation,
    LineDemand,
    ShortageRule,
    allocate,
)
from fulfillment.domain.quotas import webster_quotas
from fulfillment.errors import (
    CountNegative,
    LineListedTwice,
    LockedExceedsAccepted,
    LockedExceedsOrdered,
)
from orders.errors import QuantityNotPositive

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
MORNING = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def line(key: str, point: str, qty: int, minute: int, line_no: int = 0) -> LineDemand:
    return LineDemand(
        line_key=key,
        point_code=point,
        qty=qty,
        paid_at=MORNING + timedelta(minutes=minute),
        line_no=line_no,
    )


# Three pickup points ask for 6, 6 and 2; the residents of A pay first.
SQUARE = [
    line("a1", "A", 2, 1),
    line("a2", "A", 3, 2),
    line("a3", "A", 1, 3),
    line("b1", "B", 4, 4),
    line("b2", "B", 2, 5),
    line("c1", "C", 1, 6),
    line("c2", "C", 1, 7),
]

rules = st.sampled_from(ShortageRule)


@st.composite
def shortages(draw: st.DrawFn) -> tuple[list[LineDemand], int]:
    """Lines of up to five points, and fewer, as many or more accepted pieces."""
    lines = [
        line(
            f"line-{number}",
            draw(st.sampled_from("ABCDE")),
            draw(st.integers(min_value=1, max_value=9)),
            draw(st.integers(min_value=0, max_value=5)),
        )
        for number in range(draw(st.integers(min_value=0, max_value=14)))
    ]
    need = sum(line.qty for line in lines)
    return lines, draw(st.integers(min_value=0, max_value=need + 5))


def per_point(lines: list[LineDemand], allocation: Allocation) -> dict[str, int]:
    pieces: dict[str, int] = defaultdict(int)
    for own in lines:
        pieces[own.point_code] += allocation.quantities[own.line_key]
    return dict(pieces)


def test_paid_time_serves_whole_lines_in_the_order_they_were_paid() -> None:
    allocation = allocate(SQUARE, 10, ShortageRule.PAID_TIME)

    assert allocation.quantities == {
        "a1": 2, "a2": 3, "a3": 1, "b1": 4, "b2": 0, "c1": 0, "c2": 0,
    }  # fmt: skip
    assert (allocation.allocated_qty, allocation.spare_qty) == (10, 0)


def test_the_line_at_the_edge_gets_what_is_left() -> None:
    allocation = allocate(SQUARE, 8, ShortageRule.PAID_TIME)

    assert allocation.quantities["b1"] == 2


def test_lines_paid_in_the_same_second_follow_their_number_then_their_key() -> None:
    lines = [line("z", "A", 1, 0, line_no=2), line("b", "A", 1, 0), line("a", "A", 1, 0)]

    assert allocate(lines, 1, ShortageRule.PAID_TIME).quantities == {"z": 0, "b": 0, "a": 1}
    assert allocate(lines, 2, ShortageRule.PAID_TIME).quantities == {"z": 0, "b": 1, "a": 1}


def test_a_quota_spreads_the_shortage_over_the_points() -> None:
    by_time = allocate(SQUARE, 10, ShortageRule.PAID_TIME)
    by_quota = allocate(SQUARE, 10, ShortageRule.LEADER_QUOTA)

    assert per_point(SQUARE, by_time) == {"A": 6, "B": 4, "C": 0}
    assert per_point(SQUARE, by_quota) == {"A": 5, "B": 4, "C": 1}
    assert by_quota.quantities == {
        "a1": 2, "a2": 3, "a3": 0, "b1": 4, "b2": 0, "c1": 1, "c2": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("supply", "expected"),
    [
        (0, (0, 0, 0)),
        (1, (1, 0, 0)),
        (2, (1, 1, 0)),
        (5, (2, 2, 1)),
        (9, (4, 4, 1)),
        (10, (5, 4, 1)),
        (11, (5, 5, 1)),
        (12, (5, 5, 2)),
        (13, (6, 5, 2)),
        (14, (6, 6, 2)),
        (20, (6, 6, 2)),
    ],
)
def test_webster_shares_as_the_page_says(supply: int, expected: tuple[int, int, int]) -> None:
    quotas = webster_quotas({"A": 6, "B": 6, "C": 2}, supply)

    assert (quotas["A"], quotas["B"], quotas["C"]) == expected


def test_largest_remainder_would_have_taken_a_piece_back_from_c() -> None:
    demands = [6, 6, 2]

    def hamilton(supply: int) -> list[int]:
        floors = [supply * demand // 14 for demand in demands]
        by_remainder = sorted(range(3), key=lambda at: -(supply * demands[at] % 14))
        for at in by_remainder[: supply - sum(floors)]:
            floors[at] += 1
        return floors

    assert hamilton(10) == [4, 4, 2]
    assert hamilton(11) == [5, 5, 1]


@pytest.mark.parametrize("rule", ShortageRule)
def test_enough_for_all_gives_all_and_the_rest_is_spare(rule: ShortageRule) -> None:
    allocation = allocate(SQUARE, 17, rule)

    assert allocation.quantities == {own.line_key: own.qty for own in SQUARE}
    assert allocation.spare_qty == 3


@pytest.mark.parametrize("rule", ShortageRule)
def test_nothing_accepted_leaves_every_line_at_zero(rule: ShortageRule) -> None:
    allocation = allocate(SQUARE, 0, rule)

    assert set(allocation.quantities.values()) == {0}
    assert list(allocation.quantities) == [own.line_key for own in SQUARE]


@pytest.mark.parametrize("rule", ShortageRule)
def test_goods_nobody_ordered_are_all_spare(rule: ShortageRule) -> None:
    assert allocate([], 5, rule) == Allocation(quantities={}, spare_qty=5)


@given(case=shortages(), rule=rules)
def test_pieces_are_conserved(case: tuple[list[LineDemand], int], rule: ShortageRule) -> None:
    lines, accepted = case
    need = sum(own.qty for own in lines)

    allocation = allocate(lines, accepted, rule)

    assert sum(allocation.quantities.values()) == min(accepted, need)
    assert sum(allocation.quantities.values()) + allocation.spare_qty == accepted
    assert all(0 <= allocation.quantities[own.line_key] <= own.qty for own in lines)


@given(case=shortages(), rule=rules)
def test_one_more_piece_never_takes_a_piece_back(
    case: tuple[list[LineDemand], int], rule: ShortageRule
) -> None:
    lines, accepted = case

    before = allocate(lines, accepted, rule)
    after = allocate(lines, accepted + 1, rule)

    gained = {key: after.quantities[key] - qty for key, qty in before.quantities.items()}
    assert min(gained.values(), default=0) >= 0
    assert sum(gained.values()) == (accepted < sum(own.qty for own in lines))


@given(case=shortages(), rule=rules, top_up=st.integers(min_value=0, max_value=20))
def test_a_top_up_over_sorted_goods_ends_like_a_full_delivery(
    case: tuple[list[LineDemand], int], rule: ShortageRule, top_up: int
) -> None:
    lines, accepted = case
    already_sorted = allocate(lines, accepted, rule).quantities

    topped_up = allocate(lines, accepted + top_up, rule, locked=already_sorted)

    assert topped_up == allocate(lines, accepted + top_up, rule)


@given(case=shortages(), rule=rules, data=st.data())
def test_sorted_pieces_stay_whoever_has_them(
    case: tuple[list[LineDemand], int], rule: ShortageRule, data: st.DataObject
) -> None:
    lines, accepted = case
    left = accepted
    locked = {}
    for own in lines:
        qty = data.draw(st.integers(min_value=0, max_value=min(own.qty, left)))
        locked[own.line_key] = qty
        left -= qty

    allocation = allocate(lines, accepted, rule, locked=locked)

    assert all(allocation.quantities[key] >= qty for key, qty in locked.items())
    assert allocation.allocated_qty == min(accepted, sum(own.qty for own in lines))


@given(case=shortages(), rule=rules, seed=st.integers(0, 99))
def test_the_order_of_rows_changes_no_quantity(
    case: tuple[list[LineDemand], int], rule: ShortageRule, seed: int
) -> None:
    lines, accepted = case
    shuffled = list(lines)
    random.Random(seed).shuffle(shuffled)

    assert dict(allocate(shuffled, accepted, rule).quantities) == dict(
        allocate(lines, accepted, rule).quantities
    )


@given(case=shortages())
def test_paid_time_lets_nobody_wait_behind_a_later_payment(
    case: tuple[list[LineDemand], int],
) -> None:
    lines, accepted = case

    quantities = allocate(lines, accepted, ShortageRule.PAID_TIME).quantities

    for early in lines:
        for late in lines:
            if early.paid_at < late.paid_at and quantities[late.line_key]:
                assert quantities[early.line_key] == early.qty


@given(
    demands=st.dictionaries(
        st.sampled_from("ABCDEFGH"), st.integers(min_value=1, max_value=60), min_size=1
    ),
    data=st.data(),
)
def test_no_point_could_pass_a_piece_to_a_needier_one(
    demands: dict[str, int], data: st.DataObject
) -> None:
    """Webster's own test: D_i / (2a_i - 1) >= D_j / (2a_j + 1) for all i, j."""
    supply = data.draw(st.integers(min_value=0, max_value=sum(demands.values())))

    quotas = webster_quotas(demands, supply)

    for giver, given_qty in quotas.items():
        for taker, taken_qty in quotas.items():
            if given_qty and taken_qty < demands[taker]:
                assert demands[giver] * (2 * taken_qty + 1) >= demands[taker] * (2 * given_qty - 1)


def gift(key: str, qty: int, minute: int, point: str = "A") -> LineDemand:
    return replace(line(key, point, qty, minute), is_whole_only=True)


def test_a_set_that_does_not_fit_leaves_its_pieces_to_the_next_lines() -> None:
    lines = [line("a", "A", 2, 1), gift("b", 3, 2), line("c", "A", 2, 3)]

    assert allocate(lines, 4, ShortageRule.PAID_TIME).quantities == {"a": 2, "b": 0, "c": 2}
    assert allocate(lines, 5, ShortageRule.PAID_TIME).quantities == {"a": 2, "b": 3, "c": 0}


def test_too_little_for_any_set_is_spare() -> None:
    allocation = allocate([gift("a", 3, 1), gift("b", 4, 2)], 2, ShortageRule.PAID_TIME)

    assert (allocation.quantities, allocation.spare_qty) == ({"a": 0, "b": 0}, 2)


def test_under_a_quota_what_a_point_cannot_use_is_served_to_all() -> None:
    lines = [gift("a", 4, 1, point="A"), line("b", "B", 4, 2)]

    # Each point's quota is 2 of 4; the set cannot use its own.
    assert allocate(lines, 4, ShortageRule.LEADER_QUOTA).quantities == {"a": 0, "b": 4}


@given(case=shortages(), rule=rules, data=st.data())
def test_sets_come_whole_and_nothing_is_spare_that_somebody_could_use(
    case: tuple[list[LineDemand], int], rule: ShortageRule, data: st.DataObject
) -> None:
    plain, accepted = case
    lines = [replace(own, is_whole_only=data.draw(st.booleans())) for own in plain]

    allocation = allocate(lines, accepted, rule)

    assert allocation.allocated_qty + allocation.spare_qty == accepted
    for own in lines:
        lacks = own.qty - allocation.quantities[own.line_key]
        assert not own.is_whole_only or lacks in (0, own.qty)
        assert (
            not lacks
            or not allocation.spare_qty
            or (own.is_whole_only and lacks > allocation.spare_qty)
        )


def test_more_sorted_than_accepted_must_be_counted_again() -> None:
    with pytest.raises(LockedExceedsAccepted) as refused:
        allocate(SQUARE, 5, ShortageRule.PAID_TIME, locked={"a1": 2, "b1": 4})

    assert refused.value.details == {"sorted_qty": 6, "accepted_qty": 5}


@pytest.mark.parametrize("locked", [{"a1": 3}, {"a1": -1}, {"unknown": 1}])
def test_more_sorted_than_ordered_is_refused(locked: dict[str, int]) -> None:
    with pytest.raises(LockedExceedsOrdered):
        allocate(SQUARE, 14, ShortageRule.LEADER_QUOTA, locked=locked)


def test_input_that_is_no_count_is_refused() -> None:
    with pytest.raises(CountNegative):
        allocate(SQUARE, -1, ShortageRule.PAID_TIME)
    with pytest.raises(LineListedTwice):
        allocate([SQUARE[0], SQUARE[0]], 1, ShortageRule.PAID_TIME)
    with pytest.raises(QuantityNotPositive):
        line("a1", "A", 0, 0)
    with pytest.raises(QuantityNotPositive):
        line("a1", "A", 2**31, 0)
    assert line("a1", "A", 2**31 - 1, 0).qty == 2**31 - 1


@pytest.mark.parametrize("rule", ShortageRule)
def test_a_real_day_is_shared_out_in_under_a_second(rule: ShortageRule) -> None:
    path = DATA / "day_zhengzhou" / "orders.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there; this test shares out a real day")
    lines_of: dict[str, list[LineDemand]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            lines_of[row["sku_code"]].append(
                LineDemand(
                    line_key=f"{row['order_no']}/{row['sku_code']}",
                    point_code=row["leader_code"],
                    qty=int(row["qty"]),
                    paid_at=datetime.fromisoformat(row["paid_at"]),
                    line_no=number,
                )
            )
    supplies = {sku: sum(own.qty for own in lines) * 9 // 10 for sku, lines in lines_of.items()}

    started = time.process_time()
    allocated = sum(
        allocate(lines, supplies[sku], rule).allocated_qty for sku, lines in lines_of.items()
    )
    seconds = time.process_time() - started

    assert (len(lines_of), sum(map(len, lines_of.values()))) == (180, 41_072)
    assert allocated == sum(supplies.values())
    assert seconds < 1.0
