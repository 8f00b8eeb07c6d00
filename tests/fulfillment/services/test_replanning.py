"""Planning again: only what must move moves."""

import random
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.totes import LoadCheck, ToteCount
from fulfillment.models.warehouse import Drop, DropLock, Tote, ToteState, Wave
from fulfillment.route_errors import PlanDraftNotPossible
from fulfillment.routing.plan import UnservedReason
from fulfillment.selectors.plan_drafts import accepted_duties, compare_with_current
from fulfillment.selectors.plan_stand import day_midnight
from fulfillment.services.loading import load_all, load_sign
from fulfillment.services.plan_acceptance import draft_accept
from fulfillment.services.plan_drafts import draft_request, draft_solve
from fulfillment.services.totes import drop_seal
from fulfillment.services.travel import travel_provider
from leaders.models.accounts import Role
from leaders.models.pickup_points import PickupPoint
from orders.domain.storage import StorageClass
from tests.factories.leaders import PickupPointFactory, UserFactory
from tests.factories.planned_towns import goods_for, night_of, planned_town

pytestmark = pytest.mark.django_db

AGAIN = PlanRequest(seconds=2, engine="savings", keeps_plan=True)


@pytest.fixture
def plan() -> DeliveryRun:
    """Some 30 stops on five of eight vans, far enough apart to have neighbours and strangers."""
    return planned_town(stops=30, vehicles=8)


def asked(
    plan: DeliveryRun, request: PlanRequest, origin: PlanOrigin = PlanOrigin.REPLAN
) -> PlanDraft:
    draft = draft_request(
        cutoff_run_id=plan.cutoff_run_id,
        warehouse_id=plan.warehouse_id,
        origin=origin,
        request=request,
        actor=None,
        now=night_of(plan.cutoff_run),
    )
    assert draft_solve(draft_id=draft.pk)
    draft.refresh_from_db()
    assert draft.state == PlanDraftState.READY, draft.error
    return draft


def accepted(plan: DeliveryRun, request: PlanRequest) -> DeliveryRun:
    draft = asked(plan, request)
    return draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))


def trips_of(plan: DeliveryRun) -> dict[str, list[list[str]]]:
    return {duty["vehicle"]: duty["trips"] for duty in accepted_duties(plan)}


def first_van(plan: DeliveryRun) -> str:
    return min(trips_of(plan))


def load(trip: Trip, *, signed: bool = True) -> None:
    """Seal and load all of a trip, and sign for it."""
    worker = UserFactory.create(role=Role.WAREHOUSE)
    now = night_of(trip.delivery_run.cutoff_run)
    for stop in trip.stops.all():
        chilled = stop.drop.totes.filter(storage="chill").count()
        packed = {StorageClass.AMBIENT: stop.totes - chilled, StorageClass.CHILL: chilled}
        drop_seal(drop_id=stop.drop_id, totes=packed, event_key=uuid4(), actor=worker, now=now)
        load_all(
            stop_id=stop.pk, count=stop.totes, event_key=uuid4(), device="", actor=worker, now=now
        )
    if signed:
        load_sign(
            trip_id=trip.pk,
            driver_name="李师傅",
            missing=None,
            event_key=uuid4(),
            actor=worker,
            now=now,
        )


def test_after_a_breakdown_only_the_stops_of_that_van_move(plan: DeliveryRun) -> None:
    before = trips_of(plan)
    broken = first_van(plan)
    left_over = {key for trip in before[broken] for key in trip}

    after = accepted(plan, replace(AGAIN, vehicles_out=frozenset({broken})))

    moved = set(after.details["moved"])
    assert broken not in trips_of(after)
    assert moved >= left_over
    assert len(moved) <= len(left_over) + 4
    assert not Drop.objects.exclude(unserved_reason="").exists()
    assert Stop.objects.count() == 30


def test_drops_that_are_added_late_go_to_the_vans_nearby(plan: DeliveryRun) -> None:
    stops = dict(Stop.objects.values_list("drop_id", "pk"))
    slots = dict(Drop.objects.values_list("pk", "slot_code"))
    wave = Wave.objects.get(run=plan.cutoff_run)
    for nth in range(12):
        point = PickupPointFactory.create(
            code=f"N{nth:02d}",
            lng=plan.warehouse.lng + 0.01 + nth / 1000,
            lat=plan.warehouse.lat + 0.01,
        )
        late = goods_for(wave, point, random.Random(nth))
        late.unserved_reason, late.slot_code = UnservedReason.ADDED_LATER, f"99-{nth + 1:02d}"
        late.save()

    after = accepted(plan, AGAIN)

    assert Stop.objects.count() == 42
    assert dict(Stop.objects.filter(drop__in=stops).values_list("drop_id", "pk")) == stops
    assert dict(Drop.objects.filter(pk__in=slots).values_list("pk", "slot_code")) == slots
    assert not Drop.objects.exclude(unserved_reason="").exists()
    moved = [key for key in after.details["moved"] if int(key) in stops]
    assert len(moved) <= 6


def test_a_leader_who_drops_out_is_off_the_plan_and_nobody_else_moves(plan: DeliveryRun) -> None:
    gone = Stop.objects.earliest("pk")
    PickupPoint.objects.filter(drops=gone.drop_id).update(is_open=False)

    after = accepted(plan, AGAIN)

    assert after.details["moved"] == [str(gone.drop_id)]
    gone.drop.refresh_from_db()
    assert gone.drop.unserved_reason == UnservedReason.LEFT_OUT
    assert gone.drop.slot_code != ""
    assert not Stop.objects.filter(drop=gone.drop_id).exists()


