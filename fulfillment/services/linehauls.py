"""The way from a hub to the grid warehouses it sorts for, planned like any other day.

A grid is a stop of its hub: all its drops are unloaded there, early enough to
be on its own vehicles before the first of them leaves. The hub sends vehicles
that its own deliveries leave at home.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Linehaul, Vehicle
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.day_model import Day
from fulfillment.routing.plan import PlannedTrip, RoutePlan
from fulfillment.routing.problem import Stop
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import solve
from fulfillment.selectors.plan_problem import plan_day
from fulfillment.selectors.plan_stand import day_midnight
from fulfillment.services.travel import travel_provider
from leaders.domain.coordinates import Place

# A hub has a handful of grids; more time finds nothing better.
_SECONDS_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehousePlan:
    """The plan of one warehouse, before it is stored."""

    warehouse: Warehouse
    plan: RoutePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class LinehaulPlan:
    """How the goods of grids come from their hub; grids by their code."""

    plan: RoutePlan
    grids: Mapping[str, Warehouse]

    @property
    def troubles(self) -> Mapping[int, str]:
        """Grid → why its goods do not come in time."""
        return {
            self.grids[_grid_code(left.stop_key)].pk: "No vehicle of the hub brings the goods"
            f" in time ({left.reason})."
            for left in self.plan.unserved
        }


def linehauls_plan(
    *, run: CutoffRun, plans: Sequence[WarehousePlan], seconds: int, seed: int, engine: str
) -> list[LinehaulPlan]:
    """Plan the way to every grid that has a trip to load; outside any transaction."""
    grids_of: defaultdict[int, list[WarehousePlan]] = defaultdict(list)
    for item in plans:
        if item.warehouse.hub_id is not None and item.plan.trips:
            grids_of[item.warehouse.hub_id].append(item)
    used = {trip.vehicle_key for item in plans for trip in item.plan.trips}
    planned = []
    for hub in Warehouse.objects.filter(pk__in=grids_of).order_by("code"):
        day = _hub_day(run, hub, grids_of[hub.pk], used)
        matrices = travel_provider(hub).matrices(day.places)
        params = SolveParams(seconds=min(seconds, _SECONDS_MAX), seed=seed)
        result = solve(day.problem(matrices), params, engine=engine)
        grids = {item.warehouse.code: item.warehouse for item in grids_of[hub.pk]}
        planned.append(LinehaulPlan(plan=result.plan, grids=grids))
    return planned


def linehauls_store(*, run: CutoffRun, linehauls: Sequence[LinehaulPlan]) -> int:
    """Store the calls at grids within the caller's transaction; return how many."""
    rows = [
        row
        for linehaul in linehauls
        for trip in linehaul.plan.trips
        for row in _rows(run, trip, linehaul.grids)
    ]
    Linehaul.objects.bulk_create(rows)
    return len(rows)


def _hub_day(run: CutoffRun, hub: Warehouse, grids: Sequence[WarehousePlan], used: set[str]) -> Day:
    fleet = plan_day(cutoff_run=run, warehouse=hub, request=PlanRequest())
    return replace(
        fleet,
        stops=tuple(_grid_stop(item) for item in grids),
        vehicles=tuple(vehicle for vehicle in fleet.vehicles if vehicle.key not in used),
        fixed=(),
    )


def _grid_stop(item: WarehousePlan) -> Stop:
    """A grid as a stop: unloaded in time for its first trip to be loaded and leave."""
    stops = [stop for trip in item.plan.trips for stop in trip.stops]
    totes = sum(stop.totes for stop in stops)
    service_s = totes * settings.SERVICE_S_PER_TOTE
    leaves_s = min(trip.departs_s for trip in item.plan.trips)
    return Stop(
        key=item.warehouse.code,
        place=Place(item.warehouse.lng, item.warehouse.lat),
        totes=totes,
        cold_totes=sum(stop.cold_totes for stop in stops),
        weight_g=sum(stop.weight_g for stop in stops),
        volume_ml=sum(stop.volume_ml for stop in stops),
        closes_s=max(0, leaves_s - settings.RELOAD_MINUTES * 60 - service_s),
        service_s=service_s,
    )


def _rows(run: CutoffRun, trip: PlannedTrip, grids: Mapping[str, Warehouse]) -> list[Linehaul]:
    midnight = day_midnight(run)
    vehicle = Vehicle.objects.get(code=trip.vehicle_key)
    return [
        Linehaul(
            cutoff_run=run,
            warehouse=grids[_grid_code(stop.stop_key)],
            vehicle=vehicle,
            trip_no=trip.trip,
            stop_seq=seq,
            totes=stop.totes,
            weight_g=stop.weight_g,
            volume_ml=stop.volume_ml,
            distance_m=stop.distance_m,
            leaves_at=midnight + timedelta(seconds=trip.departs_s),
            arrive_at=midnight + timedelta(seconds=stop.arrive_s),
            depart_at=midnight + timedelta(seconds=stop.depart_s),
        )
        for seq, stop in enumerate(trip.stops, start=1)
    ]


def _grid_code(stop_key: str) -> str:
    """The grid whose goods, or part of them, a stop unloads."""
    return stop_key.partition("#")[0]
