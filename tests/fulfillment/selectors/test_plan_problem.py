"""A warehouse's day from the rows: each rule comes from its field."""

from datetime import time
from typing import Any

import pytest
from pytest_django import Settings

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip, Vehicle
from fulfillment.models.warehouse import Drop, DropLock, ServedPoint, Tote, ToteState
from fulfillment.routing import problem as model
from fulfillment.routing.day_model import Day
from fulfillment.routing.problem import UNBOUNDED_ML, UNBOUNDED_S, UNSERVED_PENALTY_FEN
from fulfillment.routing.rules import Break, FixedTrip, Traffic
from fulfillment.selectors.plan_drafts import accepted_duties
from fulfillment.selectors.plan_problem import (
    familiar_routes,
    plan_day,
    warehouses_delivering,
)
from leaders.domain.coordinates import Place
from leaders.models.pickup_points import PickupPoint, VehicleSize
from tests.factories.driving import DriverFactory
from tests.factories.fulfillment import VehicleFactory, WarehouseFactory
from tests.factories.planned_towns import (
    next_day,
    planned,
    planned_town,
    second_warehouse,
    town,
)
from tests.factories.travel import TravelCalibrationFactory

pytestmark = pytest.mark.django_db

HOUR_S = 3600


def day_of(run: CutoffRun, **asked: Any) -> Day:
    return plan_day(cutoff_run=run, warehouse=run.warehouse, request=PlanRequest(**asked))


def first_stop(run: CutoffRun, **asked: Any) -> model.Stop:
    return day_of(run, **asked).stops[0]


def with_point(**fields: Any) -> CutoffRun:
    """A town of one drop whose point is like this."""
    run = town(stops=1)
    PickupPoint.objects.update(**fields)
    return run


def with_vehicle(**fields: Any) -> model.Vehicle:
    """The one vehicle of a town, like this."""
    run = town(stops=1, vehicles=1)
    Vehicle.objects.update(**fields)
    return day_of(run).vehicles[0]


def test_a_drop_is_a_stop_at_its_point_with_its_load() -> None:
    run = town(stops=1)
    drop = Drop.objects.select_related("pickup_point").get()

    stop = first_stop(run)

    point, totes = drop.pickup_point, drop.totes.count()
    assert (stop.key, stop.place) == (str(drop.pk), Place(point.lng, point.lat))
    assert (stop.totes, stop.weight_g, stop.volume_ml) == (totes, drop.weight_g, drop.volume_ml)
    assert (stop.opens_s, stop.closes_s) == (6 * HOUR_S, 8 * HOUR_S)
    assert stop.service_s == 4 * 60 + totes * 36
    assert (stop.prefers_until_s, stop.lateness_fen_per_hour) == (UNBOUNDED_S, 0)
    assert (stop.largest_size, stop.trucks_from_s, stop.vehicle_keys) == (None, 0, None)
    assert (stop.usual_vehicle_key, stop.unserved_penalty_fen) == (None, UNSERVED_PENALTY_FEN)


def test_a_lost_tote_is_not_carried() -> None:
    run = town(stops=1)
    totes = Tote.objects.count()
    lost = Tote.objects.earliest("pk")
    Tote.objects.filter(pk=lost.pk).update(state=ToteState.LOST)

    assert first_stop(run).totes == totes - 1


def test_stairs_take_their_time_for_every_tote(settings: Settings) -> None:
    settings.SERVICE_S_PER_TOTE_FLOOR = 25
    flat, high = with_point(stair_floors=0), 3
    before = first_stop(flat)
    PickupPoint.objects.update(stair_floors=high)

    assert first_stop(flat).service_s - before.service_s == before.totes * high * 25


def test_a_delivery_after_the_wished_hour_costs(settings: Settings) -> None:
    settings.LATENESS_FEN_PER_HOUR = 4_000

    stop = first_stop(with_point(prefers_until=time(7, 15)))

    assert (stop.prefers_until_s, stop.lateness_fen_per_hour) == (7 * HOUR_S + 900, 4_000)


