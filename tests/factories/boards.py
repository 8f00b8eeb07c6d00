"""Days for the dispatcher's board: planned routes, an idle van, a stop that nobody serves."""

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Vehicle
from fulfillment.models.warehouse import Drop
from tests.factories.fulfillment import CutoffRunFactory, VehicleFactory
from tests.factories.plans import planned_day


def board_day(code: str = "C1", *, trips: int = 2, stops: int = 3) -> DeliveryRun:
    """A plan of vans `VA`, `VB`, …, with `VZ` idle and one drop on no trip.

    Every stop takes 5 kg and two totes, every van 600 kg and 40 totes. The drop
    on no trip opens while the vans are on the road like all others.
    """
    run: CutoffRun = CutoffRunFactory.create(campaign__code=code)
    plan = planned_day(run, trips=trips, stops=stops)
    for trip in plan.trips.select_related("vehicle"):
        Vehicle.objects.filter(pk=trip.vehicle_id).update(code=f"V{chr(64 + trip.route_no)}")
    VehicleFactory.create(code="VZ")
    return plan


def key_at(plan: DeliveryRun, route_no: int, stop_seq: int) -> str:
    """The part key of a stop of the plan."""
    stop = Stop.objects.get(trip__delivery_run=plan, trip__route_no=route_no, stop_seq=stop_seq)
    return str(stop.drop_id)


def unserved_key(plan: DeliveryRun) -> str:
    """The part key of the drop on no trip."""
    return str(Drop.objects.exclude(unserved_reason="").get(wave__run=plan.cutoff_run_id).pk)
