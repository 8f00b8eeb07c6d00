"""Pieces over buckets: nothing is lost between two of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.stock import bucket_caps, spread
from orders.errors import QuantityNotPositive


@given(st.integers(0, 10**6), st.integers(1, 32))
def test_the_buckets_hold_the_cap_and_differ_by_one_at_most(cap_qty: int, buckets: int) -> None:
    caps = bucket_caps(cap_qty, buckets)

    assert len(caps) == buckets
    assert sum(caps) == cap_qty
    assert max(caps) - min(caps) <= 1


@pytest.mark.parametrize(("cap_qty", "buckets"), [(5, 0), (-1, 1)])
def test_there_is_no_stock_without_a_bucket(cap_qty: int, buckets: int) -> None:
    with pytest.raises(QuantityNotPositive):
        bucket_caps(cap_qty, buckets)


@given(st.integers(0, 60), st.lists(st.integers(0, 20), max_size=8))
def test_pieces_are_spread_whole_or_not_at_all(qty: int, room: list[int]) -> None:
    taken = spread(qty, room)

    if qty > sum(room):
        assert taken is None
    else:
        assert taken is not None
        assert sum(taken) == qty
        assert all(0 <= part <= free for part, free in zip(taken, room, strict=True))


def test_earlier_buckets_are_emptied_first() -> None:
    assert spread(5, [2, 0, 4, 9]) == [2, 0, 3, 0]