def test_one_van_less_is_tried_without_touching_the_plan(plan: DeliveryRun) -> None:
    vans = len(trips_of(plan))

    draft = asked(plan, PlanRequest(seconds=2, max_vehicles=vans - 1), PlanOrigin.WHAT_IF)
    compared = compare_with_current(draft, travel_provider(plan.warehouse))

    assert compared.before is not None
    assert (compared.before.vehicles, compared.before.cost_fen) == (vans, plan.cost_fen)
    assert compared.after.vehicles <= vans - 1
    assert compared.before.costs.total_fen == compared.before.cost_fen
    assert len(trips_of(plan)) == vans
    assert draft.figures["cost_fen"] == compared.after.cost_fen


def test_a_loaded_trip_of_a_van_in_use_stays_as_it_is(plan: DeliveryRun) -> None:
    broken = first_van(plan)
    trip = Trip.objects.exclude(vehicle__code=broken).earliest("route_no")
    load(trip)
    stands = trips_of(plan)[trip.vehicle.code][0]

    after = accepted(plan, replace(AGAIN, vehicles_out=frozenset({broken})))

    assert trips_of(after)[trip.vehicle.code][0] == stands
    trip.refresh_from_db()
    assert Trip.objects.get(pk=trip.pk).departs_at == trip.departs_at


def test_what_lies_on_a_broken_van_stays_there_unless_somebody_says_otherwise(
    plan: DeliveryRun,
) -> None:
    trip = Trip.objects.get(vehicle__code=first_van(plan))
    load(trip)
    stands = trips_of(plan)
    out = frozenset({trip.vehicle.code})

    stays = asked(plan, replace(AGAIN, vehicles_out=out))
    goes = asked(plan, replace(AGAIN, vehicles_out=out, transships=True))

    kept = {duty["vehicle"]: duty["trips"] for duty in stays.duties}
    assert kept == stands
    assert trip.vehicle.code not in {duty["vehicle"] for duty in goes.duties}


def test_goods_that_go_on_by_another_van_are_taken_off_the_first(plan: DeliveryRun) -> None:
    trip = Trip.objects.get(vehicle__code=first_van(plan))
    load(trip)
    drops = list(trip.stops.values_list("drop_id", flat=True))
    totes = Tote.objects.filter(drop__in=drops)
    on_board = totes.filter(state=ToteState.LOADED).count()

    accepted(plan, replace(AGAIN, vehicles_out=frozenset({trip.vehicle.code}), transships=True))

    assert set(totes.values_list("state", flat=True)) == {ToteState.SEALED}
    check = LoadCheck.objects.get(trip=trip)
    assert (check.loaded_totes, on_board > 0) == (0, True)
    assert ToteCount.objects.get(in_qty__gt=0).in_qty == on_board
    assert not Stop.objects.filter(trip=trip).exists()
    assert Stop.objects.filter(drop__in=drops).count() == len(drops)


def test_a_trip_that_is_being_loaded_keeps_what_is_on_it(plan: DeliveryRun) -> None:
    broken = first_van(plan)
    trip = Trip.objects.get(vehicle__code=broken)
    last = trip.stops.latest("stop_seq")
    Tote.objects.filter(drop=last.drop_id).update(state=ToteState.LOADED)

    after = accepted(plan, replace(AGAIN, vehicles_out=frozenset({broken})))

    assert trips_of(after)[broken] == [[str(last.drop_id)]]
    last.refresh_from_db()
    assert (last.trip_id, last.stop_seq) == (trip.pk, 1)


def test_a_stop_locked_to_its_van_stays_with_it(plan: DeliveryRun) -> None:
    kept = Stop.objects.exclude(trip__vehicle__code=first_van(plan)).earliest("pk")
    Drop.objects.filter(pk=kept.drop_id).update(lock=DropLock.VEHICLE)

    draft = asked(plan, PlanRequest(seconds=2, engine="savings"), PlanOrigin.REPLAN)

    (van,) = [
        duty["vehicle"]
        for duty in draft.duties
        if any(str(kept.drop_id) in trip for trip in duty["trips"])
    ]
    assert van == kept.trip.vehicle.code


def test_a_place_that_is_locked_begins_the_trip_as_before(plan: DeliveryRun) -> None:
    van = max(trips_of(plan))
    trip = trips_of(plan)[van][0]
    Drop.objects.filter(pk=int(trip[1])).update(lock=DropLock.PLACE)

    draft = asked(plan, PlanRequest(seconds=2), PlanOrigin.REPLAN)

    (again,) = [duty["trips"][0] for duty in draft.duties if duty["vehicle"] == van]
    assert again[:2] == trip[:2]


def test_nothing_leaves_before_somebody_asked(plan: DeliveryRun) -> None:
    late = day_midnight(plan.cutoff_run) + timedelta(hours=6, minutes=30)
    draft = draft_request(
        cutoff_run_id=plan.cutoff_run_id,
        warehouse_id=plan.warehouse_id,
        origin=PlanOrigin.REPLAN,
        request=PlanRequest(seconds=2, engine="savings"),
        actor=None,
        now=late,
    )
    draft_solve(draft_id=draft.pk)

    draft_accept(draft_id=draft.pk, actor=None, now=late)

    assert Trip.objects.earliest("departs_at").departs_at >= late


def test_a_van_nobody_knows_is_refused(plan: DeliveryRun) -> None:
    with pytest.raises(PlanDraftNotPossible):
        asked(plan, replace(AGAIN, vehicles_out=frozenset({"V99"})))
