"""The day's drops and vehicles as values for the route planner."""

from datetime import time

from django.db.models import Count

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Vehicle
from fulfillment.models.warehouse import Drop
from fulfillment.routing.day_model import DayVehicle
from fulfillment.routing.day_model import Drop as DayDrop
from fulfillment.routing.problem import Depot
from leaders.domain.coordinates import Place


def run_depot(run: CutoffRun) -> Depot:
    """The run's warehouse as a depot."""
    warehouse = run.warehouse
    return Depot(key=warehouse.code, place=Place(warehouse.lng, warehouse.lat))


def run_drops(run: CutoffRun) -> list[DayDrop]:
    """The run's drops, in order of pickup point code, which is their key."""
    drops = (
        Drop.objects.filter(wave__run=run)
        .select_related("pickup_point")
        .annotate(tote_count=Count("totes"))
        .order_by("pickup_point__code")
    )
    return [
        DayDrop(
            key=drop.pickup_point.code,
            place=Place(drop.pickup_point.lng, drop.pickup_point.lat),
            weight_g=drop.weight_g,
            volume_ml=drop.volume_ml,
            totes=drop.tote_count,
            opens_s=seconds_of_day(drop.pickup_point.opens_at),
            closes_s=seconds_of_day(drop.pickup_point.closes_at),
            unload_s=drop.pickup_point.unload_minutes * 60,
        )
        for drop in drops
    ]


def run_vehicles(run: CutoffRun) -> list[DayVehicle]:
    """The warehouse's active vehicles, in order of code, which is their key."""
    vehicles = Vehicle.objects.filter(warehouse_id=run.warehouse_id, is_active=True)
    return [
        DayVehicle(
            key=vehicle.code,
            capacity_g=vehicle.capacity_g,
            capacity_totes=vehicle.capacity_totes,
            fixed_cost_fen=vehicle.fixed_cost_fen,
            cost_per_km_fen=vehicle.cost_per_km_fen,
            cost_per_hour_fen=vehicle.cost_per_hour_fen,
            shift_start_s=seconds_of_day(vehicle.shift_start),
            shift_end_s=seconds_of_day(vehicle.shift_end),
        )
        for vehicle in vehicles.order_by("code")
    ]


def first_stop(drop: Drop) -> Stop | None:
    """The first part of a drop on the plan, or None; prefetch `stops` to ask for many."""
    return min(drop.stops.all(), key=lambda stop: stop.part_no, default=None)


def seconds_of_day(clock: time) -> int:
    """Seconds since midnight of a clock reading."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second
