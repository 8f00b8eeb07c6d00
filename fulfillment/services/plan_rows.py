"""A plan written into the rows: trips and stops stay the rows they are where they persist.

Papers, labels and phones point at these rows, so a stop that moves to another
trip is the same row on another trip, and a route number stays with the goods in
its lane. Call it inside the caller's transaction, which holds the run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, ProtectedError

from fulfillment.domain.lanes import next_route_no, slot_for, slot_unserved
from fulfillment.domain.sorting import SlotCode, parse_slot
from fulfillment.domain.trip_matching import TripShape, trips_matched
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip, Vehicle
from fulfillment.models.warehouse import Drop
from fulfillment.routing.plan import PlannedStop, PlannedTrip, RoutePlan, UnservedReason
from fulfillment.selectors.plan_problem import drops_served
from fulfillment.selectors.plan_stand import day_midnight, plan_stand, stop_key_read
from fulfillment.selectors.totes import totes_expected_by_drop

# Numbers are moved out of the way before they are given anew: each is unique
# in its trip or vehicle at every moment.
_ASIDE = 10_000

PartKey = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """What the rows are written from."""

    delivery_run: DeliveryRun
    midnight: datetime
    trips: tuple[PlannedTrip, ...]
    drops: Mapping[int, Drop]
    totes: Mapping[int, int]

    def at(self, second: int) -> datetime:
        """The moment of a second of the day."""
        return self.midnight + timedelta(seconds=second)


def plan_rows_write(
    *, delivery_run: DeliveryRun, plan: RoutePlan, left_out: Collection[int] = ()
) -> None:
    """Make the trips and stops of a delivery run those of a plan.

    `left_out` names drops that the plan was not to serve.
    """
    run = delivery_run.cutoff_run
    drops = {drop.pk: drop for drop in drops_served(run, delivery_run.warehouse)}
    trips = sorted(plan.trips, key=lambda trip: (trip.departs_s, trip.vehicle_key, trip.trip))
    writing = _Writing(
        delivery_run=delivery_run,
        midnight=day_midnight(run),
        trips=tuple(trips),
        drops=drops,
        totes=totes_expected_by_drop(list(drops)),
    )
    known = {
        (stop.drop_id, stop.part_no): stop
        for stop in Stop.objects.select_for_update()
        .filter(trip__delivery_run=delivery_run)
        .order_by("pk")
    }
    rows = _trips_write(writing, known)
    _stops_write(writing, rows, known)
    _trips_clear(delivery_run, rows)
    _reasons_write(plan, drops.values(), left_out)


def slots_give(run: CutoffRun) -> None:
    """Give a slot to every drop of the run that has none; those that have one keep it.

    A drop gets the route and stop of its first part. Drops that no route takes
    wait in a lane behind the last route, those that came too late for the plan
    behind the others.
    """
    drops = list(
        Drop.objects.select_for_update(of=("self",))
        .filter(wave__run=run)
        .select_related("pickup_point")
        .order_by("pk")
    )
    places = {
        drop_id: (route_no, stop_seq)
        for drop_id, route_no, stop_seq in Stop.objects.filter(drop__in=drops)
        .order_by("-part_no")
        .values_list("drop_id", "trip__route_no", "stop_seq")
    }
    routes = _routes(run)
    slots = {parse_slot(drop.slot_code) for drop in drops if drop.slot_code}
    new = [drop for drop in drops if not drop.slot_code]
    for drop in sorted((drop for drop in new if drop.pk in places), key=lambda d: places[d.pk]):
        _slot_take(drop, slot_for(*places[drop.pk], slots), slots)
    for drop in sorted((drop for drop in new if drop.pk not in places), key=_waiting_order):
        drop.unserved_reason = drop.unserved_reason or UnservedReason.ADDED_LATER
        _slot_take(drop, slot_unserved(routes, slots), slots)
    Drop.objects.bulk_update(new, ["slot_code", "unserved_reason"])


def _slot_take(drop: Drop, slot: SlotCode, slots: set[SlotCode]) -> None:
    drop.slot_code = str(slot)
    slots.add(slot)


def _waiting_order(drop: Drop) -> tuple[bool, str]:
    is_late = drop.unserved_reason in ("", UnservedReason.ADDED_LATER)
    return is_late, drop.pickup_point.code


def _routes(run: CutoffRun) -> list[int]:
    trips = Trip.objects.filter(delivery_run__cutoff_run=run)
    return list(trips.values_list("route_no", flat=True))


def _trips_write(writing: _Writing, known: Mapping[PartKey, Stop]) -> list[Trip]:
    """The rows of the plan's trips, in their order; new ones get the next route numbers."""
    delivery_run = writing.delivery_run
    vehicles = Vehicle.objects.in_bulk(
        [trip.vehicle_key for trip in writing.trips], field_name="code"
    )
    old = {
        trip.pk: trip
        for trip in Trip.objects.select_for_update(of=("self",))
        .filter(delivery_run=delivery_run)
        .select_related("vehicle")
        .order_by("pk")
    }
    matched = trips_matched(
        _shapes_old(delivery_run, old, known), dict(enumerate(map(_shape, writing.trips)))
    )
    Trip.objects.filter(pk__in=old).update(trip_no=F("trip_no") + _ASIDE)
    run = delivery_run.cutoff_run
    slots = [
        parse_slot(code)
        for code in Drop.objects.filter(wave__run=run)
        .exclude(slot_code="")
        .values_list("slot_code", flat=True)
    ]
    free_no = next_route_no(_routes(run), slots)
    rows = []
    for number, planned in enumerate(writing.trips):
        row = old[matched[number]] if number in matched else Trip(delivery_run=delivery_run)
        if row.pk is None:
            row.route_no, free_no = free_no, free_no + 1
        vehicle = vehicles[planned.vehicle_key]
        if delivery_run.published_at and row.vehicle_id != vehicle.pk:
            row.driver_id = vehicle.driver_id
        row.vehicle = vehicle
        row.trip_no = planned.trip
        row.departs_at = writing.at(planned.departs_s)
        row.returns_at = writing.at(planned.returns_s)
        row.return_distance_m = planned.return_distance_m
        rows.append(row)
    kept = [row for row in rows if row.pk is not None]
    Trip.objects.bulk_update(
        kept, ["vehicle", "driver", "trip_no", "departs_at", "returns_at", "return_distance_m"]
    )
    Trip.objects.bulk_create(row for row in rows if row.pk is None)
    return rows


