"""Trips as the driver's phone shows them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fulfillment.domain.driving import EventKind, Reported, read_undone
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.delivery import Driver, Stop, Trip
from fulfillment.models.driving import DriverEvent
from fulfillment.models.warehouse import Tote
from fulfillment.selectors.drop_parts import stop_totes
from leaders.domain.coordinates import Place
from leaders.models.accounts import Role, User
from leaders.selectors.access import has_role

OPEN = STOP_LIFECYCLE.open
DAY = "delivery_run__cutoff_run__campaign__delivery_date"
HELPERS = (Role.DISPATCHER, Role.WAREHOUSE)


def driver_of_user(user: User) -> Driver | None:
    """The driver a log-in belongs to, while they drive for us."""
    return Driver.objects.filter(user=user, is_active=True).first()


def trips_visible(user: User) -> QuerySet[Trip]:
    """The trips a log-in may open, the next first.

    A driver sees the published trips that are theirs; dispatchers and the
    warehouse see every trip, to help.
    """
    trips = Trip.objects.select_related(
        "delivery_run__cutoff_run__campaign", "delivery_run__warehouse", "vehicle", "driver"
    ).order_by("departs_at", "route_no")
    if has_role(user, *HELPERS):
        return trips
    return trips.filter(
        driver__user=user,
        driver__is_active=True,
        driver__user__role=Role.DRIVER,
        delivery_run__published_at__isnull=False,
    )


def trips_of_day(user: User, today: date) -> Sequence[Trip]:
    """Visible trips from `today` on; where there are none, those of the last day with any."""
    trips = trips_visible(user).annotate(
        stops_count=Count("stops"),
        ended=Count("stops", filter=~Q(stops__state__in=OPEN)),
    )
    coming = list(trips.filter(**{f"{DAY}__gte": today}))
    if coming:
        return coming
    last = trips.order_by(f"-{DAY}").values_list(DAY, flat=True).first()
    return list(trips.filter(**{DAY: last})) if last else []


def totes_on_board(stop: Stop) -> list[Tote]:
    """The totes on the vehicle for a stop, in the order of their labels."""
    totes = stop.drop.totes.order_by("storage", "seq")
    return list(stop_totes(stop, totes).loaded)


def reported_of(row: DriverEvent) -> Reported:
    """A stored event as the phone sent it."""
    place = None if row.lng is None or row.lat is None else Place(row.lng, row.lat)
    return Reported(
        event_id=row.event_id,
        kind=EventKind(row.kind),
        stop_id=row.stop_id,
        device_at=row.device_at,
        body=row.body,
        place=place,
        accuracy_m=row.accuracy_m,
        device=row.device,
    )


def undone_by(row: DriverEvent) -> UUID | None:
    """The event that a stored `undo` takes back; None for other kinds."""
    return read_undone(reported_of(row)) if row.kind == EventKind.UNDO else None
