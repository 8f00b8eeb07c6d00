"""The legs that drivers have driven, read from what their phones reported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from django.utils import timezone

from fulfillment.domain.calibration import DrivenLeg
from fulfillment.domain.driving import ENDINGS, EventKind, clock_doubt
from fulfillment.models.driving import DriverEvent, DriverEventOutcome
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.travel import geodesic_m
from fulfillment.selectors.delivery import seconds_of_day
from leaders.domain.coordinates import Place

# Whoever taps "arrived" farther from the door than this is not there yet; how
# sure the phone is of its place comes on top, as long as it is sure enough.
NEAR_M = 300
_STANDING = (DriverEventOutcome.APPLIED, DriverEventOutcome.WAITING)
_TOLD = (*ENDINGS, EventKind.DEPART, EventKind.ARRIVE, EventKind.RETURN)


@dataclass(frozen=True, slots=True)
class LegBetween:
    """A driven leg and the two places it leads between."""

    leg: DrivenLeg
    here: Place
    there: Place


@dataclass(frozen=True, slots=True)
class _Call:
    """A place a vehicle came to and left, by the events that say so."""

    place: Place
    arrived: DriverEvent | None
    left: DriverEvent | None


def driven_legs(warehouse: Warehouse, *, since: datetime, until: datetime) -> list[LegBetween]:
    """Return the legs of trips from `warehouse` that were reported in a period.

    A leg counts where the phone was near its end when the driver said so. Both
    ends are read by the phone's clock, which need not be right to measure how
    long a drive took; by ours where the phone's cannot be believed.
    """
    depot = Place(warehouse.lng, warehouse.lat)
    events = (
        DriverEvent.objects.filter(
            trip__delivery_run__warehouse=warehouse,
            kind__in=_TOLD,
            result__outcome__in=_STANDING,
            received_at__gt=since,
            received_at__lte=until,
        )
        .select_related("trip", "stop__drop__pickup_point")
        .order_by("trip_id", "device_at", "pk")
    )
    return [
        leg
        for _, of_trip in groupby(events.iterator(chunk_size=2_000), lambda event: event.trip_id)
        for here, there in pairwise(_calls(list(of_trip), depot))
        for leg in _leg(here, there)
    ]


def _calls(events: list[DriverEvent], depot: Place) -> list[_Call]:
    """Return the places of a trip in the order they were come to, the warehouse at both ends."""
    departs = [event for event in events if event.kind == EventKind.DEPART]
    returns = [event for event in events if event.kind == EventKind.RETURN]
    doors: dict[int, Place] = {}
    arrivals: dict[int, DriverEvent] = {}
    endings: dict[int, DriverEvent] = {}
    for event in events:
        if event.stop is not None:
            point = event.stop.drop.pickup_point
            doors[event.stop.pk] = Place(point.lng, point.lat)
            if event.kind == EventKind.ARRIVE:
                arrivals.setdefault(event.stop.pk, event)
            else:
                endings[event.stop.pk] = event
    return [
        *(_Call(depot, None, event) for event in departs[-1:]),
        *(_Call(doors[stop], arrivals.get(stop), endings.get(stop)) for stop in doors),
        *(_Call(depot, event, None) for event in returns[:1]),
    ]


def _leg(here: _Call, there: _Call) -> Iterator[LegBetween]:
    """Yield the leg between two calls if its ends are known and the driver was where it ends."""
    left, arrived = here.left, there.arrived
    if left is None or arrived is None or not _is_near(arrived, there.place):
        return
    left_at, arrived_at = _by_one_clock(left, arrived)
    straight_m = float(geodesic_m([here.place, there.place])[0, 1])
    leg = DrivenLeg(
        straight_m=straight_m,
        drive_s=round((arrived_at - left_at).total_seconds()),
        left_s=seconds_of_day(timezone.localtime(left_at).time()),
    )
    if leg.is_plausible:
        yield LegBetween(leg, here.place, there.place)


def _is_near(event: DriverEvent, place: Place) -> bool:
    if event.lng is None or event.lat is None:
        return False
    apart_m = float(geodesic_m([Place(event.lng, event.lat), place])[0, 1])
    return apart_m <= NEAR_M + min(event.accuracy_m or 0, NEAR_M)


def _by_one_clock(left: DriverEvent, arrived: DriverEvent) -> tuple[datetime, datetime]:
    if left.device == arrived.device and not any(map(_has_doubtful_clock, (left, arrived))):
        return left.device_at, arrived.device_at
    return left.received_at, arrived.received_at


def _has_doubtful_clock(event: DriverEvent) -> bool:
    doubt = clock_doubt(
        event.device_at, received_at=event.received_at, departs_at=event.trip.departs_at
    )
    return doubt is not None
