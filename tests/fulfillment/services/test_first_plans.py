"""The first plans of a run: one warehouse or several, grids, and what comes meanwhile."""

import random
from datetime import time, timedelta

import pytest
from pytest_django import Settings

from fulfillment.domain.sorting import parse_slot
from fulfillment.models.delivery import DeliveryRun, Linehaul, Stop, Trip, Vehicle
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Drop, Warehouse, Wave
from fulfillment.routing.plan import UnservedReason
from fulfillment.selectors.plan_drafts import accepted_duties
from fulfillment.services.delivery import first_drafts_ready, run_plan
from fulfillment.services.plan_drafts import draft_solve
from tests.factories.fulfillment import VehicleFactory, WarehouseFactory
from tests.factories.leaders import PickupPointFactory
from tests.factories.planned_towns import (
    QUICK,
    goods_for,
    night_of,
    planned,
    second_warehouse,
    town,
)

pytestmark = pytest.mark.django_db


def test_every_drop_gets_the_slot_of_its_stop() -> None:
    plan = planned(town())

    slots = {drop.pk: parse_slot(drop.slot_code) for drop in Drop.objects.all()}
    stops = Stop.objects.select_related("trip")
    assert {drop_id: (slot.route_no, slot.stop_seq) for drop_id, slot in slots.items()} == {
        stop.drop_id: (stop.trip.route_no, stop.stop_seq) for stop in stops
    }
    assert PlanDraft.objects.get().state == PlanDraftState.ACCEPTED
    assert plan.details["travel"] == "estimate"
    assert plan.details["parameters"] == {"seconds": 1, "seed": 1}


def test_two_warehouses_plan_apart_and_number_their_routes_on() -> None:
    run = town()
    second_warehouse(run)
    figures = run_plan(run=run, budget=QUICK, now=night_of(run))()

    first, second = DeliveryRun.objects.order_by("pk")
    assert (second.run_no, second.warehouse.code) == (f"{first.run_no}-W2", "W2")
    assert list(Trip.objects.order_by("pk").values_list("route_no", flat=True)) == [
        *range(1, Trip.objects.count() + 1)
    ]
    served = Stop.objects.filter(trip__delivery_run=second)
    assert {stop.drop.pickup_point.served_from.warehouse_id for stop in served} == {
        second.warehouse_id
    }
    assert figures["stops"] == Drop.objects.count() == 19
    assert figures["route_cost_fen"] == first.cost_fen + second.cost_fen
    assert "linehauls" not in figures


def test_the_route_step_waits_until_every_draft_is_ready() -> None:
    run = town()
    second_warehouse(run)

    asked = first_drafts_ready(run=run, budget=QUICK, now=night_of(run))
    first, second = PlanDraft.objects.filter(origin=PlanOrigin.FIRST).order_by("pk")
    draft_solve(draft_id=first.pk)
    half = first_drafts_ready(run=run, budget=QUICK, now=night_of(run))
    draft_solve(draft_id=second.pk)
    whole = first_drafts_ready(run=run, budget=QUICK, now=night_of(run))

    assert (asked, half, whole) == (False, False, True)
    assert PlanDraft.objects.count() == 2


def test_a_failed_search_is_not_waited_for_but_tried_where_failures_count() -> None:
    run = town()
    first_drafts_ready(run=run, budget=QUICK, now=night_of(run))
    PlanDraft.objects.update(state=PlanDraftState.FAILED, error="no memory")

    assert first_drafts_ready(run=run, budget=QUICK, now=night_of(run))

    planned(run)
    states = PlanDraft.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PlanDraftState.FAILED, PlanDraftState.ACCEPTED]


def test_a_drop_that_was_made_while_routes_were_searched_waits_behind_the_last() -> None:
    run = town()
    first_drafts_ready(run=run, budget=QUICK, now=night_of(run))
    draft_solve(draft_id=PlanDraft.objects.get().pk)
    late = goods_for(Wave.objects.get(), PickupPointFactory.create(code="A-late"), random.Random(1))

    planned(run)

    late.refresh_from_db()
    assert late.unserved_reason == UnservedReason.ADDED_LATER
    assert late.slot_code == f"{Trip.objects.count() + 1}-01"


def test_a_draft_that_the_goods_outgrew_is_searched_again() -> None:
    run = town()
    first_drafts_ready(run=run, budget=QUICK, now=night_of(run))
    stale = PlanDraft.objects.get()
    draft_solve(draft_id=stale.pk)
    Drop.objects.update(weight_g=250_000)

    planned(run)

    stale.refresh_from_db()
    assert stale.state == PlanDraftState.DROPPED
    assert all(
        len(trip) <= 2
        for duty in accepted_duties(DeliveryRun.objects.get())
        for trip in duty["trips"]
    )


def _hub_with_grid(**truck: object) -> tuple[DeliveryRun, Warehouse]:
    run = town()
    grid = second_warehouse(run, hub=run.warehouse)
    VehicleFactory.create(
        code="T1",
        warehouse=run.warehouse,
        capacity_g=9_000_000,
        capacity_totes=400,
        fixed_cost_fen=90_000,
        **truck,
    )
    return planned(run), grid


def test_a_grids_goods_arrive_before_its_first_van_is_loaded() -> None:
    _plan, grid = _hub_with_grid(shift_start=time(2, 0))

    (call,) = Linehaul.objects.all()
    first = Trip.objects.filter(delivery_run__warehouse=grid).earliest("departs_at")
    stops = Stop.objects.filter(trip__delivery_run__warehouse=grid)
    assert (call.warehouse, call.vehicle.code) == (grid, "T1")
    assert call.totes == sum(stop.totes for stop in stops)
    assert call.weight_g == sum(stop.weight_g for stop in stops)
    assert call.depart_at <= first.departs_at - timedelta(minutes=20)
    assert call.leaves_at < call.arrive_at < call.depart_at


def test_a_hub_without_a_vehicle_that_early_says_so_on_the_grids_plan() -> None:
    _plan, grid = _hub_with_grid(shift_start=time(5, 30))

    assert not Linehaul.objects.exists()
    plan = DeliveryRun.objects.get(warehouse=grid)
    assert "No vehicle of the hub brings the goods in time" in plan.details["troubles"][-1]


def test_a_vehicle_that_drives_to_grids_delivers_to_no_leader() -> None:
    plan, _grid = _hub_with_grid(shift_start=time(2, 0))

    assert not Trip.objects.filter(vehicle__code="T1").exists()
    from_rows = {duty["vehicle"] for duty in accepted_duties(plan)}
    assert "T1" not in from_rows
    assert Vehicle.objects.get(linehauls__isnull=False).code == "T1"


def test_cold_totes_bind_only_where_the_operator_says_so(settings: Settings) -> None:
    settings.COLD_TOTES_BIND = True
    run = town()
    VehicleFactory.create(code="W1-C1", is_chilled=True)

    planned(run)

    assert set(Trip.objects.values_list("vehicle__code", flat=True)) == {"W1-C1"}
    reasons = set(Drop.objects.exclude(unserved_reason="").values_list("unserved_reason"))
    assert reasons <= {(UnservedReason.NO_VEHICLE_LEFT,)}


def test_a_run_needs_no_second_warehouse_that_serves_nobody() -> None:
    run = town()
    WarehouseFactory.create(code="W9")

    planned(run)

    assert DeliveryRun.objects.count() == 1
