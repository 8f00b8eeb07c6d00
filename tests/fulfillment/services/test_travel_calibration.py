"""Calibrating a warehouse's roads from its drivers' reports, and what plans make of it."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django import Settings

from fulfillment.models.plan_drafts import TravelCalibration
from fulfillment.models.warehouse import Warehouse
from fulfillment.route_errors import CalibrationNotPossible
from fulfillment.routing.rules import Traffic
from fulfillment.selectors.travel import day_traffic, travel_estimate
from fulfillment.services.travel import travel_calibrate, travel_measure
from tests.factories.fulfillment import CutoffRunFactory, WarehouseFactory
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day
from tests.factories.travel import DrivenTrip
from tests.fake_roads import SPEED_M_PER_S, fake_roads

pytestmark = pytest.mark.django_db

DRIVEN_M_PER_S = 4.0


def _drive_a_day() -> Warehouse:
    """Two trips of twenty stops, driven yesterday at 14.4 km/h along the line."""
    plan = planned_day(CutoffRunFactory.create(), trips=2, stops=20)
    yesterday = timezone.now() - timedelta(days=1)
    for trip in plan.trips.order_by("route_no"):
        trip.departs_at = yesterday
        trip.returns_at = yesterday + timedelta(hours=6)
        trip.save(update_fields=["departs_at", "returns_at"])
        DrivenTrip(trip, yesterday).drive_all(m_per_s=DRIVEN_M_PER_S)
    return plan.warehouse


def test_the_next_plan_goes_by_what_was_driven() -> None:
    warehouse = _drive_a_day()
    actor, now = UserFactory.create(), timezone.now()

    calibration = travel_calibrate(warehouse=warehouse, actor=actor, now=now)

    # 14.4 km/h along the line are 18.7 km/h along roads 1.3 times as long.
    assert calibration.road_factor_percent == 130
    assert calibration.speed_m_per_h == pytest.approx(14_400 * 1.3, rel=0.02)
    assert calibration.legs == 42
    assert (calibration.applied_by, calibration.applied_at) == (actor, now)
    estimate = travel_estimate(warehouse)
    assert estimate.road_factor == 1.3
    assert estimate.speed_km_h == pytest.approx(18.7, rel=0.02)


def test_a_road_service_says_how_long_the_roads_were(settings: Settings, tmp_path: Path) -> None:
    warehouse = _drive_a_day()
    with fake_roads() as roads:
        settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = "osrm", roads.url
        settings.TRAVEL_CACHE_DIR = tmp_path

        calibration = travel_calibrate(warehouse=warehouse, actor=None, now=timezone.now())

    # A fifth longer, and 100 m more to the east, on legs of about 2 km.
    assert 120 <= calibration.road_factor_percent <= 126
    traffic = day_traffic(warehouse)
    assert isinstance(traffic, Traffic)
    # The service drives at 10 m/s what was driven at 4 m/s along the line.
    expected = 100 * SPEED_M_PER_S / DRIVEN_M_PER_S / (calibration.road_factor_percent / 100)
    assert traffic.percents[0][1] == pytest.approx(expected, abs=6)


@pytest.mark.usefixtures("english")
def test_a_service_that_is_down_leaves_the_factor_alone(settings: Settings, tmp_path: Path) -> None:
    warehouse = _drive_a_day()
    settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = "osrm", "http://127.0.0.1:9"
    settings.TRAVEL_CACHE_DIR, settings.TRAVEL_TIMEOUT_S = tmp_path, 0.5

    measured = travel_measure(warehouse=warehouse, now=timezone.now())

    assert measured.road_factor_percent == 130
    assert not TravelCalibration.objects.exists()


def test_older_drives_are_forgotten() -> None:
    warehouse = _drive_a_day()

    with pytest.raises(CalibrationNotPossible):
        travel_measure(warehouse=warehouse, now=timezone.now() + timedelta(weeks=5))


def test_the_command_shows_old_and_new_and_applies_only_when_told() -> None:
    warehouse = _drive_a_day()
    shown, applied = StringIO(), StringIO()

    call_command("calibrate_travel", warehouse=warehouse.code, stdout=shown)
    kept = TravelCalibration.objects.count()
    call_command("calibrate_travel", "--apply", warehouse=warehouse.code, stdout=applied)

    assert kept == 0
    lines = shown.getvalue().splitlines()
    assert lines[:2] == ["                   now  measured", "road / line       1.30      1.30"]
    assert lines[2].startswith("km/h              25.0      18.")
    assert lines[-1] == "42 legs of the last four weeks"
    assert applied.getvalue().splitlines()[-1] == "applied"
    assert TravelCalibration.objects.get().warehouse == warehouse


def test_the_command_shows_the_hours_that_differ() -> None:
    warehouse = _drive_a_day()
    TravelCalibration.objects.create(
        warehouse=warehouse,
        road_factor_percent=130,
        speed_m_per_h=20_000,
        hour_percents=[[0, 100], [25_200, 130], [32_400, 100]],
        legs=50,
        measured_from=timezone.localdate(),
        measured_until=timezone.localdate(),
        applied_at=timezone.now(),
    )
    shown = StringIO()

    call_command("calibrate_travel", warehouse=warehouse.code, stdout=shown)

    assert "from 07:00       130 %     100 %" in shown.getvalue()


def test_the_command_refuses_what_it_does_not_know() -> None:
    WarehouseFactory.create(code="W1")

    with pytest.raises(CommandError, match="no warehouse W9"):
        call_command("calibrate_travel", warehouse="W9")
    with pytest.raises(CommandError, match="0 of at least 30"):
        call_command("calibrate_travel", warehouse="W1")
