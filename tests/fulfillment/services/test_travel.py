"""Where a warehouse's matrices and its traffic come from."""

import pytest

from fulfillment.routing.rules import Traffic
from fulfillment.routing.travel import EstimateProvider, TravelEstimate
from fulfillment.selectors.travel import day_traffic
from fulfillment.services.travel import travel_provider
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.travel import TravelCalibrationFactory

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
