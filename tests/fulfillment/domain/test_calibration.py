"""What driven legs say about the roads, checked against roads that are known."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.calibration import (
    HOUR_PERCENTS,
    LEAST_LEGS,
    ROAD_FACTOR_PERCENTS,
    SPEEDS_M_PER_H,
    Calibration,
    DrivenLeg,
    calibrate,
)
from fulfillment.route_errors import CalibrationNotPossible
from fulfillment.routing.rules import Traffic

NINE, NOON = 9 * 3_600, 12 * 3_600


def leg(straight_m: float = 4_000, *, drive_s: int = 750, left_s: int = NOON) -> DrivenLeg:
    """Without a change: 4 km of line, 5.2 km of road at 25 km/h are 749 s."""
    return DrivenLeg(straight_m=straight_m, drive_s=drive_s, left_s=left_s)


def driven(count: int, *, percent: int = 100, left_s: int = NOON, seed: int = 1) -> list[DrivenLeg]:
    """Legs of many lengths, each at `percent` of the time that 1.3 and 25 km/h give it."""
    chance = random.Random(seed)
    lengths = [chance.uniform(500, 9_000) for _ in range(count)]
    return [
        leg(length, drive_s=round(length * 1.3 * 3.6 / 25 * percent / 100), left_s=left_s)
        for length in lengths
    ]


def test_drives_as_estimated_change_nothing() -> None:
    found = calibrate(driven(40), road_factor_percent=130)

    assert found == Calibration(
        road_factor_percent=130, speed_m_per_h=found.speed_m_per_h, hour_percents=(), legs=40
    )
    assert found.speed_m_per_h == pytest.approx(25_000, rel=0.002)


def test_slower_drives_lower_the_speed_by_as_much() -> None:
    found = calibrate(driven(40, percent=125), road_factor_percent=130)

    assert found.speed_m_per_h == pytest.approx(20_000, rel=0.002)


def test_roads_that_are_known_set_the_factor() -> None:
    legs = [
        replace(driven_leg, road_m=round(driven_leg.straight_m * 1.21)) for driven_leg in driven(40)
    ]

    found = calibrate(legs, road_factor_percent=130)

    assert found.road_factor_percent == 121
    # The same minutes over shorter roads.
    assert found.speed_m_per_h == pytest.approx(25_000 * 121 / 130, rel=0.002)


def test_a_few_known_roads_do_not_set_the_factor() -> None:
    legs = driven(40)
    legs[:10] = [
        replace(driven_leg, road_m=round(driven_leg.straight_m * 2)) for driven_leg in legs[:10]
    ]

    assert calibrate(legs, road_factor_percent=130).road_factor_percent == 130


def test_a_busy_hour_is_drawn_to_the_day_by_what_it_does_not_know() -> None:
    legs = [*driven(60), *driven(20, percent=150, left_s=NINE)]

    found = calibrate(legs, road_factor_percent=130)

    # Twenty legs count as much as the day does: half of the 50 % more.
    assert found.hour_percents == ((0, 100), (NINE, 125), (NINE + 3_600, 100))
    assert Traffic(found.hour_percents).percents == found.hour_percents


def test_an_hour_of_a_few_legs_is_like_the_day() -> None:
    legs = [*driven(60), *driven(7, percent=150, left_s=NINE)]

    assert calibrate(legs, road_factor_percent=130).hour_percents == ()


def test_durations_of_a_service_are_the_measure_of_the_hours() -> None:
    legs = [
        replace(driven_leg, road_s=round(driven_leg.drive_s / 1.4)) for driven_leg in driven(60)
    ]

    found = calibrate(legs, road_factor_percent=130)

    assert found.hour_percents == ((0, 140),)
    # At that hour an estimated drive takes as long as those driven.
    assert found.speed_m_per_h == pytest.approx(25_000 * 1.4, rel=0.005)


def test_a_third_of_all_drives_may_be_wrong() -> None:
    honest = driven(60)
    paused = [
        replace(driven_leg, drive_s=driven_leg.drive_s * 4) for driven_leg in driven(15, seed=2)
    ]
    late_taps = [
        replace(driven_leg, drive_s=driven_leg.drive_s // 3) for driven_leg in driven(15, seed=3)
    ]

    found = calibrate([*honest, *paused, *late_taps], road_factor_percent=130)

    assert found.speed_m_per_h == pytest.approx(25_000, rel=0.01)


@pytest.mark.parametrize(
    "implausible",
    [
        pytest.param(leg(299), id="to_the_next_gate"),
        pytest.param(leg(drive_s=0), id="no_time_at_all"),
        pytest.param(leg(drive_s=-60), id="back_in_time"),
        pytest.param(leg(drive_s=150), id="faster_than_a_motorway"),
        pytest.param(leg(drive_s=4_900), id="slower_than_walking"),
    ],
)
def test_what_nobody_drove_does_not_count(implausible: DrivenLeg) -> None:
    assert not implausible.is_plausible

    with pytest.raises(CalibrationNotPossible) as refused:
        calibrate([*driven(LEAST_LEGS - 1), implausible], road_factor_percent=130)

    assert refused.value.details == {"legs": 29, "least": 30}


@given(
    st.lists(
        st.builds(
            DrivenLeg,
            straight_m=st.floats(0, 60_000),
            drive_s=st.integers(-100, 20_000),
            left_s=st.integers(0, 86_399),
            road_m=st.none() | st.integers(0, 200_000),
            road_s=st.none() | st.integers(0, 40_000),
        ),
        max_size=120,
    )
)
def test_whatever_was_reported_the_result_can_be_planned_with(legs: list[DrivenLeg]) -> None:
    try:
        found = calibrate(legs, road_factor_percent=130)
    except CalibrationNotPossible:
        return

    assert ROAD_FACTOR_PERCENTS[0] <= found.road_factor_percent <= ROAD_FACTOR_PERCENTS[1]
    assert SPEEDS_M_PER_H[0] <= found.speed_m_per_h <= SPEEDS_M_PER_H[1]
    if found.hour_percents:
        percents = [percent for _, percent in Traffic(found.hour_percents).percents]
        assert min(percents) >= HOUR_PERCENTS[0]
        assert max(percents) <= HOUR_PERCENTS[1]