def _shape(trip: PlannedTrip) -> TripShape:
    return TripShape(
        vehicle_code=trip.vehicle_key,
        trip_no=trip.trip,
        stop_keys=frozenset(stop_key_read(stop.stop_key) for stop in trip.stops),
    )


def _shapes_old(
    delivery_run: DeliveryRun, old: Mapping[int, Trip], known: Mapping[PartKey, Stop]
) -> dict[int, TripShape]:
    """The trips that are there; one on which something is loaded goes on by nobody else."""
    closed = {trip.trip_id for trip in plan_stand(delivery_run) if trip.is_closed}
    keys_of: defaultdict[int, set[PartKey]] = defaultdict(set)
    for key, stop in known.items():
        if stop.trip_id not in closed:
            keys_of[stop.trip_id].add(key)
    return {
        trip_id: TripShape(
            vehicle_code=trip.vehicle.code,
            trip_no=trip.trip_no,
            stop_keys=frozenset(keys_of[trip_id]),
        )
        for trip_id, trip in old.items()
    }


def _stops_write(writing: _Writing, rows: Sequence[Trip], known: Mapping[PartKey, Stop]) -> None:
    planned = {
        stop_key_read(stop.stop_key): (row, seq, stop)
        for row, trip in zip(rows, writing.trips, strict=True)
        for seq, stop in enumerate(trip.stops, start=1)
    }
    gone = [stop.pk for key, stop in known.items() if key not in planned]
    Stop.objects.filter(pk__in=gone).delete()
    kept = [stop.pk for key, stop in known.items() if key in planned]
    Stop.objects.filter(pk__in=kept).update(stop_seq=F("stop_seq") + _ASIDE)
    stops = []
    for (drop_id, part_no), (trip, seq, stop) in planned.items():
        row = known.get((drop_id, part_no)) or Stop(drop_id=drop_id, part_no=part_no)
        row.trip, row.stop_seq = trip, seq
        _load_write(writing, row, stop)
        row.distance_m = stop.distance_m
        row.arrive_at, row.start_at = writing.at(stop.arrive_s), writing.at(stop.start_s)
        row.depart_at = writing.at(stop.depart_s)
        stops.append(row)
    fields = ["trip", "stop_seq", "totes", "weight_g", "volume_ml", "distance_m"]
    Stop.objects.bulk_update(
        [row for row in stops if row.pk is not None],
        [*fields, "arrive_at", "start_at", "depart_at"],
    )
    Stop.objects.bulk_create(row for row in stops if row.pk is None)


def _load_write(writing: _Writing, row: Stop, stop: PlannedStop) -> None:
    """A part carries what it was planned with, a whole drop what the drop has now.

    The drop may have changed while its plan was searched.
    """
    if stop.stop_key != str(row.drop_id):
        row.totes, row.weight_g, row.volume_ml = stop.totes, stop.weight_g, stop.volume_ml
        return
    drop = writing.drops[row.drop_id]
    row.totes = writing.totes[drop.pk]
    row.weight_g, row.volume_ml = drop.weight_g, drop.volume_ml


def _trips_clear(delivery_run: DeliveryRun, rows: Iterable[Trip]) -> None:
    """Delete trips that nobody drives any more; one that hands have written about stays, empty."""
    trips = Trip.objects.filter(delivery_run=delivery_run)
    for trip in trips.exclude(pk__in=[row.pk for row in rows]).order_by("pk"):
        try:
            with transaction.atomic():
                trip.delete()
        except ProtectedError:
            taken = trips.filter(vehicle=trip.vehicle_id).exclude(pk=trip.pk)
            last = taken.filter(trip_no__lt=_ASIDE).aggregate(no=Max("trip_no", default=0))["no"]
            Trip.objects.filter(pk=trip.pk).update(trip_no=last + 1)


def _reasons_write(plan: RoutePlan, drops: Iterable[Drop], left_out: Collection[int]) -> None:
    """Say of every drop why a stop of it is in no trip, or nothing."""
    reasons = {stop_key_read(left.stop_key)[0]: left.reason for left in plan.unserved}
    planned = {stop_key_read(stop.stop_key)[0] for trip in plan.trips for stop in trip.stops}
    changed = []
    for drop in drops:
        reason: str = reasons.get(drop.pk, "")
        if not reason and drop.pk not in planned:
            is_out = drop.pk in left_out
            reason = UnservedReason.LEFT_OUT if is_out else UnservedReason.ADDED_LATER
        if drop.unserved_reason != reason:
            drop.unserved_reason = reason
            changed.append(drop)
    Drop.objects.bulk_update(changed, ["unserved_reason"])
