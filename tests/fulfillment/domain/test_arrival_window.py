"""What a leader is told about a planned arrival."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.arrival_window import arrival_window

YEAR_2026 = datetime(2026, 1, 1, tzinfo=UTC)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-11T{clock}+08:00")


@pytest.mark.parametrize(
    ("planned", "arrive_from", "arrive_to", "_case"),
    [
        ("07:30:00", "07:15:00", "08:00:00", "on five minutes nothing is rounded"),
        ("07:22:00", "07:05:00", "07:55:00", "both ends are rounded outwards"),
        ("07:25:01", "07:10:00", "08:00:00", "a second counts"),
        ("00:05:00", "23:50:00", "00:35:00", "the window may start the day before"),
    ],
)
def test_the_window_lies_around_the_plan(
    planned: str, arrive_from: str, arrive_to: str, _case: str
) -> None:
    window = arrival_window(at(planned))

    assert window.arrive_from.strftime("%H:%M:%S") == arrive_from
    assert window.arrive_to.strftime("%H:%M:%S") == arrive_to


@given(st.integers(min_value=0, max_value=10**8).map(lambda s: YEAR_2026 + timedelta(seconds=s)))
def test_the_plan_always_lies_inside_and_the_window_stays_short(planned: datetime) -> None:
    window = arrival_window(planned)

    assert window.arrive_from <= planned - timedelta(minutes=15)
    assert planned + timedelta(minutes=30) <= window.arrive_to
    assert window.arrive_to - window.arrive_from < timedelta(minutes=55)
    assert window.arrive_from.minute % 5 == window.arrive_to.minute % 5 == 0
