"""Delivery runs as the dispatcher looks at them: figures, trips, stops, the unserved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fulfillment.models.delivery import DeliveryRun, Stop, Trip, Vehicle
from fulfillment.models.warehouse import Drop, Warehouse
from fulfillment.routing.plan import UnservedReason
from fulfillment.selectors.plan_problem import drops_served
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

REASON_LABELS: Mapping[str, "_StrOrPromise"] = {
    UnservedReason.TOO_HEAVY: _("heavier than any vehicle carries"),
    UnservedReason.TOO_MANY_TOTES: _("more totes than any vehicle carries"),
    UnservedReason.TOO_MUCH_VOLUME: _("takes more room than any vehicle has"),
    UnservedReason.TOO_COLD: _("more cold totes than any vehicle keeps cold"),
    UnservedReason.TOO_LARGE: _("larger than any vehicle"),
    UnservedReason.NO_VEHICLE_ALLOWED: _("no vehicle that may drive there can take it"),
    UnservedReason.WINDOW_UNREACHABLE: _("cannot be reached during opening hours"),
    UnservedReason.NO_VEHICLE_LEFT: _("no vehicle has room or time left"),
    UnservedReason.ADDED_LATER: _("got its first goods after the routes were planned"),
    UnservedReason.LEFT_OUT: _("taken off the plan"),
}
VEHICLE_KINDS: Mapping[str, "_StrOrPromise"] = {
    "micro_van": _("micro van"),
    "van": _("van"),
    "truck": _("truck"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What lies on a vehicle, against what it can carry."""

    totes: int
    weight_g: int
    volume_ml: int
    capacity_totes: int
    capacity_g: int

    @property
    def totes_percent(self) -> int:
        """Totes as a share of the vehicle's places."""
        return round(100 * self.totes / self.capacity_totes)

    @property
    def weight_percent(self) -> int:
        """Weight as a share of what the vehicle may carry."""
        return round(100 * self.weight_g / self.capacity_g)

    @property
    def load_factor_percent(self) -> int:
        """The tighter of the two."""
        return max(self.totes_percent, self.weight_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """One stop with its place, its times and its load."""

    stop: Stop
    slot_code: str
    point: PickupPoint
    leader: Leader

    @property
    def wait_s(self) -> int:
        """Seconds between arrival and the opening of the point."""
        return round((self.stop.start_at - self.stop.arrive_at).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class TripView:
    """One tour with its stops in driving order."""

    trip: Trip
    vehicle: Vehicle
    vehicle_kind: str
    stops: tuple[StopView, ...]
    load: Load
    distance_m: int

    @property
    def label(self) -> str:
        """The route number as it stands on papers: R03."""
        return str(self.trip)

    @property
    def duration_s(self) -> int:
        """Seconds from the warehouse back to the warehouse."""
        return round((self.trip.returns_at - self.trip.departs_at).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedView:
    """A drop no trip serves, and why in words."""

    drop: Drop
    point: PickupPoint
    leader: Leader
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A whole delivery run."""

    run: DeliveryRun
    warehouse: Warehouse
    trips: tuple[TripView, ...]
    unserved: tuple[UnservedView, ...]

    @property
    def vehicles(self) -> int:
        """Vehicles used."""
        return len({trip.vehicle.pk for trip in self.trips})

    @property
    def stops(self) -> int:
        """Stops served."""
        return sum(len(trip.stops) for trip in self.trips)

    @property
    def totes(self) -> int:
        """Totes carried."""
        return sum(trip.load.totes for trip in self.trips)

    @property
    def load_factor_percent(self) -> int:
        """Totes carried as a share of all places on all trips."""
        places = sum(trip.load.capacity_totes for trip in self.trips)
        return round(100 * self.totes / places) if places else 0

    @property
    def engine_text(self) -> str:
        """The engine, and which of its parts found the plan."""
        made_by = str(self.run.details.get("made_by", ""))
        return f"{self.run.engine} / {made_by}" if made_by else self.run.engine

    @property
    def hours_text(self) -> str:
        """From the first departure to the last return, in local time."""
        if not self.trips:
            return "—"
        departs_at = timezone.localtime(min(view.trip.departs_at for view in self.trips))
        returns_at = timezone.localtime(max(view.trip.returns_at for view in self.trips))
        return f"{departs_at:%H:%M}–{returns_at:%H:%M}"


def delivery_runs_listed() -> QuerySet[DeliveryRun]:
    """All delivery runs with `vehicle_count`, `trip_count`, `stop_count` and `unserved_count`.

    The newest day first; the warehouses of one run stand together.
    """
    unserved = (
        Drop.objects.annotate(
            served_by=Coalesce("pickup_point__served_from__warehouse_id", "wave__run__warehouse_id")
        )
        .filter(wave__run=OuterRef("cutoff_run"), served_by=OuterRef("warehouse"))
        .exclude(unserved_reason="")
        .order_by()
        .values("wave__run")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        DeliveryRun.objects.select_related("cutoff_run__campaign", "warehouse", "published_by")
        .annotate(
            vehicle_count=Count("trips__vehicle", distinct=True),
            trip_count=Count("trips", distinct=True),
            stop_count=Count("trips__stops"),
            unserved_count=Subquery(unserved),
        )
        .order_by("-cutoff_run__campaign__delivery_date", "-cutoff_run", "warehouse__code")
    )


def plan_view(run: DeliveryRun) -> PlanView:
    """A delivery run with everything on it, in a fixed number of queries."""
    trips = run.trips.select_related("vehicle__driver", "driver").order_by("route_no")
    stops_of: dict[int, list[StopView]] = {}
    for stop in (
        Stop.objects.filter(trip__delivery_run=run)
        .select_related("drop__pickup_point__leader")
        .order_by("trip", "stop_seq")
    ):
        stops_of.setdefault(stop.trip_id, []).append(_stop_view(stop))
    return PlanView(
        run=run,
        warehouse=run.warehouse,
        trips=tuple(_trip_view(trip, tuple(stops_of.get(trip.pk, ()))) for trip in trips),
        unserved=_unserved(run),
    )


def _stop_view(stop: Stop) -> StopView:
    point = stop.drop.pickup_point
    return StopView(stop=stop, slot_code=stop.drop.slot_code, point=point, leader=point.leader)


def _trip_view(trip: Trip, stops: tuple[StopView, ...]) -> TripView:
    vehicle = trip.vehicle
    return TripView(
        trip=trip,
        vehicle=vehicle,
        vehicle_kind=str(VEHICLE_KINDS.get(vehicle.kind, vehicle.kind)),
        stops=stops,
        load=Load(
            totes=sum(view.stop.totes for view in stops),
            weight_g=sum(view.stop.weight_g for view in stops),
            volume_ml=sum(view.stop.volume_ml for view in stops),
            capacity_totes=vehicle.capacity_totes,
            capacity_g=vehicle.capacity_g,
        ),
        distance_m=trip.return_distance_m + sum(view.stop.distance_m for view in stops),
    )


def _unserved(run: DeliveryRun) -> tuple[UnservedView, ...]:
    drops = (
        drops_served(run.cutoff_run, run.warehouse)
        .exclude(unserved_reason="")
        .select_related("pickup_point__leader")
        .order_by("slot_code")
    )
    return tuple(
        UnservedView(
            drop=drop,
            point=drop.pickup_point,
            leader=drop.pickup_point.leader,
            reason=str(REASON_LABELS.get(drop.unserved_reason, drop.unserved_reason)),
        )
        for drop in drops
    )
