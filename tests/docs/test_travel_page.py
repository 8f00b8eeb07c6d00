"""docs/algorithms/travel.md against the code and the roads of Yizhuang."""

from pathlib import Path

import pytest

from benchmarks.travel.run import table
from fulfillment.domain import calibration
from fulfillment.domain.calibration import DrivenLeg, calibrate
from fulfillment.integrations import travel_osrm, travel_valhalla
from fulfillment.selectors import driven_legs
from tests.docs.pages import tables, text

PAGE = "algorithms/travel.md"
YIZHUANG = Path(__file__).resolve().parents[3] / "shared" / "data" / "road_network_beijing_yizhuang"


@pytest.mark.skipif(not YIZHUANG.exists(), reason="the road network (../shared/data) is not here")
def test_the_misses_of_the_page_are_those_measured() -> None:
    found = [
        {
            "estimate": what,
            "by": figure,
            "median miss": f"{miss.median:.1%}",
            "90th percentile": f"{miss.p90:.1%}",
            "sum": f"{miss.bias:+.1%}",
        }
        for what, figure, miss in table(YIZHUANG)
    ]

    assert tables(PAGE)[1] == found


@pytest.mark.skipif(not YIZHUANG.exists(), reason="the road network (../shared/data) is not here")
def test_calibration_takes_the_bias_away() -> None:
    length_set, length_calibrated, time_set, time_calibrated = (
        miss for _, _, miss in table(YIZHUANG)
    )

    assert abs(length_calibrated.bias) < abs(length_set.bias) / 5
    assert abs(time_calibrated.bias) < abs(time_set.bias) / 5
    assert length_calibrated.median < length_set.median
    assert length_calibrated.p90 < length_set.p90
    assert time_calibrated.median < time_set.median


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    said = text(PAGE)

    assert "(OSRM 100, Valhalla 50; at most 145" in said
    assert (travel_osrm.USUAL_BLOCK_SIZE, travel_valhalla.USUAL_BLOCK_SIZE) == (100, 50)
    assert f"within {driven_legs.NEAR_M} m of the door" in said
    assert f"at least {calibration.SHORTEST_M} m long" in said
    assert f"with at least {calibration.LEAST_LEGS_AN_HOUR} legs" in said
    assert f"At least {calibration.LEAST_LEGS} legs" in said


def test_the_worked_example_holds() -> None:
    midday = [DrivenLeg(straight_m=4_000, drive_s=750, left_s=12 * 3_600)] * 40
    nine = [DrivenLeg(straight_m=4_000, drive_s=1_125, left_s=9 * 3_600)]

    found = calibrate([*midday, *nine * 20], road_factor_percent=130)
    few = calibrate([*midday, *nine * 7], road_factor_percent=130)

    assert (9 * 3_600, 125) in found.hour_percents
    assert few.hour_percents == ()
