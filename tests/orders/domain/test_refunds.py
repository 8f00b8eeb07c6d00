"""What goes back for pieces that do not come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.refunds import shortage_refund_fen
from orders.errors import AmountNegative, QuantityNotPositive, ShortageExceedsOrdered

payments_fen = st.integers(min_value=0, max_value=10**7)
quantities = st.integers(min_value=1, max_value=200)


@given(
    unit_price_fen=st.integers(min_value=0, max_value=10**6),
    ordered_qty=st.integers(min_value=1, max_value=500),
    data=st.data(),
)
def test_a_whole_unit_price_is_refunded_per_piece(
    unit_price_fen: int, ordered_qty: int, data: st.DataObject
) -> None:
    short_qty = data.draw(st.integers(min_value=0, max_value=ordered_qty))

    refund_fen = shortage_refund_fen(unit_price_fen * ordered_qty, ordered_qty, short_qty)

    assert refund_fen == short_qty * unit_price_fen


def test_a_discounted_line_loses_no_fen_on_its_way_to_nothing() -> None:
    refunds_fen = [shortage_refund_fen(1_000, 3, short_qty) for short_qty in range(4)]

    assert refunds_fen == [0, 333, 666, 1_000]


@given(paid_fen=payments_fen, ordered_qty=quantities)
def test_a_larger_shortage_never_refunds_less(paid_fen: int, ordered_qty: int) -> None:
    refunds_fen = [
        shortage_refund_fen(paid_fen, ordered_qty, short_qty)
        for short_qty in range(ordered_qty + 1)
    ]

    assert refunds_fen == sorted(refunds_fen)


@given(paid_fen=payments_fen, ordered_qty=quantities, data=st.data())
def test_a_refund_never_exceeds_its_exact_share_and_misses_less_than_a_fen(
    paid_fen: int, ordered_qty: int, data: st.DataObject
) -> None:
    short_qty = data.draw(st.integers(min_value=0, max_value=ordered_qty))

    exact = paid_fen * short_qty
    refund = shortage_refund_fen(paid_fen, ordered_qty, short_qty) * ordered_qty

    assert 0 <= exact - refund < ordered_qty


@given(paid_fen=st.integers(min_value=0), ordered_qty=st.integers(min_value=1, max_value=10**6))
def test_when_nothing_comes_everything_goes_back(paid_fen: int, ordered_qty: int) -> None:
    assert shortage_refund_fen(paid_fen, ordered_qty, ordered_qty) == paid_fen


def test_a_line_cannot_be_short_of_more_than_it_ordered() -> None:
    with pytest.raises(ShortageExceedsOrdered) as refused:
        shortage_refund_fen(1_000, 3, 4)

    assert refused.value.details == {"ordered_qty": 3, "short_qty": 4}


def test_figures_outside_their_range_are_refused() -> None:
    with pytest.raises(QuantityNotPositive):
        shortage_refund_fen(1_000, 0, 0)
    with pytest.raises(AmountNegative):
        shortage_refund_fen(-1, 3, 1)
    with pytest.raises(AmountNegative):
        shortage_refund_fen(1_000, 3, -1)
