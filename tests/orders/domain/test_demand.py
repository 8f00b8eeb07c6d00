"""Paid lines turned into demand."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.demand import (
    DemandTotals,
    PaidLine,
    demand_by_sku,
    demand_hash,
    demand_totals,
    line_key,
)
from orders.errors import AmountNegative, QuantityNotPositive

PAID_AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def line(order_no: str, sku_code: str, qty: int, *, point: str = "L01", fen: int = 0) -> PaidLine:
    return PaidLine(
        line_key=line_key(order_no, sku_code),
        order_no=order_no,
        sku_code=sku_code,
        point_code=point,
        qty=qty,
        amount_fen=fen,
        paid_at=PAID_AT,
    )


lines_strategy = st.lists(
    st.builds(
        line,
        st.sampled_from(["O1", "O2", "O3", "O4"]),
        st.sampled_from(["K1", "K2", "K3"]),
        st.integers(min_value=1, max_value=50),
        point=st.sampled_from(["L01", "L02"]),
        fen=st.integers(min_value=0, max_value=9_999),
    ),
    max_size=30,
)

EVENING = [
    line("O2", "K2", 3, point="L02", fen=897),
    line("O1", "K1", 2, point="L01", fen=4_980),
    line("O1", "K2", 1, point="L01", fen=299),
]


def test_demand_is_summed_per_sku_in_order_of_code() -> None:
    assert demand_by_sku(EVENING) == {"K1": 2, "K2": 4}
    assert list(demand_by_sku(EVENING)) == ["K1", "K2"]


def test_totals_count_orders_lines_pieces_and_fen() -> None:
    assert demand_totals(EVENING) == DemandTotals(orders=2, lines=3, pieces=6, amount_fen=6_176)


def test_no_lines_make_no_demand() -> None:
    assert demand_by_sku([]) == {}
    assert demand_totals([]) == DemandTotals(orders=0, lines=0, pieces=0, amount_fen=0)


@given(lines=lines_strategy)
def test_no_piece_is_lost_or_made(lines: list[PaidLine]) -> None:
    pieces = demand_totals(lines).pieces

    assert sum(demand_by_sku(lines).values()) == pieces
    assert set(demand_by_sku(lines)) == {own.sku_code for own in lines}


@given(lines=lines_strategy, seed=st.integers(min_value=0, max_value=99))
def test_the_order_of_rows_changes_nothing(lines: list[PaidLine], seed: int) -> None:
    shuffled = list(lines)
    random.Random(seed).shuffle(shuffled)

    assert demand_hash(shuffled) == demand_hash(lines)
    assert list(demand_by_sku(shuffled).items()) == list(demand_by_sku(lines).items())


def test_the_hash_is_the_one_on_the_page() -> None:
    assert demand_hash(EVENING) == (
        "18cf4ac442f453482d2c0c094a7c201b0fa9a9b3cb471a9179bfec73ff9ddced"
    )


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"qty": 4}, id="quantity"),
        pytest.param({"order_no": "O3"}, id="order"),
        pytest.param({"sku_code": "K3"}, id="sku"),
    ],
)
def test_the_hash_changes_with_what_was_ordered(changed: dict[str, Any]) -> None:
    assert demand_hash([replace(EVENING[0], **changed), *EVENING[1:]]) != demand_hash(EVENING)


def test_the_hash_cannot_be_forged_by_moving_a_separator() -> None:
    assert demand_hash([line("O1", "K", 1)]) != demand_hash([line("O", "1K", 1)])
    assert demand_hash([line('O1", "K', "1", 1)]) != demand_hash([line("O1", 'K", "1', 1)])


def test_one_line_more_changes_the_hash_even_if_it_repeats_another() -> None:
    assert demand_hash([*EVENING, EVENING[0]]) != demand_hash(EVENING)


@pytest.mark.parametrize("qty", [0, -1])
def test_a_line_of_no_pieces_is_refused(qty: int) -> None:
    with pytest.raises(QuantityNotPositive):
        line("O1", "K1", qty)


def test_a_free_line_is_demand_and_a_negative_one_is_refused() -> None:
    assert demand_by_sku([line("O1", "K1", 1, fen=0)]) == {"K1": 1}
    with pytest.raises(AmountNegative):
        line("O1", "K1", 1, fen=-1)
