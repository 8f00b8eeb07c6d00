"""When the driver will be where: delays move on, waiting absorbs them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.expected_times import Call, expected_times, is_late

SIX = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return SIX + timedelta(minutes=minutes)


def call(
    stop_id: int,
    *,
    opens: int = 0,
    arrived: int | None = None,
    is_ended: bool = False,
) -> Call:
    """A stop 20 minutes' drive from the one before, with 5 minutes of unloading."""
    return Call(
        stop_id=stop_id,
        drive=timedelta(minutes=20),
        opens_at=at(opens),
        service=timedelta(minutes=5),
        planned_at=at(25 * stop_id - 5),
        arrived_at=None if arrived is None else at(arrived),
        is_ended=is_ended,
    )


def minutes(calls: list[Call], *, left: int, now: int) -> dict[int, int]:
    times = expected_times(calls, on_the_way_since=at(left), now=at(now))
    return {stop_id: (moment - SIX) // timedelta(minutes=1) for stop_id, moment in times.items()}


def test_who_leaves_on_time_comes_as_planned() -> None:
    assert minutes([call(1), call(2), call(3)], left=0, now=1) == {1: 20, 2: 45, 3: 70}


def test_a_late_start_moves_everything_by_the_delay() -> None:
    assert minutes([call(1), call(2)], left=30, now=31) == {1: 50, 2: 75}


def test_waiting_for_a_point_to_open_absorbs_the_delay() -> None:
    assert minutes([call(1), call(2, opens=90), call(3)], left=30, now=31) == {1: 50, 2: 90, 3: 115}


def test_the_stop_where_the_driver_stands_keeps_its_arrival() -> None:
    assert minutes([call(1, arrived=22), call(2)], left=0, now=24) == {1: 22, 2: 47}


def test_a_long_stop_delays_the_next_while_it_lasts() -> None:
    assert minutes([call(1, arrived=22), call(2)], left=0, now=40) == {1: 22, 2: 60}


def test_a_stop_that_has_ended_is_expected_no_more() -> None:
    done = call(1, arrived=20, is_ended=True)

    assert minutes([done, call(2)], left=26, now=27) == {2: 46}


def test_nobody_is_expected_in_the_past() -> None:
    assert minutes([call(1), call(2)], left=0, now=60) == {1: 60, 2: 85}


def test_a_stop_passed_by_comes_next() -> None:
    assert minutes([call(1), call(2, arrived=30), call(3)], left=0, now=30) == {2: 30, 1: 55, 3: 80}


@given(
    left=st.integers(0, 300),
    later=st.integers(0, 300),
    opens=st.lists(st.integers(0, 600), min_size=1, max_size=6),
)
def test_who_leaves_later_comes_nowhere_earlier(left: int, later: int, opens: list[int]) -> None:
    calls = [call(number, opens=at_) for number, at_ in enumerate(opens, start=1)]

    first = expected_times(calls, on_the_way_since=at(left), now=at(left))
    second = expected_times(calls, on_the_way_since=at(left + later), now=at(left + later))

    assert all(first[stop_id] <= second[stop_id] for stop_id in first)
    assert all(second[stop_id] - first[stop_id] <= timedelta(minutes=later) for stop_id in first)


def test_late_is_counted_from_the_end_of_the_announced_window() -> None:
    allowed = timedelta(minutes=20)

    # Announced for a quarter before to half an hour after 6:20.
    assert not is_late(planned_at=at(20), expected_at=at(70), allowed=allowed)
    assert is_late(planned_at=at(20), expected_at=at(71), allowed=allowed)
