"""Whole route plans for tests of the dispatcher's pages."""

from datetime import datetime, timedelta

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Trip
from fulfillment.models.warehouse import Wave
from fulfillment.routing.plan import UnservedReason
from tests.factories.fulfillment import (
    DeliveryRunFactory,
    DropFactory,
    StopFactory,
    TripFactory,
    WaveFactory,
)

BETWEEN_STOPS = timedelta(minutes=20)
UNLOADING = timedelta(minutes=5)


def planned_day(run: CutoffRun, *, trips: int = 2, stops: int = 3) -> DeliveryRun:
    """A plan with routes from 1, each with stops from 1, and one drop nobody reaches.

    Slots read like `1-02`; the points lie in a row east of the warehouse.
    """
    plan = DeliveryRunFactory.create(cutoff_run=run, run_no=f"D-{run.campaign.code}")
    wave = WaveFactory.create(run=run, code=f"{run.campaign.code}-A")
    for route_no in range(1, trips + 1):
        trip = TripFactory.create(
            delivery_run=plan, route_no=route_no, vehicle__code=f"V{plan.pk}-{route_no}"
        )
        _stops_plan(trip, wave, stops)
    DropFactory.create(
        wave=wave,
        slot_code=f"{trips + 1}-01",
        unserved_reason=UnservedReason.WINDOW_UNREACHABLE,
    )
    return plan


def _stops_plan(trip: Trip, wave: Wave, stops: int) -> None:
    moment: datetime = trip.departs_at
    for stop_seq in range(1, stops + 1):
        moment += BETWEEN_STOPS
        drop = DropFactory.create(
            wave=wave,
            slot_code=f"{trip.route_no}-{stop_seq:02d}",
            pickup_point__lng=round(113.60 + stop_seq / 50, 2),
            pickup_point__lat=round(34.70 + trip.route_no / 50, 2),
        )
        StopFactory.create(
            trip=trip,
            stop_seq=stop_seq,
            drop=drop,
            arrive_at=moment,
            start_at=moment,
            depart_at=moment + UNLOADING,
        )
        moment += UNLOADING
