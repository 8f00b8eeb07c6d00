"""A warehouse's day from the rows: what a planner may decide, and what stands already."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Vehicle
from fulfillment.models.warehouse import Drop, Tote, ToteState, Warehouse
from fulfillment.routing.day_model import (
    Day,
    DayEstimates,
    DayVehicle,
    day_vehicle,
)
from fulfillment.routing.day_model import Drop as DayDrop
from fulfillment.routing.problem import UNBOUNDED_ML, Depot, Stop
from fulfillment.routing.problem import Vehicle as FleetVehicle
from fulfillment.routing.rules import Break, FixedTrip
from fulfillment.selectors.delivery import seconds_of_day
from fulfillment.selectors.familiar_drivers import Visit, last_visits, routes_of
from fulfillment.selectors.plan_parts import drop_parts
from fulfillment.selectors.plan_stand import (
    StopStand,
    TripStand,
    accepted_plan,
    plan_stand,
)
from fulfillment.selectors.travel import day_traffic
from leaders.domain.coordinates import Place
from orders.models.catalogue import Storage

COLD = (Storage.CHILL, Storage.FROZEN)
# Given back when the slot was sealed, or lost: nobody carries them anywhere.
_NOT_TRAVELLING = (ToteState.FREE, ToteState.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Totes:
    """How many totes a drop has, and how many of them are kept cold."""

    all: int
    cold: int


def plan_day(*, cutoff_run: CutoffRun, warehouse: Warehouse, request: PlanRequest) -> Day:
    """The day of one warehouse as somebody asks for it to be planned.

    Loaded trips are closed, locks hold, and vehicles and drops that are out
    are not there. Stops come in order of pickup point code, vehicles in order
    of theirs.
    """
    stand = plan_stand(accepted_plan(cutoff_run, warehouse))
    kept = trips_kept(stand, request)
    drops = [
        drop
        for drop in drops_served(cutoff_run, warehouse)
        if drop.pk not in request.drops_out or _is_kept(drop, kept.values())
    ]
    estimates = day_estimates(request)
    fleet = _fleet(_vehicles(cutoff_run, warehouse, stand), stand, request, estimates)
    known = frozenset(vehicle.key for vehicle in fleet)
    familiar = _familiar(drops, stand, request, warehouse)
    doors = _Doors(
        totes=_totes_of(drops),
        vehicle_of={
            stop.drop_id: trip.vehicle_code
            for trip in stand
            for stop in trip.stops
            if trip.vehicle_code not in request.vehicles_out
        },
        familiar={drop_id: code for drop_id, code in familiar.items() if code in known},
    )
    planned: defaultdict[int, list[StopStand]] = defaultdict(list)
    for trip in stand:
        for stop in trip.stops:
            planned[stop.drop_id].append(stop)
    stops = tuple(
        stop
        for drop in drops
        for stop in drop_parts(doors.drop_value(drop), planned[drop.pk], fleet, estimates)
    )
    return Day(
        depot=Depot(key=warehouse.code, place=Place(warehouse.lng, warehouse.lat)),
        stops=stops,
        vehicles=fleet,
        fixed=_fixed(stand, kept, stops, fleet),
        traffic=day_traffic(warehouse),
    )


def familiar_routes(cutoff_run: CutoffRun, warehouse: Warehouse) -> dict[str, list[list[str]]]:
    """Vehicle → its trips as drop keys, in the order its driver came last: where to begin."""
    return routes_of(_visits(list(drops_served(cutoff_run, warehouse)), warehouse))


def drops_served(cutoff_run: CutoffRun, warehouse: Warehouse) -> QuerySet[Drop]:
    """The drops a warehouse delivers, in order of pickup point code.

    A point that nobody has given to a warehouse is served by the run's own.
    """
    served = Q(pickup_point__served_from__warehouse=warehouse)
    if warehouse.pk == cutoff_run.warehouse_id:
        served |= Q(pickup_point__served_from__isnull=True)
    return (
        Drop.objects.filter(served, wave__run=cutoff_run)
        .select_related("pickup_point")
        .order_by("pickup_point__code", "pk")
    )


def warehouses_delivering(cutoff_run: CutoffRun) -> list[Warehouse]:
    """The warehouses that serve a drop of the run, its own first, then by code."""
    served = Drop.objects.filter(wave__run=cutoff_run).values_list(
        "pickup_point__served_from__warehouse_id", flat=True
    )
    own = cutoff_run.warehouse_id
    # A run without drops has one plan without stops.
    wanted = {warehouse_id or own for warehouse_id in served.distinct().order_by()} or {own}
    rows = Warehouse.objects.filter(pk__in=wanted).order_by("code")
    return sorted(rows, key=lambda warehouse: warehouse.pk != own)


def day_estimates(request: PlanRequest) -> DayEstimates:
    """What the operator's settings estimate a day with."""
    change = settings.REPLAN_CHANGE_FEN if request.keeps_plan else settings.ROUTE_CHANGE_FEN
    return DayEstimates(
        service_per_tote_s=settings.SERVICE_S_PER_TOTE,
        service_per_tote_floor_s=settings.SERVICE_S_PER_TOTE_FLOOR,
        reload_s=settings.RELOAD_MINUTES * 60,
        lateness_fen_per_hour=settings.LATENESS_FEN_PER_HOUR,
        change_penalty_fen=change,
    )


