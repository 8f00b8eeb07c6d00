"""What the vehicles of a run can still take of one SKU."""

from django.db.models import F, Sum

from fulfillment.domain.vehicle_room import VehicleRoom
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip
from orders.models.catalogue import Sku


def vehicle_room(run: CutoffRun, sku_id: int) -> VehicleRoom:
    """How many more pieces of a SKU each trip's vehicle can take by weight.

    Before the routes are planned there is no limit; the plan is made for what
    was shared out.
    """
    weight_g = max(1, Sku.objects.get(pk=sku_id).weight_g)
    trips = (
        Trip.objects.filter(delivery_run__cutoff_run=run)
        .order_by()
        .annotate(free_g=F("vehicle__capacity_g") - Sum("stops__weight_g", default=0))
        .values_list("pk", "free_g")
    )
    # What comes on top of a drop in parts goes with the last one.
    stops = Stop.objects.filter(trip__delivery_run__cutoff_run=run).order_by("part_no")
    return VehicleRoom(
        trip_of=dict(stops.values_list("drop__pickup_point__code", "trip_id")),
        pieces={trip_id: max(0, free_g) // weight_g for trip_id, free_g in trips},
    )
