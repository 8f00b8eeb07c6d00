"""Where a warehouse's matrices and its traffic come from."""

from pathlib import Path

import pytest
from pytest_django import Settings

from fulfillment.routing.rules import Traffic
from fulfillment.routing.travel import EstimateProvider, TravelEstimate
from fulfillment.selectors.travel import day_traffic
from fulfillment.services.travel import travel_provider
from leaders.domain.coordinates import Place
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.travel import TravelCalibrationFactory
from tests.fake_roads import fake_roads, road_m, status

pytestmark = pytest.mark.django_db


def test_roads_are_estimated_unless_a_service_is_named() -> None:
    assert travel_provider(WarehouseFactory.create()) == EstimateProvider(TravelEstimate())


def test_the_next_plan_uses_what_was_measured() -> None:
    calibration = TravelCalibrationFactory.create()

    provider = travel_provider(calibration.warehouse)

    assert provider == EstimateProvider(TravelEstimate(road_factor=1.22, speed_km_h=21.6))
    assert day_traffic(calibration.warehouse) == Traffic(((0, 100), (25_200, 130), (32_400, 100)))


def test_the_hours_are_alike_while_nothing_is_measured() -> None:
    warehouse = WarehouseFactory.create()
    assert day_traffic(warehouse) is None

    TravelCalibrationFactory.create(warehouse=warehouse, hour_percents=[])
    assert day_traffic(warehouse) is None


PLACES = [Place(113.60, 34.70), Place(113.65, 34.75), Place(113.70, 34.72)]


@pytest.mark.parametrize("name", ["osrm", "valhalla"])
def test_the_service_that_the_settings_name_is_asked(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    with fake_roads() as roads:
        settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = name, roads.url
        settings.TRAVEL_CACHE_DIR = tmp_path
        warehouse = WarehouseFactory.create()

        first = travel_provider(warehouse).matrices(PLACES)
        second = travel_provider(warehouse).matrices(PLACES)

    assert first.source == second.source == name
    assert first.distance_m[0, 1] == second.distance_m[0, 1] == road_m(PLACES[0], PLACES[1])
    assert roads.asked == [(3, 3)]


def test_roads_are_kept_for_each_warehouse_and_each_address(
    settings: Settings, tmp_path: Path
) -> None:
    settings.TRAVEL_PROVIDER, settings.TRAVEL_CACHE_DIR = "osrm", tmp_path
    with fake_roads() as roads, fake_roads() as others:
        for url, code in [(roads.url, "W1"), (roads.url, "W2"), (others.url, "W1")]:
            settings.TRAVEL_URL = url
            travel_provider(WarehouseFactory.create(code=code)).matrices(PLACES)

    assert (len(roads.asked), len(others.asked)) == (2, 1)
    assert len(list(tmp_path.glob("osrm-*.npz"))) == 3


@pytest.mark.usefixtures("english")
def test_while_the_service_is_down_the_calibration_stands_in(
    settings: Settings, tmp_path: Path
) -> None:
    calibration = TravelCalibrationFactory.create()
    with fake_roads() as roads:
        settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = "osrm", roads.url
        settings.TRAVEL_CACHE_DIR = tmp_path
        roads.always = status(502)

        matrices = travel_provider(calibration.warehouse).matrices(PLACES)

    estimate = TravelEstimate(road_factor=1.22, speed_km_h=21.6)
    expected = EstimateProvider(estimate).matrices(PLACES)
    assert matrices.source == "estimate"
    assert matrices.distance_m.tolist() == expected.distance_m.tolist()
    assert matrices.troubles == (
        "6 of 6 distances are estimated: The road service fails (status 502).",
    )