def trips_kept(
    stand: Iterable[TripStand], request: PlanRequest
) -> Mapping[tuple[str, int], tuple[StopStand, ...]]:
    """(vehicle, trip) → the stops that stay on a trip nothing joins any more.

    A vehicle that is out keeps what is done and what lies on it, unless that
    may go on by another vehicle. Trips before a closed one are closed with it.
    """
    kept: dict[tuple[str, int], tuple[StopStand, ...]] = {}
    trips_of: defaultdict[str, list[TripStand]] = defaultdict(list)
    for trip in stand:
        trips_of[trip.vehicle_code].append(trip)
    for code, trips in trips_of.items():
        if code in request.vehicles_out:
            left = (_left_behind(trip, request) for trip in trips)
            kept |= {(code, number): stops for number, stops in enumerate(filter(None, left), 1)}
        else:
            closed = max((n for n, trip in enumerate(trips, 1) if trip.is_closed), default=0)
            kept |= {(code, n): trip.stops for n, trip in enumerate(trips[:closed], 1)}
    return kept


def _left_behind(trip: TripStand, request: PlanRequest) -> tuple[StopStand, ...]:
    return tuple(
        stop for stop in trip.stops if stop.is_done or (stop.is_loaded and not request.transships)
    )


def _is_kept(drop: Drop, kept: Iterable[Sequence[StopStand]]) -> bool:
    return any(stop.drop_id == drop.pk for stops in kept for stop in stops)


def _totes_of(drops: Sequence[Drop]) -> Mapping[int, _Totes]:
    rows = Tote.objects.filter(drop__in=drops).exclude(state__in=_NOT_TRAVELLING)
    counted = Counter(
        (drop_id, storage in COLD) for drop_id, storage in rows.values_list("drop_id", "storage")
    )
    binds = settings.COLD_TOTES_BIND
    return {
        drop.pk: _Totes(
            all=counted[drop.pk, True] + counted[drop.pk, False],
            cold=counted[drop.pk, True] if binds else 0,
        )
        for drop in drops
    }


def _familiar(
    drops: Sequence[Drop], stand: Iterable[TripStand], request: PlanRequest, warehouse: Warehouse
) -> Mapping[int, str]:
    """Drop → the vehicle it should stay with: of the plan that is kept, else of the day before."""
    if request.keeps_plan:
        return {stop.drop_id: trip.vehicle_code for trip in stand for stop in trip.stops}
    if not request.keeps_drivers:
        return {}
    visits = _visits(drops, warehouse)
    return {int(key): visit.vehicle_code for key, visit in visits.items()}


