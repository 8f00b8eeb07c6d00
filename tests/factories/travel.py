"""What was measured on the roads around a warehouse."""

from datetime import UTC, date, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.plan_drafts import TravelCalibration
from tests.factories.fulfillment import WarehouseFactory


class TravelCalibrationFactory(DjangoModelFactory[TravelCalibration]):
    """Roads 1.22 times the straight line at 21.6 km/h, slower from seven to nine."""

    class Meta:
        model = TravelCalibration

    warehouse = SubFactory(WarehouseFactory)
    road_factor_percent = 122
    speed_m_per_h = 21_600
    hour_percents = [[0, 100], [25_200, 130], [32_400, 100]]
    legs = 240
    measured_from = date(2026, 10, 24)
    measured_until = date(2026, 11, 21)
    applied_at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
