"""A draft becomes the plan that holds: rows stay, loads stay, slots stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfillment.domain.plan_board import Board, Seat, board_read, board_written, step_applied
from fulfillment.domain.plan_board import stop_moved as step_of
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.errors import DayClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, DeliveryRunState, Stop, Trip, Vehicle
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.route_errors import PlanDraftNotPossible, PlanDraftOutdated, PlanRefused
from fulfillment.selectors.plan_drafts import accepted_duties
from fulfillment.services.plan_acceptance import draft_accept, plan_publish
from leaders.models.accounts import Role
from tests.factories.driving import DriverFactory
from tests.factories.leaders import UserFactory
from tests.factories.planned_towns import night_of, planned_town

pytestmark = pytest.mark.django_db


def by_hand(plan: DeliveryRun, board: Board) -> PlanDraft:
    """A draft of this plan with the trips of a board."""
    return PlanDraft.objects.create(
        cutoff_run=plan.cutoff_run,
        warehouse=plan.warehouse,
        origin=PlanOrigin.BOARD,
        state=PlanDraftState.READY,
        based_on_revision=plan.revision,
        request=PlanRequest().to_json(),
        duties=board_written(board),
        engine="hands",
        created_at=night_of(plan.cutoff_run),
    )


def board_of(plan: DeliveryRun) -> Board:
    return board_read(accepted_duties(plan))


def last_stop_to_another_van(plan: DeliveryRun) -> tuple[Stop, PlanDraft]:
    """A draft that takes the last stop of R01 to a trip of its own by a van that stays at home."""
    stop = Stop.objects.filter(trip__delivery_run=plan, trip__route_no=1).latest("stop_seq")
    idle = Vehicle.objects.exclude(trips__delivery_run=plan).earliest("code")
    seat = Seat(vehicle_code=idle.code, trip_no=1, position=1)
    board = board_of(plan)
    return stop, by_hand(plan, step_applied(board, step_of(board, str(stop.drop_id), seat)))


def test_a_stop_that_moves_is_the_same_row_and_keeps_its_slot() -> None:
    plan = planned_town()
    stops = dict(Stop.objects.values_list("pk", "drop_id"))
    trips = set(Trip.objects.values_list("pk", "route_no"))
    slots = dict(Drop.objects.values_list("pk", "slot_code"))
    stop, draft = last_stop_to_another_van(plan)

    after = draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert (after.revision, after.engine, after.details["moved"]) == (
        2,
        "hands",
        [str(stop.drop_id)],
    )
    assert dict(Stop.objects.values_list("pk", "drop_id")) == stops
    assert dict(Drop.objects.values_list("pk", "slot_code")) == slots
    assert set(Trip.objects.values_list("pk", "route_no")) > trips
    stop.refresh_from_db()
    assert (stop.trip.route_no, stop.stop_seq) == (len(trips) + 1, 1)
    draft.refresh_from_db()
    assert draft.state == PlanDraftState.ACCEPTED


def test_the_order_of_a_trip_can_be_turned_round() -> None:
    plan = planned_town()
    board = board_of(plan)
    code = min(board.days)
    turned = Board({**board.days, code: tuple(trip[::-1] for trip in board.days[code])})
    draft = by_hand(plan, turned)

    draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert board_of(plan) == turned


def test_the_route_number_goes_on_with_the_goods_when_another_van_drives_them() -> None:
    plan = planned_town()
    board = board_of(plan)
    code = min(board.days)
    idle = Vehicle.objects.exclude(trips__delivery_run=plan).earliest("code").code
    days = {idle if vehicle == code else vehicle: trips for vehicle, trips in board.days.items()}
    route_nos = set(Trip.objects.values_list("pk", "route_no"))
    draft = by_hand(plan, Board(days))

    draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert set(Trip.objects.values_list("pk", "route_no")) == route_nos
    assert not Trip.objects.filter(vehicle__code=code).exists()
    assert Trip.objects.filter(vehicle__code=idle).exists()


def test_a_draft_of_a_plan_that_was_replaced_is_outdated() -> None:
    plan = planned_town()
    _, first = last_stop_to_another_van(plan)
    _, second = last_stop_to_another_van(plan)
    now = night_of(plan.cutoff_run)
    draft_accept(draft_id=first.pk, actor=None, now=now)

    with pytest.raises(PlanDraftOutdated):
        draft_accept(draft_id=second.pk, actor=None, now=now)

    second.refresh_from_db()
    assert second.state == PlanDraftState.READY


def test_a_draft_is_accepted_once() -> None:
    plan = planned_town()
    _, draft = last_stop_to_another_van(plan)
    now = night_of(plan.cutoff_run)
    draft_accept(draft_id=draft.pk, actor=None, now=now)
    PlanDraft.objects.filter(pk=draft.pk).update(based_on_revision=2)

    with pytest.raises(PlanDraftNotPossible):
        draft_accept(draft_id=draft.pk, actor=None, now=now)


def test_a_loaded_stop_does_not_move() -> None:
    plan = planned_town()
    stop, draft = last_stop_to_another_van(plan)
    Tote.objects.filter(drop=stop.drop_id).update(state=ToteState.LOADED)

    with pytest.raises(PlanRefused) as refused:
        draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert stop.drop.slot_code in str(refused.value.details["slots"])
    assert board_of(plan) == board_read(accepted_duties(plan))
    assert DeliveryRun.objects.get(pk=plan.pk).revision == 1


def test_other_trips_move_beside_a_loaded_one() -> None:
    plan = planned_town()
    stop, draft = last_stop_to_another_van(plan)
    elsewhere = Stop.objects.exclude(trip=stop.trip_id).values("drop_id")
    Tote.objects.filter(drop__in=elsewhere).update(state=ToteState.LOADED)

    after = draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert after.revision == 2


def test_a_plan_that_breaks_a_rule_is_refused() -> None:
    plan = planned_town()
    board = board_of(plan)
    everything = tuple(key for trips in board.days.values() for trip in trips for key in trip)
    draft = by_hand(plan, Board({min(board.days): (everything,)}))

    with pytest.raises(PlanRefused) as refused:
        draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert "over_" in str(refused.value.details["violations"])


def test_a_rule_that_the_plan_before_breaks_alike_refuses_no_change_elsewhere() -> None:
    plan = planned_town()
    stop, draft = last_stop_to_another_van(plan)
    other = Stop.objects.exclude(trip=stop.trip_id).earliest("pk")
    point = other.drop.pickup_point
    point.closes_at, point.opens_at = point.opens_at, point.opens_at.replace(hour=5)
    point.save()

    after = draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))

    assert after.revision == 2


def test_after_the_day_is_closed_its_plan_stays() -> None:
    plan = planned_town()
    _, draft = last_stop_to_another_van(plan)
    CutoffRun.objects.update(day_closed_at=timezone.now())

    with pytest.raises(DayClosed):
        draft_accept(draft_id=draft.pk, actor=None, now=night_of(plan.cutoff_run))


def test_a_published_plan_has_drivers_and_stays_published() -> None:
    plan = planned_town()
    driver = DriverFactory.create()
    Vehicle.objects.update(driver=driver)
    dispatcher = UserFactory.create(role=Role.DISPATCHER)
    now = night_of(plan.cutoff_run)

    published = plan_publish(delivery_run_id=plan.pk, actor=dispatcher, now=now)
    again = plan_publish(delivery_run_id=plan.pk, actor=dispatcher, now=now + timedelta(minutes=5))
    _, draft = last_stop_to_another_van(published)
    after = draft_accept(draft_id=draft.pk, actor=None, now=now)

    assert (published.published_at, published.published_by) == (now, dispatcher)
    assert (again.published_at, after.published_at) == (now, now)
    assert published.state == DeliveryRunState.RELEASED
    assert set(Trip.objects.values_list("driver_id", flat=True)) == {driver.pk}