def test_doors_say_who_fits_and_from_when_trucks_may_come() -> None:
    stop = first_stop(with_point(largest_vehicle=VehicleSize.VAN, trucks_from=time(7, 0)))

    assert (stop.largest_size, stop.trucks_from_s) == (2, 7 * HOUR_S)


def test_a_priority_is_worth_more_than_others() -> None:
    stop = first_stop(with_point(is_priority=True))

    assert stop.unserved_penalty_fen == 3 * UNSERVED_PENALTY_FEN


def test_cold_totes_count_where_they_bind(settings: Settings) -> None:
    run = town(stops=1)
    without = first_stop(run)
    settings.COLD_TOTES_BIND = True

    assert (without.cold_totes, first_stop(run).cold_totes) == (0, 1)


def test_a_vehicle_has_its_limits_its_shift_and_its_costs() -> None:
    vehicle = with_vehicle(
        capacity_ml=3_000_000,
        insulated_totes=12,
        size=VehicleSize.TRUCK,
        overtime_minutes=60,
        overtime_per_hour_fen=2_000,
        break_minutes=30,
        break_from=time(9, 0),
        break_until=time(10, 0),
    )

    assert (vehicle.capacity_g, vehicle.capacity_totes) == (600_000, 40)
    assert (vehicle.capacity_ml, vehicle.capacity_cold_totes, vehicle.size) == (3_000_000, 12, 3)
    assert (vehicle.fixed_cost_fen, vehicle.cost_per_km_fen) == (9_000, 90)
    assert vehicle.cost_per_hour_fen == 3_000
    assert (vehicle.shift_start_s, vehicle.shift_end_s) == (19_800, 45_000)
    assert (vehicle.overtime_s, vehicle.overtime_fen_per_hour) == (3_600, 2_000)
    assert vehicle.breaks == (Break(duration_s=1_800, from_s=32_400, until_s=36_000),)
    assert (vehicle.max_trips, vehicle.reload_s) == (2, 1_200)


def test_a_chilled_vehicle_keeps_every_tote_cold_and_a_plain_one_none() -> None:
    run = town(stops=1, vehicles=2)
    Vehicle.objects.filter(code="W1-V01").update(is_chilled=True)

    chilled, plain = day_of(run).vehicles

    assert (chilled.capacity_cold_totes, plain.capacity_cold_totes) == (40, 0)
    assert plain.capacity_ml == UNBOUNDED_ML


def test_only_the_warehouses_active_vehicles_drive() -> None:
    run = town(vehicles=2)
    VehicleFactory.create(code="W1-V00", is_active=False)
    VehicleFactory.create(code="W7-V01", warehouse=WarehouseFactory.create(code="W7"))

    assert [vehicle.key for vehicle in day_of(run).vehicles] == ["W1-V01", "W1-V02"]


def test_roads_are_slower_by_the_hour_once_that_is_measured() -> None:
    run = town(stops=1)
    before = day_of(run).traffic
    TravelCalibrationFactory.create(
        warehouse=run.warehouse, hour_percents=[[0, 100], [25_200, 130]]
    )

    assert (before, day_of(run).traffic) == (None, Traffic(((0, 100), (25_200, 130))))


def test_a_point_is_served_by_the_warehouse_it_is_given_to() -> None:
    run = town(stops=3)
    other = second_warehouse(run, stops=2)

    theirs = plan_day(cutoff_run=run, warehouse=other, request=PlanRequest())

    assert warehouses_delivering(run) == [run.warehouse, other]
    assert (len(day_of(run).stops), len(theirs.stops)) == (3, 2)
    assert {vehicle.key for vehicle in theirs.vehicles} == {"W2-V01", "W2-V02"}
    ServedPoint.objects.update(warehouse=run.warehouse)
    assert warehouses_delivering(run) == [run.warehouse]


