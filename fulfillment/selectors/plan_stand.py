"""How far the accepted plan has come: what is loaded or done stays where it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, StopState, Trip
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import DropLock, Tote, ToteState, Warehouse

# A tote in one of these has left the floor.
LEFT_THE_FLOOR = (ToteState.LOADED, ToteState.DELIVERED, ToteState.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopStand:
    """One stop of the accepted plan, its lock, and whether it is loaded or even done."""

    key: str
    drop_id: int
    totes: int
    weight_g: int
    volume_ml: int
    lock: str
    is_loaded: bool
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TripStand:
    """One trip of the accepted plan; closed once its load is signed for or a stop is loaded."""

    trip_id: int
    vehicle_code: str
    trip_no: int
    is_signed: bool
    departs_s: int
    stops: tuple[StopStand, ...]

    @property
    def is_closed(self) -> bool:
        """Whether nothing joins or leaves it any more."""
        return self.is_signed or any(stop.is_loaded for stop in self.stops)

    @property
    def locked(self) -> tuple[StopStand, ...]:
        """The stops it must begin with: up to the last one that keeps its place."""
        places = [at for at, stop in enumerate(self.stops, 1) if stop.lock == DropLock.PLACE]
        return self.stops[: max(places, default=0)]


def accepted_plan(cutoff_run: CutoffRun, warehouse: Warehouse) -> DeliveryRun | None:
    """The plan that holds for a warehouse, or None before its first."""
    return DeliveryRun.objects.filter(cutoff_run=cutoff_run, warehouse=warehouse).first()


def plan_stand(delivery_run: DeliveryRun | None) -> tuple[TripStand, ...]:
    """The trips of a plan as they stand, by vehicle and trip number; empty trips are left out."""
    if delivery_run is None:
        return ()
    stops_of: dict[int, list[Stop]] = {}
    for stop in (
        Stop.objects.filter(trip__delivery_run=delivery_run)
        .select_related("drop")
        .order_by("trip", "stop_seq")
    ):
        stops_of.setdefault(stop.trip_id, []).append(stop)
    stops = [stop for of_trip in stops_of.values() for stop in of_trip]
    parts = Counter(stop.drop_id for stop in stops)
    loaded = _drops_loaded(parts)
    signed = set(LoadCheck.objects.filter(trip__in=stops_of).values_list("trip_id", flat=True))
    trips = Trip.objects.filter(pk__in=stops_of).select_related("vehicle")
    return tuple(
        TripStand(
            trip_id=trip.pk,
            vehicle_code=trip.vehicle.code,
            trip_no=trip.trip_no,
            is_signed=trip.pk in signed,
            departs_s=day_second(delivery_run.cutoff_run, trip.departs_at),
            stops=tuple(_stop_stand(stop, parts, loaded) for stop in stops_of[trip.pk]),
        )
        for trip in trips.order_by("vehicle__code", "trip_no")
    )


def part_key(drop_id: int, part_no: int) -> str:
    """The key of a part of a drop in problems and drafts; a whole drop is keyed by its number."""
    return f"{drop_id}#{part_no}"


def stop_key_read(key: str) -> tuple[int, int]:
    """The drop and the part that a key names."""
    drop_id, _, part_no = key.partition("#")
    return int(drop_id), int(part_no or 1)


def day_midnight(cutoff_run: CutoffRun) -> datetime:
    """When the seconds of the run's delivery day begin to count."""
    return timezone.make_aware(datetime.combine(cutoff_run.campaign.delivery_date, time.min))


def day_second(cutoff_run: CutoffRun, moment: datetime) -> int:
    """Seconds from the midnight of the delivery day to a moment; below 0 on the day before."""
    return round((moment - day_midnight(cutoff_run)).total_seconds())


def _stop_stand(stop: Stop, parts: Mapping[int, int], loaded: set[int]) -> StopStand:
    is_done = stop.state != StopState.PLANNED
    # A part whose other parts no vehicle takes is the only stop of its drop.
    is_part = parts[stop.drop_id] > 1 or stop.part_no > 1 or stop.weight_g < stop.drop.weight_g
    return StopStand(
        key=part_key(stop.drop_id, stop.part_no) if is_part else str(stop.drop_id),
        drop_id=stop.drop_id,
        totes=stop.totes,
        weight_g=stop.weight_g,
        volume_ml=stop.volume_ml,
        lock=stop.drop.lock,
        is_loaded=is_done or stop.drop_id in loaded,
        is_done=is_done,
    )


def _drops_loaded(drop_ids: Iterable[int]) -> set[int]:
    """Drops of which a tote is on a vehicle or has been; every part of such a drop stays."""
    totes = Tote.objects.filter(drop__in=list(drop_ids), state__in=LEFT_THE_FLOOR)
    return set(totes.values_list("drop_id", flat=True))
