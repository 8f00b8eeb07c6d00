"""What is known about the roads around a warehouse."""

from django.conf import settings

from fulfillment.models.plan_drafts import TravelCalibration
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.rules import Traffic
from fulfillment.routing.travel import TravelEstimate


def newest_calibration(warehouse: Warehouse) -> TravelCalibration | None:
    """The calibration that holds for a warehouse: the one applied last."""
    return TravelCalibration.objects.filter(warehouse=warehouse).order_by("-pk").first()


def travel_estimate(warehouse: Warehouse) -> TravelEstimate:
    """How straight lines become roads and minutes there: measured, else as the settings say."""
    calibration = newest_calibration(warehouse)
    if calibration is None:
        return TravelEstimate(road_factor=settings.ROAD_FACTOR, speed_km_h=settings.ROAD_SPEED_KMH)
    return TravelEstimate(
        road_factor=calibration.road_factor_percent / 100,
        speed_km_h=calibration.speed_m_per_h / 1000,
    )


def day_traffic(warehouse: Warehouse) -> Traffic | None:
    """Return how driving times change with the hour there, or None while nothing is measured."""
    calibration = newest_calibration(warehouse)
    if calibration is None or not calibration.hour_percents:
        return None
    return Traffic(tuple((start_s, percent) for start_s, percent in calibration.hour_percents))