def test_drops_and_vehicles_that_are_out_are_not_there() -> None:
    run = town(stops=3, vehicles=3)
    gone = Drop.objects.earliest("pk")

    day = day_of(run, drops_out=frozenset({gone.pk}), vehicles_out=frozenset({"W1-V02"}))

    assert str(gone.pk) not in {stop.key for stop in day.stops}
    assert [vehicle.key for vehicle in day.vehicles] == ["W1-V01", "W1-V03"]


def test_with_fewer_vehicles_the_fullest_and_largest_stay() -> None:
    plan = planned_town(vehicles=3)
    VehicleFactory.create(code="W1-T1", capacity_totes=90)
    used = sorted(duty["vehicle"] for duty in accepted_duties(plan))

    day = day_of(plan.cutoff_run, max_vehicles=len(used) + 1)

    assert [vehicle.key for vehicle in day.vehicles] == sorted([*used, "W1-T1"])


def test_nothing_leaves_before_it_is_asked_for_but_what_has_left() -> None:
    plan = planned_town()
    trip = Trip.objects.earliest("route_no")
    Tote.objects.filter(drop__stops__trip=trip).update(state=ToteState.LOADED)

    day = day_of(plan.cutoff_run, leaves_from_s=7 * HOUR_S)

    starts = {vehicle.key: vehicle.shift_start_s for vehicle in day.vehicles}
    assert starts.pop(trip.vehicle.code) == 19_800
    assert set(starts.values()) == {7 * HOUR_S}


def test_a_drop_that_fits_no_vehicle_becomes_parts_with_exact_sums() -> None:
    run = town(stops=1, vehicles=2)
    drop = Drop.objects.get()
    Drop.objects.update(weight_g=1_400_000)
    Tote.objects.bulk_create(Tote(drop=drop, storage="ambient", seq=seq) for seq in range(10, 90))
    totes = drop.totes.count()

    parts = day_of(run).stops

    assert [part.key for part in parts] == [f"{drop.pk}#{n}" for n in range(1, len(parts) + 1)]
    assert sum(part.totes for part in parts) == totes
    assert sum(part.weight_g for part in parts) == 1_400_000
    assert all(part.totes <= 40 and part.weight_g <= 600_000 for part in parts)
    assert sum(part.service_s for part in parts) == len(parts) * 240 + totes * 36


def test_the_parts_of_a_plan_are_its_rows() -> None:
    run = town(stops=2, vehicles=4)
    drop = Drop.objects.earliest("pk")
    Drop.objects.filter(pk=drop.pk).update(weight_g=1_000_000)
    plan = planned(run)
    before = day_of(run).stops

    rows = Stop.objects.filter(drop=drop).order_by("part_no")
    assert [(f"{drop.pk}#{row.part_no}", row.totes, row.weight_g) for row in rows] == [
        (stop.key, stop.totes, stop.weight_g) for stop in before if "#" in stop.key
    ]
    keys = {key for duty in accepted_duties(plan) for trip in duty["trips"] for key in trip}
    assert keys == {stop.key for stop in before}


def test_a_drop_in_parts_of_which_one_is_loaded_keeps_its_parts() -> None:
    run = town(stops=2, vehicles=4)
    drop = Drop.objects.earliest("pk")
    Drop.objects.filter(pk=drop.pk).update(weight_g=1_000_000)
    planned(run)
    before = day_of(run).stops
    Tote.objects.filter(drop=drop, seq=1).update(state=ToteState.LOADED)
    Vehicle.objects.update(capacity_g=2_000_000)

    assert day_of(run).stops == before


def usual_after(plan: DeliveryRun) -> tuple[CutoffRun, dict[int, str]]:
    """The next day, and who came to its points on the day of the plan."""
    today = next_day(plan.cutoff_run, seed=5)
    stops = Stop.objects.filter(trip__delivery_run=plan).select_related("trip__vehicle", "drop")
    return today, {stop.drop.pickup_point_id: stop.trip.vehicle.code for stop in stops}


