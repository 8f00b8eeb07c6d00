"""What goes back for pieces that do not come."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.refunds import further_refund_fen, shortage_refund_fen
from orders.errors import AmountNegative, QuantityNotPositive, ShortageExceedsOrdered


@st.composite
def lines_with_steps(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    """A paid line and the growing totals of its shortage."""
    ordered_qty = draw(st.integers(min_value=1, max_value=200))
    steps = draw(st.lists(st.integers(min_value=0, max_value=ordered_qty), max_size=6))
    return draw(st.integers(min_value=0, max_value=10**7)), ordered_qty, sorted(steps)


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


@given(line=lines_with_steps())
def test_refunds_in_steps_add_up_to_the_refund_at_once(line: tuple[int, int, list[int]]) -> None:
    paid_fen, ordered_qty, steps = line

    refunds_fen = [
        further_refund_fen(paid_fen, ordered_qty, short_before_qty=before, short_now_qty=now)
        for before, now in pairwise([0, *steps])
    ]

    last = steps[-1] if steps else 0
    assert sum(refunds_fen) == shortage_refund_fen(paid_fen, ordered_qty, last)
    assert all(refund_fen >= 0 for refund_fen in refunds_fen)


@given(line=lines_with_steps())
def test_a_refund_never_exceeds_its_exact_share_and_misses_less_than_a_fen(
    line: tuple[int, int, list[int]],
) -> None:
    paid_fen, ordered_qty, steps = line

    for short_qty in steps:
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


def test_a_shortage_that_shrinks_asks_for_no_money() -> None:
    with pytest.raises(ShortageExceedsOrdered):
        further_refund_fen(1_000, 3, short_before_qty=2, short_now_qty=1)


def test_figures_outside_their_range_are_refused() -> None:
    with pytest.raises(QuantityNotPositive):
        shortage_refund_fen(1_000, 0, 0)
    with pytest.raises(AmountNegative):
        shortage_refund_fen(-1, 3, 1)
    with pytest.raises(AmountNegative):
        shortage_refund_fen(1_000, 3, -1)
