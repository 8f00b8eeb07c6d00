"""P5: no order slips into a frozen campaign, and the freeze gets its turn."""

import pytest

from tests.concurrency.freeze_races import freezes

LONGEST_WAIT_S = 2.0


def test_every_paid_order_is_in_the_snapshot_of_a_freeze_under_load() -> None:
    result = freezes(buyers=4, rounds=6)

    assert result.freezes == 6
    assert result.orders > 12
    assert result.missing == 0
    assert result.waits_s[-1] < LONGEST_WAIT_S


@pytest.mark.control
def test_without_its_share_of_the_lock_an_order_slips_past_the_snapshot() -> None:
    result = freezes(buyers=4, rounds=6, guarded=False)

    assert result.missing > 0
