"""Half hours at the dock."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.dock_slots import dock_slots


def test_a_night_runs_over_midnight_in_its_own_order() -> None:
    assert dock_slots(time(22, 30), time(0, 30)) == [
        time(22, 30),
        time(23, 0),
        time(23, 30),
        time(0, 0),
    ]


def test_the_closing_time_is_no_slot() -> None:
    assert dock_slots(time(1, 0), time(2, 0)) == [time(1, 0), time(1, 30)]


@given(opens=st.times(), closes=st.times())
def test_slots_are_different_and_start_at_the_opening(opens: time, closes: time) -> None:
    slots = dock_slots(opens, closes)

    assert slots[0] == time(opens.hour, opens.minute)
    assert len(set(slots)) == len(slots) <= 48
