"""P1 and P2: the last unit is sold once, and baskets wait for each other in no circle."""

import pytest

from tests.concurrency.stock_races import last_units, rush


@pytest.mark.parametrize(("cap", "buckets"), [(1, 1), (5, 3)])
def test_the_last_units_are_sold_once_each(cap: int, buckets: int) -> None:
    result = last_units(buyers=8, rounds=6, cap=cap, buckets=buckets)

    assert result.attempts == 48
    assert (result.sold, result.oversold) == (6 * cap, 0)
    assert result.refusals == {"SoldOut"}


@pytest.mark.control
def test_a_counter_that_is_read_before_it_is_written_oversells() -> None:
    result = last_units(buyers=6, rounds=2, guarded=False)

    assert result.oversold > 0


def test_shuffled_baskets_of_five_never_deadlock() -> None:
    result = rush(clients=8, rounds=8)

    assert (result.placed, result.deadlocks, result.drifted) == (64, 0, 0)


@pytest.mark.control
def test_counters_raised_in_the_order_of_the_basket_deadlock() -> None:
    result = rush(clients=4, rounds=2, guarded=False)

    assert result.deadlocks > 0
