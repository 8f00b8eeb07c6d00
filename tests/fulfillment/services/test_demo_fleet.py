"""A demo's fleet and doors: what a planner has to respect, set once and kept."""

from datetime import time

import pytest

from fulfillment.models.delivery import DeliveryRun, DeliveryRunState, Driver, Vehicle
from fulfillment.services.demo_fleet import demo_fleet_equip
from fulfillment.services.play_day import day_play
from leaders.models.pickup_points import PickupPoint, VehicleSize
from tests.builders import tiny_day
from tests.factories.fulfillment import VehicleFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.fulfillment.services.days import BUDGET, imported, silent

pytestmark = pytest.mark.django_db


def doors(prefix: str, count: int = 60) -> None:
    for number in range(1, count + 1):
        PickupPointFactory.create(
            code=f"{prefix}P{number:03d}",
            leader=LeaderFactory.create(code=f"{prefix}{number:03d}", user=None),
            opens_at=time(6, 30),
            closes_at=time(11, 0),
        )


def test_vehicles_get_drivers_sizes_and_room_for_cold_totes() -> None:
    VehicleFactory.create(code="V1", kind="micro_van", is_chilled=False)
    VehicleFactory.create(code="V2", kind="light_truck", is_chilled=True)
    VehicleFactory.create(code="V3", kind="三轮车", is_chilled=False)

    demo_fleet_equip()

    rows = Vehicle.objects.order_by("code").values_list("size", "capacity_ml", "insulated_totes")
    assert list(rows) == [
        (VehicleSize.MICRO_VAN, 4_000_000, 12),
        (VehicleSize.TRUCK, 15_000_000, 0),
        (VehicleSize.VAN, None, 0),
    ]
    assert Driver.objects.count() == 3


def test_a_few_doors_of_the_town_have_limits() -> None:
    doors("QL")

    demo_fleet_equip()

    points = PickupPoint.objects.all()
    assert points.filter(stair_floors__gt=0).count() == 6
    assert points.filter(prefers_until=time(8, 30)).count() == 7
    assert points.filter(trucks_from=time(7)).count() == 8
    assert points.filter(largest_vehicle=VehicleSize.VAN).count() == 5
    assert points.filter(is_priority=True).count() == 2


def test_what_somebody_has_changed_is_kept() -> None:
    doors("QL")
    VehicleFactory.create(code="V1", kind="van")
    demo_fleet_equip()
    Vehicle.objects.update(insulated_totes=3)
    PickupPoint.objects.update(stair_floors=0)

    demo_fleet_equip()

    assert set(Vehicle.objects.values_list("insulated_totes", flat=True)) == {3}
    assert not PickupPoint.objects.filter(stair_floors__gt=0).exists()


def test_the_doors_of_a_real_day_are_left_alone() -> None:
    doors("L", count=30)

    demo_fleet_equip()

    assert not PickupPoint.objects.filter(stair_floors__gt=0).exists()
    assert not PickupPoint.objects.filter(is_priority=True).exists()


def test_a_played_day_is_published_with_the_names_of_its_drivers() -> None:
    bundle = tiny_day()
    run = imported(bundle)
    demo_fleet_equip()

    day_play(run=run, bundle=bundle, budget=BUDGET, print_papers=False, on_progress=silent)

    plan = DeliveryRun.objects.get(cutoff_run=run)
    assert plan.published_at is not None
    assert plan.state == DeliveryRunState.RELEASED
    assert not plan.trips.filter(driver__isnull=True).exists()
