"""Paid lines turned into demand."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.errors import PromiseBroken
from orders.domain.demand import Demand, DemandTotals, PaidLine, demand_of
from orders.errors import AmountNegative, QuantityNotPositive


def line(order_no: str, sku_code: str, qty: int, fen: int = 0) -> PaidLine:
    return PaidLine(order_no, sku_code, qty, fen)


def hash_of(*lines: PaidLine) -> str:
    return demand_of(lines).lines_hash


lines_strategy = st.lists(
    st.builds(
        line,
        st.sampled_from(["O1", "O2", "O3", "订单"]),
        st.sampled_from(["K1", 'K"2', "果\n"]),
        st.integers(min_value=1, max_value=50),
        st.integers(min_value=0, max_value=9_999),
    ),
    max_size=30,
    unique_by=lambda own: own[:2],
).map(sorted)

EVENING = [line("O1", "K1", 2, 4_980), line("O1", "K2", 1, 299), line("O2", "K2", 3, 897)]


def test_demand_is_summed_per_sku_in_order_of_code() -> None:
    assert list(demand_of(EVENING).by_sku.items()) == [("K1", 2), ("K2", 4)]


def test_totals_count_orders_lines_pieces_and_fen() -> None:
    totals = demand_of(EVENING).totals

    assert totals == DemandTotals(orders=2, lines=3, pieces=6, amount_fen=6_176)


def test_no_lines_make_no_demand() -> None:
    assert demand_of([]) == Demand(
        by_sku={},
        totals=DemandTotals(orders=0, lines=0, pieces=0, amount_fen=0),
        lines_hash=hashlib.sha256().hexdigest(),
    )


@given(lines=lines_strategy)
def test_no_piece_is_lost_or_made(lines: list[PaidLine]) -> None:
    demand = demand_of(lines)

    assert sum(demand.by_sku.values()) == demand.totals.pieces == sum(own.qty for own in lines)
    assert set(demand.by_sku) == {own.sku_code for own in lines}
    assert demand.totals.orders == len({own.order_no for own in lines})


@given(lines=lines_strategy)
def test_the_hash_is_over_the_triples_as_json(lines: list[PaidLine]) -> None:
    written = "".join(json.dumps(own[:3]) for own in lines)

    assert hash_of(*lines) == hashlib.sha256(written.encode()).hexdigest()


def test_lines_out_of_order_are_no_demand() -> None:
    with pytest.raises(PromiseBroken):
        demand_of(reversed(EVENING))


def test_the_hash_is_the_one_on_the_page() -> None:
    assert hash_of(*EVENING) == "18cf4ac442f453482d2c0c094a7c201b0fa9a9b3cb471a9179bfec73ff9ddced"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(line("O2", "K2", 4, 897), id="quantity"),
        pytest.param(line("O3", "K2", 3, 897), id="order"),
        pytest.param(line("O2", "K3", 3, 897), id="sku"),
    ],
)
def test_the_hash_changes_with_what_was_ordered(changed: PaidLine) -> None:
    assert hash_of(*EVENING[:-1], changed) != hash_of(*EVENING)


def test_the_hash_cannot_be_forged_by_moving_a_separator() -> None:
    assert hash_of(line("O1", "K", 1)) != hash_of(line("O", "1K", 1))
    assert hash_of(line('O1", "K', "1", 1)) != hash_of(line("O1", 'K", "1', 1))


def test_one_line_more_changes_the_hash_even_if_it_repeats_another() -> None:
    assert hash_of(*EVENING, EVENING[-1]) != hash_of(*EVENING)


@pytest.mark.parametrize("qty", [0, -1])
def test_a_line_of_no_pieces_is_refused(qty: int) -> None:
    with pytest.raises(QuantityNotPositive):
        demand_of([line("O1", "K1", qty)])


def test_a_free_line_is_demand_and_a_negative_one_is_refused() -> None:
    assert demand_of([line("O1", "K1", 1, 0)]).by_sku == {"K1": 1}
    with pytest.raises(AmountNegative):
        demand_of([line("O1", "K1", 1, -1)])
