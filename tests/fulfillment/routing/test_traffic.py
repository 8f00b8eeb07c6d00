"""Drives that roads by the hour make longer or shorter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.routing.checker_times import ClockJudge
from fulfillment.routing.rules import Traffic
from fulfillment.routing.traffic import Hours, drive_s
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van
from tests.fulfillment.routing.rich_problems import traffics

SEVEN, NINE = 7 * HOUR_S, 9 * HOUR_S
RUSH = Traffic(((0, 100), (SEVEN, 150), (NINE, 80)))
CLOCKS = st.integers(0, 16 * HOUR_S)
DRIVES = st.integers(0, 3 * HOUR_S)


def test_without_traffic_a_drive_takes_what_the_matrix_says() -> None:
    assert drive_s(None, 1_234, SEVEN) == 1_234
    assert drive_s(Traffic(((0, 100),)), 1_234, SEVEN) == 1_234


@pytest.mark.parametrize(
    ("departs_s", "minutes"),
    [
        # Wholly before, wholly within and wholly after the rush.
        (6 * HOUR_S, 30),
        (SEVEN, 45),
        (NINE, 24),
        # Ten minutes before it: the twenty that are left take thirty.
        (SEVEN - 10 * MINUTE_S, 40),
        # Fifteen minutes before its end ten are done, and twenty take sixteen.
        (NINE - 15 * MINUTE_S, 31),
    ],
)
def test_speeds_change_in_the_middle_of_a_drive(departs_s: int, minutes: int) -> None:
    assert drive_s(RUSH, 30 * MINUTE_S, departs_s) == minutes * MINUTE_S


def test_a_drive_over_several_hours_and_past_midnight_goes_on() -> None:
    rush = Traffic(((0, 100), (SEVEN, 200), (SEVEN + 60, 100), (NINE, 200)))

    # A minute at half the speed in between costs half a minute.
    assert drive_s(rush, HOUR_S, SEVEN - 30 * MINUTE_S) == HOUR_S + 30
    assert drive_s(rush, HOUR_S, 23 * HOUR_S + 30 * MINUTE_S) == 2 * HOUR_S


def test_arrivals_are_rounded_up_to_the_second() -> None:
    assert drive_s(Traffic(((0, 101),)), 10, 0) == 11


@given(traffics(), DRIVES, CLOCKS, st.integers(0, HOUR_S))
def test_who_leaves_later_never_arrives_earlier(
    traffic: Traffic, base_s: int, departs_s: int, later_s: int
) -> None:
    first_s = departs_s + drive_s(traffic, base_s, departs_s)
    second_s = departs_s + later_s + drive_s(traffic, base_s, departs_s + later_s)

    assert second_s >= first_s


@given(traffics(), DRIVES, st.integers(4 * HOUR_S, 16 * HOUR_S))
def test_the_latest_departure_arrives_in_time_and_the_next_second_does_not(
    traffic: Traffic, base_s: int, arrives_s: int
) -> None:
    hours = Hours(traffic)

    latest_s = hours.latest_departure_s(base_s, arrives_s)

    assert latest_s + hours.drive_s(base_s, latest_s) <= arrives_s
    assert latest_s + 1 + hours.drive_s(base_s, latest_s + 1) > arrives_s


@given(traffics(), st.integers(0, 60), CLOCKS)
def test_the_judge_drives_as_the_scheduler_does(
    traffic: Traffic, kilometres: int, departs_s: int
) -> None:
    problem = replace(on_a_line([kilometres], [drop("A")], [van()]), traffic=traffic)
    base_s = int(problem.duration_s[0, 1])

    arrives_s = ClockJudge(problem).arrival_s(0, 1, departs_s)

    assert arrives_s == departs_s + drive_s(traffic, base_s, departs_s)
