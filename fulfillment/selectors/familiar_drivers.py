"""Which driver knows which door, and the way there: who came last, on which trip."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from fulfillment.models.delivery import Stop, Vehicle
from fulfillment.models.warehouse import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last visit at a point: by which vehicle of today it would be, and when in its day."""

    vehicle_code: str
    trip_no: int
    stop_seq: int


def last_visits(
    warehouse: Warehouse, point_ids: Collection[int], *, before: date
) -> dict[int, Visit]:
    """Pickup point → who came there last, on a day before.

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
        .values_list(
            "drop__pickup_point_id",
            "trip__driver_id",
            "trip__vehicle__code",
            "trip__trip_no",
            "stop_seq",
        )
    )
    today = Vehicle.objects.filter(warehouse=warehouse, is_active=True).order_by("-code")
    codes = set(today.values_list("code", flat=True))
    vehicle_of = dict(today.exclude(driver=None).values_list("driver_id", "code"))
    visits = {}
    for point_id, driver_id, came_by, trip_no, stop_seq in last:
        code = vehicle_of.get(driver_id) if driver_id else came_by
        if code in codes:
            visits[point_id] = Visit(vehicle_code=code, trip_no=trip_no, stop_seq=stop_seq)
    return visits


def routes_of(visits: Mapping[str, Visit]) -> dict[str, list[list[str]]]:
    """Vehicle → its trips as keys in the order of the visits: the way its driver knows."""
    trips_of: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in sorted(visits, key=lambda key: (visits[key].stop_seq, key)):
        trips_of[visits[key].vehicle_code][visits[key].trip_no].append(key)
    return {
        code: [trips[number] for number in sorted(trips)]
        for code, trips in sorted(trips_of.items())
    }
