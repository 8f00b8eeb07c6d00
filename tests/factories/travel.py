"""What was measured on the roads around a warehouse, and trips driven there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.driving import (
    DriverEvent,
    DriverEventKind,
    DriverEventOutcome,
    DriverEventResult,
)
from fulfillment.models.plan_drafts import TravelCalibration
from fulfillment.routing.travel import geodesic_m
from leaders.domain.coordinates import Place
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.leaders import UserFactory


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


@dataclass
class DrivenTrip:
    """A trip whose driver's phone reports every move; `clock_off` is how wrong its clock is."""

    trip: Trip
    now: datetime
    clock_off: timedelta = timedelta(0)
    device: str = "phone-1"
    place: Place = field(init=False)

    def __post_init__(self) -> None:
        self.place = self.depot

    @property
    def depot(self) -> Place:
        """Where the trip starts and ends."""
        warehouse = self.trip.delivery_run.warehouse
        return Place(warehouse.lng, warehouse.lat)

    def drive_all(self, *, m_per_s: float = 6.0) -> None:
        """Leave, serve every stop for five minutes, and come back, at one speed along the line."""
        self.report(DriverEventKind.DEPART, None, self.depot)
        for stop in self.trip.stops.order_by("stop_seq"):
            point = stop.drop.pickup_point
            self.move(Place(point.lng, point.lat), m_per_s)
            self.report(DriverEventKind.ARRIVE, stop, self.place)
            self.now += timedelta(minutes=5)
            self.report(DriverEventKind.HAND_OVER, stop, self.place)
        self.move(self.depot, m_per_s)
        self.report(DriverEventKind.RETURN, None, self.place)

    def move(self, place: Place, m_per_s: float) -> None:
        """Let the time pass that it takes to drive somewhere."""
        apart_m = float(geodesic_m([self.place, place])[0, 1])
        self.now += timedelta(seconds=round(apart_m / m_per_s))
        self.place = place

    def report(
        self,
        kind: DriverEventKind,
        stop: Stop | None,
        place: Place | None,
        *,
        heard_after: timedelta = timedelta(0),
        outcome: DriverEventOutcome = DriverEventOutcome.APPLIED,
    ) -> DriverEvent:
        """Send one event; the server hears of it when there is a network again."""
        event = DriverEvent.objects.create(
            trip=self.trip,
            stop=stop,
            kind=kind,
            lng=place.lng if place else None,
            lat=place.lat if place else None,
            accuracy_m=20,
            device=self.device,
            device_at=self.now + self.clock_off,
            received_at=self.now + heard_after,
            actor=UserFactory.create(),
        )
        DriverEventResult.objects.create(event=event, outcome=outcome, changed_at=self.now)
        return event
