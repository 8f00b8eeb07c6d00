"""Which estimate of the roads holds for a warehouse."""

import pytest
from pytest_django import Settings

from fulfillment.routing.travel import TravelEstimate
from fulfillment.selectors.travel import newest_calibration, travel_estimate
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.travel import TravelCalibrationFactory

pytestmark = pytest.mark.django_db


def test_without_a_calibration_the_settings_hold(settings: Settings) -> None:
    settings.ROAD_FACTOR, settings.ROAD_SPEED_KMH = 1.4, 22.5

    estimate = travel_estimate(WarehouseFactory.create())

    assert estimate == TravelEstimate(road_factor=1.4, speed_km_h=22.5)


def test_the_calibration_applied_last_holds() -> None:
    warehouse = WarehouseFactory.create()
    TravelCalibrationFactory.create(warehouse=warehouse, road_factor_percent=150)
    last = TravelCalibrationFactory.create(warehouse=warehouse)

    assert newest_calibration(warehouse) == last
    assert travel_estimate(warehouse) == TravelEstimate(road_factor=1.22, speed_km_h=21.6)


def test_another_warehouse_is_not_calibrated_by_it() -> None:
    TravelCalibrationFactory.create(warehouse=WarehouseFactory.create(code="W2"))

    assert newest_calibration(WarehouseFactory.create(code="W1")) is None
