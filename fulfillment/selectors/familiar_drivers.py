"""Which driver knows which door: who came there last."""

from collections.abc import Collection
from datetime import date

from fulfillment.models.delivery import Stop, Vehicle
from fulfillment.models.warehouse import Warehouse


def usual_vehicles(
    warehouse: Warehouse, point_ids: Collection[int], *, before: date
) -> dict[int, str]:
    """Pickup point → code of the vehicle whose driver came there last, on a day before.

    A driver is followed to the vehicle of today; without a named driver it is
    the vehicle that came. Points whose driver drives nothing are left out.
    """
    last = (
        Stop.objects.filter(
            drop__pickup_point_id__in=point_ids,
            trip__delivery_run__warehouse=warehouse,
            trip__delivery_run__cutoff_run__campaign__delivery_date__lt=before,
        )
        .order_by(
            "drop__pickup_point_id",
            "-trip__delivery_run__cutoff_run__campaign__delivery_date",
            "part_no",
            "pk",
        )
        .distinct("drop__pickup_point_id")
        .values_list("drop__pickup_point_id", "trip__driver_id", "trip__vehicle__code")
    )
    today = Vehicle.objects.filter(warehouse=warehouse, is_active=True).order_by("-code")
    codes = set(today.values_list("code", flat=True))
    vehicle_of = dict(today.exclude(driver=None).values_list("driver_id", "code"))
    found = {
        point_id: vehicle_of.get(driver_id) if driver_id else code
        for point_id, driver_id, code in last
    }
    return {point_id: code for point_id, code in found.items() if code in codes}