def test_a_stop_should_stay_with_the_vehicle_that_came_last(settings: Settings) -> None:
    settings.ROUTE_CHANGE_FEN = 450
    today, came = usual_after(planned_town())

    stops = day_of(today).stops

    points = dict(Drop.objects.values_list("pk", "pickup_point_id"))
    assert stops
    assert all(stop.usual_vehicle_key == came[points[int(stop.key)]] for stop in stops)
    assert {stop.change_penalty_fen for stop in stops} == {450}
    assert {stop.usual_vehicle_key for stop in day_of(today, keeps_drivers=False).stops} == {None}


def test_a_driver_is_followed_to_the_vehicle_of_today() -> None:
    today, _came = usual_after(planned_town())
    driver, away = DriverFactory.create(), DriverFactory.create()
    moved_from = Trip.objects.earliest("route_no").vehicle
    Trip.objects.filter(vehicle=moved_from).update(driver=driver)
    Trip.objects.exclude(vehicle=moved_from).update(driver=away)
    Vehicle.objects.filter(code="W1-V04").update(driver=driver)

    usual = {stop.usual_vehicle_key for stop in day_of(today).stops}

    assert usual == {"W1-V04", None}


def test_a_first_plan_begins_with_the_ways_of_the_day_before() -> None:
    plan = planned_town()
    today = next_day(plan.cutoff_run, seed=5)
    drop_of = dict(Drop.objects.filter(wave__run=today).values_list("pickup_point_id", "pk"))

    routes = familiar_routes(today, today.warehouse)

    assert routes == {
        duty["vehicle"]: [
            [str(drop_of[point]) for point in map(point_of, trip) if point in drop_of]
            for trip in duty["trips"]
        ]
        for duty in accepted_duties(plan)
    }


def point_of(key: str) -> int:
    return Drop.objects.get(pk=int(key)).pickup_point_id


def test_a_plan_that_is_kept_is_itself_what_stops_are_used_to(settings: Settings) -> None:
    settings.REPLAN_CHANGE_FEN = 1_700
    plan = planned_town()
    vehicle_of = {
        key: duty["vehicle"]
        for duty in accepted_duties(plan)
        for trip in duty["trips"]
        for key in trip
    }

    stops = day_of(plan.cutoff_run, keeps_plan=True).stops

    assert {stop.key: stop.usual_vehicle_key for stop in stops} == vehicle_of
    assert {stop.change_penalty_fen for stop in stops} == {1_700}


def test_locks_name_the_vehicle_or_begin_the_trip() -> None:
    plan = planned_town()
    trip = Trip.objects.earliest("route_no")
    first, second, third = trip.stops.order_by("stop_seq")[:3]
    Drop.objects.filter(pk=second.drop_id).update(lock=DropLock.PLACE)
    Drop.objects.filter(pk=third.drop_id).update(lock=DropLock.VEHICLE)

    day = day_of(plan.cutoff_run)

    code = trip.vehicle.code
    node = {stop.key: number for number, stop in enumerate(day.stops, start=1)}
    allowed = {stop.key: stop.vehicle_keys for stop in day.stops if stop.vehicle_keys}
    assert allowed == {str(s.drop_id): frozenset({code}) for s in (second, third)}
    (fixed,) = day.fixed
    assert fixed == FixedTrip(
        vehicle=[vehicle.key for vehicle in day.vehicles].index(code),
        trip=1,
        nodes=(node[str(first.drop_id)], node[str(second.drop_id)]),
    )


def test_a_trip_with_something_loaded_is_closed_as_it_stands() -> None:
    plan = planned_town()
    trip = Trip.objects.earliest("route_no")
    stops = list(trip.stops.order_by("stop_seq"))
    Tote.objects.filter(drop=stops[-1].drop_id, seq=1).update(state=ToteState.LOADED)

    day = day_of(plan.cutoff_run)

    (fixed,) = day.fixed
    assert (fixed.is_closed, fixed.departs_s) == (True, None)
    assert [day.stops[node - 1].key for node in fixed.nodes] == [str(s.drop_id) for s in stops]
