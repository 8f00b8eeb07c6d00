"""When the next stops are expected, written where leaders look, and told once if late."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fulfillment.domain.arrival_window import arrival_window
from fulfillment.domain.driving import ENDINGS, MOVING, EventKind, happened_at
from fulfillment.domain.expected_times import Call, expected_times, is_late
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.driving import DriverEvent, DriverEventOutcome
from orders.models.outbox import Topic
from orders.services.outbox import Message, messages_queue

# A trip nobody has reported anything of for so long is not followed any more.
SILENT = timedelta(hours=12)
_STANDING = (DriverEventOutcome.APPLIED, DriverEventOutcome.WAITING)


def trips_follow(*, now: datetime) -> int:
    """Move the times of every trip on the road on, as time passes; return how many trips."""
    moving = DriverEvent.objects.filter(
        kind__in=MOVING, received_at__gt=now - SILENT, trip__stops__state__in=STOP_LIFECYCLE.open
    ).exclude(trip__driver_events__kind=EventKind.RETURN)
    trip_ids = sorted(set(moving.order_by().values_list("trip_id", flat=True)))
    for trip_id in trip_ids:
        expected_times_refresh(trip_id=trip_id, now=now)
    return len(trip_ids)


@transaction.atomic
def expected_times_refresh(*, trip_id: int, now: datetime) -> int:
    """Write when each open stop of a trip is expected; return how many leaders hear it is late.

    Until the driver has left, nothing is expected but the plan. A stop's
    leader is told once, when it is expected well after the announced window.
    """
    trip = Trip.objects.select_related("delivery_run__cutoff_run__campaign").get(pk=trip_id)
    stops = list(trip.stops.select_related("drop__pickup_point__leader").order_by("stop_seq"))
    events = list(
        DriverEvent.objects.filter(trip=trip, kind__in=MOVING, result__outcome__in=_STANDING)
    )
    if not events:
        return 0
    times = expected_times(
        _calls(trip, stops, events), on_the_way_since=_last_word(trip, events), now=now
    )
    late = []
    for stop in sorted(stops, key=lambda stop: stop.pk):
        if stop.pk not in times:
            continue
        expected_at = times[stop.pk].replace(second=0, microsecond=0)
        if expected_at != stop.expected_at:
            Stop.objects.filter(pk=stop.pk).update(expected_at=expected_at)
        if _is_to_tell(stop, expected_at, now):
            late.append(_message(stop, expected_at))
    messages_queue(messages=late, now=now)
    return len(late)


def _calls(trip: Trip, stops: Sequence[Stop], events: Sequence[DriverEvent]) -> list[Call]:
    arrivals = _arrivals(trip, events)
    delivery_date = trip.delivery_run.cutoff_run.campaign.delivery_date
    calls, left_at = [], trip.departs_at
    for stop in stops:
        opens = datetime.combine(delivery_date, stop.drop.pickup_point.opens_at)
        calls.append(
            Call(
                stop_id=stop.pk,
                drive=stop.arrive_at - left_at,
                opens_at=timezone.make_aware(opens),
                service=stop.depart_at - stop.start_at,
                planned_at=stop.start_at,
                is_ended=stop.state not in STOP_LIFECYCLE.open,
                arrived_at=arrivals.get(stop.pk),
            )
        )
        left_at = stop.depart_at
    return calls


def _arrivals(trip: Trip, events: Sequence[DriverEvent]) -> Mapping[int, datetime]:
    return {
        event.stop_id: _when(trip, event)
        for event in events
        if event.kind == EventKind.ARRIVE and event.stop_id
    }


def _last_word(trip: Trip, events: Sequence[DriverEvent]) -> datetime:
    """When the vehicle left the last place we know of; an arrival only where nothing else is."""
    left = [e for e in events if e.kind in ENDINGS or e.kind == EventKind.DEPART]
    return max(_when(trip, event) for event in left or events)


def _when(trip: Trip, event: DriverEvent) -> datetime:
    return happened_at(event.device_at, received_at=event.received_at, departs_at=trip.departs_at)


def _is_to_tell(stop: Stop, expected_at: datetime, now: datetime) -> bool:
    """Whether the leader is to hear that a stop is late, marking it as told."""
    allowed = timedelta(minutes=settings.LATE_ALERT_MINUTES)
    if stop.late_told_at is not None or not is_late(
        planned_at=stop.start_at, expected_at=expected_at, allowed=allowed
    ):
        return False
    untold = Stop.objects.filter(pk=stop.pk, late_told_at__isnull=True)
    return bool(untold.update(late_told_at=now))


def _message(stop: Stop, expected_at: datetime) -> Message:
    point = stop.drop.pickup_point
    window = arrival_window(stop.start_at)
    return Message(
        topic=Topic.DELIVERY_LATE,
        dedupe_key=f"stop:{stop.pk}",
        phone=point.leader.phone,
        facts={
            "place": point.name,
            "announced": f"{timezone.localtime(window.arrive_to):%H:%M}",
            "expected": f"{timezone.localtime(expected_at):%H:%M}",
        },
    )