def _visits(drops: Sequence[Drop], warehouse: Warehouse) -> dict[str, Visit]:
    """Drop key → the last visit at its point before the day of the drops."""
    if not drops:
        return {}
    day = drops[0].wave.run.campaign.delivery_date
    visits = last_visits(warehouse, [drop.pickup_point_id for drop in drops], before=day)
    return {
        str(drop.pk): visits[drop.pickup_point_id]
        for drop in drops
        if drop.pickup_point_id in visits
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doors:
    """What is known of the drops beside their points."""

    totes: Mapping[int, _Totes]
    vehicle_of: Mapping[int, str]
    familiar: Mapping[int, str]

    def drop_value(self, drop: Drop) -> DayDrop:
        """A drop as a value; a drop locked to its vehicle names it."""
        point, totes = drop.pickup_point, self.totes[drop.pk]
        locked_to = self.vehicle_of.get(drop.pk) if drop.lock else None
        return DayDrop(
            key=str(drop.pk),
            place=Place(point.lng, point.lat),
            weight_g=drop.weight_g,
            volume_ml=drop.volume_ml,
            totes=totes.all,
            cold_totes=totes.cold,
            opens_s=seconds_of_day(point.opens_at),
            closes_s=seconds_of_day(point.closes_at),
            prefers_until_s=seconds_of_day(point.prefers_until) if point.prefers_until else None,
            unload_s=point.unload_minutes * 60,
            stair_floors=point.stair_floors,
            largest_size=point.largest_vehicle,
            trucks_from_s=seconds_of_day(point.trucks_from) if point.trucks_from else 0,
            is_priority=point.is_priority,
            vehicle_keys=None if locked_to is None else frozenset({locked_to}),
            usual_vehicle_key=self.familiar.get(drop.pk),
        )


def _vehicles(
    cutoff_run: CutoffRun, warehouse: Warehouse, stand: Iterable[TripStand]
) -> QuerySet[Vehicle]:
    """The warehouse's vehicles but those that carry goods to grids, and all that have a trip."""
    free = Q(warehouse=warehouse, is_active=True) & ~Q(linehauls__cutoff_run=cutoff_run)
    driving = Q(code__in={trip.vehicle_code for trip in stand})
    return Vehicle.objects.filter(free | driving).distinct().order_by("code")


def _fleet(
    rows: Iterable[Vehicle],
    stand: Sequence[TripStand],
    request: PlanRequest,
    estimates: DayEstimates,
) -> tuple[FleetVehicle, ...]:
    """The vehicles that may drive, and those that have driven already."""
    kept = Counter(code for code, _trip in trips_kept(stand, request))
    usable = [row for row in rows if row.code not in request.vehicles_out or kept[row.code]]
    if request.max_vehicles is not None:
        usable = _fewer(usable, stand, request.max_vehicles)
    values = (_vehicle_value(row, kept[row.code], request) for row in usable)
    return tuple(day_vehicle(value, estimates) for value in values if value is not None)


def _fewer(rows: list[Vehicle], stand: Sequence[TripStand], wanted: int) -> list[Vehicle]:
    """The vehicles one would keep: those under way, then the fullest, then the largest."""
    totes: Counter[str] = Counter()
    for trip in stand:
        totes[trip.vehicle_code] += sum(stop.totes for stop in trip.stops)
    closed = {trip.vehicle_code for trip in stand if trip.is_closed}
    ranked = sorted(
        rows,
        key=lambda row: (
            row.code not in closed,
            -totes[row.code],
            -row.capacity_totes,
            -row.capacity_g,
            row.code,
        ),
    )
    chosen = {row.code for row in ranked[: max(wanted, len(closed))]}
    return [row for row in rows if row.code in chosen]


def _vehicle_value(row: Vehicle, kept_trips: int, request: PlanRequest) -> DayVehicle | None:
    """A vehicle as a value, or None if its shift is over before it could leave."""
    shift_start_s, shift_end_s = seconds_of_day(row.shift_start), seconds_of_day(row.shift_end)
    if not kept_trips:
        shift_start_s = max(shift_start_s, request.leaves_from_s)
    if shift_start_s > shift_end_s:
        return None
    return DayVehicle(
        key=row.code,
        capacity_g=row.capacity_g,
        capacity_totes=row.capacity_totes,
        capacity_ml=UNBOUNDED_ML if row.capacity_ml is None else row.capacity_ml,
        capacity_cold_totes=row.capacity_totes if row.is_chilled else row.insulated_totes,
        size=row.size,
        fixed_cost_fen=row.fixed_cost_fen,
        cost_per_km_fen=row.cost_per_km_fen,
        cost_per_hour_fen=row.cost_per_hour_fen,
        shift_start_s=shift_start_s,
        shift_end_s=shift_end_s,
        overtime_s=row.overtime_minutes * 60,
        overtime_fen_per_hour=row.overtime_per_hour_fen,
        breaks=_breaks(row),
        max_trips=kept_trips if row.code in request.vehicles_out else None,
    )


def _breaks(row: Vehicle) -> tuple[Break, ...]:
    if not row.break_minutes or row.break_from is None or row.break_until is None:
        return ()
    return (
        Break(
            duration_s=row.break_minutes * 60,
            from_s=seconds_of_day(row.break_from),
            until_s=seconds_of_day(row.break_until),
        ),
    )


def _fixed(
    stand: Iterable[TripStand],
    kept: Mapping[tuple[str, int], Sequence[StopStand]],
    stops: Sequence[Stop],
    fleet: Sequence[FleetVehicle],
) -> tuple[FixedTrip, ...]:
    """Closed trips, and the beginnings of open ones that a dispatcher has locked."""
    node = {stop.key: number for number, stop in enumerate(stops, start=1)}
    position = {vehicle.key: number for number, vehicle in enumerate(fleet)}
    departs_s = {(trip.vehicle_code, trip.trip_no): trip.departs_s for trip in stand}
    signed = {(trip.vehicle_code, trip.trip_no) for trip in stand if trip.is_signed}
    closed = [
        FixedTrip(
            vehicle=position[code],
            trip=number,
            nodes=tuple(node[stop.key] for stop in of_trip),
            is_closed=True,
            departs_s=departs_s[code, number] if (code, number) in signed else None,
        )
        for (code, number), of_trip in kept.items()
    ]
    begun = [
        FixedTrip(
            vehicle=position[trip.vehicle_code],
            trip=trip.trip_no,
            nodes=tuple(node[stop.key] for stop in trip.locked if stop.key in node),
        )
        for trip in stand
        if (trip.vehicle_code, trip.trip_no) not in kept
        and trip.locked
        and trip.vehicle_code in position
    ]
    return tuple(fixed for fixed in [*closed, *begun] if fixed.nodes)
