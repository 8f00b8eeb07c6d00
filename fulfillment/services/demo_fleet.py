"""What a demo's planner needs and no day bundle brings: drivers, vehicle sizes, narrow doors."""

from dataclasses import dataclass
from datetime import time

from django.db import transaction

from fulfillment.models.delivery import Vehicle
from fulfillment.services.demo_warehouse import demo_drivers_hire
from leaders.models.pickup_points import PickupPoint, VehicleSize

# The built-in town's leaders; points of anybody's real day are left as they are.
TOWN = "QL"
LITRE_ML = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A usual vehicle of its kind: how large, how much room, places for cold totes."""

    size: VehicleSize
    room_l: int
    insulated_totes: int


_KINDS = {
    "micro_van": _Kind(size=VehicleSize.MICRO_VAN, room_l=4_000, insulated_totes=12),
    "van": _Kind(size=VehicleSize.VAN, room_l=8_000, insulated_totes=24),
    "light_truck": _Kind(size=VehicleSize.TRUCK, room_l=15_000, insulated_totes=40),
}


@transaction.atomic
def demo_fleet_equip() -> None:
    """Give vehicles drivers, sizes and room, and doors of the town their limits.

    Safe to call again; what somebody has set is kept.
    """
    demo_drivers_hire()
    for vehicle in Vehicle.objects.filter(kind__in=_KINDS, capacity_ml__isnull=True):
        kind = _KINDS[vehicle.kind]
        Vehicle.objects.filter(pk=vehicle.pk).update(
            size=kind.size,
            capacity_ml=kind.room_l * LITRE_ML,
            insulated_totes=0 if vehicle.is_chilled else kind.insulated_totes,
        )
    if not PickupPoint.objects.filter(leader__code__startswith=TOWN, is_priority=True).exists():
        _doors_limit()


def _doors_limit() -> None:
    """Stairs, early wishes, quiet mornings and narrow gates, here and there."""
    doors = list(PickupPoint.objects.filter(leader__code__startswith=TOWN).order_by("code"))
    for number, door in enumerate(doors, start=1):
        if number % 9 == 0:
            door.stair_floors = 1 + number % 3
        if number % 8 == 0 and door.opens_at < time(8, 30) < door.closes_at:
            door.prefers_until = time(8, 30)
        if number % 7 == 0:
            door.trucks_from = time(7, 0)
        if number % 12 == 0:
            door.largest_vehicle = VehicleSize.VAN
        if number % 30 == 0:
            door.is_priority = True
    PickupPoint.objects.bulk_update(
        doors, ["stair_floors", "prefers_until", "trucks_from", "largest_vehicle", "is_priority"]
    )
