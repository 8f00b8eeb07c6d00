"""What a demo's warehouse is given."""

from datetime import timedelta

import pytest

from fulfillment.models.delivery import Trip, Vehicle
from fulfillment.models.supplier_papers import SupplierPaper
from fulfillment.models.weighing import Scale
from fulfillment.services.demo_warehouse import demo_drivers_hire, demo_warehouse_equip
from tests.builders import OPENS_AT
from tests.factories.driving import DriverFactory
from tests.factories.fulfillment import (
    SupplierFactory,
    TripFactory,
    VehicleFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db


def test_every_vehicle_gets_a_driver_of_its_own_and_keeps_the_one_it_has() -> None:
    known = DriverFactory.create(code="D7")
    VehicleFactory.create(code="V1", driver=known)
    TripFactory.create(vehicle=VehicleFactory.create(code="V2"))

    demo_drivers_hire()
    demo_drivers_hire()

    drivers = dict(Vehicle.objects.values_list("code", "driver__code"))
    assert drivers == {"V1": "D7", "V2": "D-V2"}
    assert list(Trip.objects.values_list("driver__code", flat=True)) == ["D-V2"]


def test_it_has_a_verified_scale_and_licences_of_which_one_runs_out_soon() -> None:
    WarehouseFactory.create(code="W1")
    SupplierFactory.create_batch(3)

    demo_warehouse_equip(now=OPENS_AT)
    demo_warehouse_equip(now=OPENS_AT)

    today = OPENS_AT.date()
    assert [scale.verified_until > today for scale in Scale.objects.all()] == [True]
    last_days = SupplierPaper.objects.order_by("expires_on").values_list("expires_on", flat=True)
    soon = today + timedelta(days=7)
    assert [last is not None and last <= soon for last in last_days] == [True, False, False]
