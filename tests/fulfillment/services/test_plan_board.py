"""The board: moves with the checker's verdict, undo and redo, locks, two dispatchers."""

from datetime import UTC, datetime

import pytest

from fulfillment.domain.plan_board import STEPS_KEPT, Seat
from fulfillment.errors import DayClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Drop, DropLock, ToteState
from fulfillment.route_errors import PlanDraftNotPossible, PlanDraftOutdated
from fulfillment.routing.violations import ViolationCode
from fulfillment.selectors.plan_board import Verdict, draft_board, draft_step
from fulfillment.services.plan_board import (
    StopMove,
    board_lock,
    board_move,
    board_open,
    board_redo,
    board_undo,
)
from leaders.models.accounts import Role, User
from tests.factories.boards import board_day, key_at, unserved_key
from tests.factories.fulfillment import ToteFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


@pytest.fixture
def plan() -> DeliveryRun:
    return board_day(trips=2, stops=3)


@pytest.fixture
def dispatcher() -> User:
    user: User = UserFactory.create(role=Role.DISPATCHER)
    return user


@pytest.fixture
def draft(plan: DeliveryRun, dispatcher: User) -> PlanDraft:
    return board_open(delivery_run_id=plan.pk, actor=dispatcher, now=NOW)


def move(
    draft: PlanDraft, stop_key: str, to: str, position: int = 99, *, step: int | None = None
) -> Verdict:
    """Move a stop to `VB/1`, or off its trip with an empty `to`."""
    code, _slash, trip_no = to.partition("/")
    seat = Seat(vehicle_code=code, trip_no=int(trip_no), position=position) if to else None
    assert draft.created_by is not None
    return board_move(
        draft_id=draft.pk,
        step=draft_step(PlanDraft.objects.get(pk=draft.pk)) if step is None else step,
        move=StopMove(stop_key=stop_key, seat=seat),
        actor=draft.created_by,
        now=NOW,
    )


def days_of(draft: PlanDraft) -> dict[str, list[list[str]]]:
    board = draft_board(PlanDraft.objects.get(pk=draft.pk))
    return {code: [list(trip) for trip in trips] for code, trips in board.days.items()}


def test_the_board_opens_with_the_accepted_plan(plan: DeliveryRun, draft: PlanDraft) -> None:
    assert (draft.origin, draft.state) == (PlanOrigin.BOARD, PlanDraftState.READY)
    assert draft.based_on_revision == plan.revision
    assert days_of(draft) == {
        "VA": [[key_at(plan, 1, seq) for seq in (1, 2, 3)]],
        "VB": [[key_at(plan, 2, seq) for seq in (1, 2, 3)]],
    }


def test_dispatchers_share_the_board_of_a_plan(plan: DeliveryRun, draft: PlanDraft) -> None:
    again = board_open(delivery_run_id=plan.pk, actor=UserFactory.create(), now=NOW)

    assert again == draft


def test_a_plan_of_another_revision_gets_its_own_board(plan: DeliveryRun, draft: PlanDraft) -> None:
    DeliveryRun.objects.filter(pk=plan.pk).update(revision=2)

    again = board_open(delivery_run_id=plan.pk, actor=UserFactory.create(), now=NOW)

    assert again != draft


def test_a_move_is_kept_and_judged(plan: DeliveryRun, draft: PlanDraft) -> None:
    stop_key = key_at(plan, 1, 2)

    verdict = move(draft, stop_key, "VB/1", 1)

    assert days_of(draft)["VB"][0][0] == stop_key
    assert verdict.violations == ()
    assert verdict.is_acceptable
    assert verdict.moved_stops == (stop_key,)
    assert verdict.cost_fen == verdict.plan.cost_fen
    assert verdict.delta_fen != 0


def test_the_list_of_drafts_learns_the_figures(plan: DeliveryRun, draft: PlanDraft) -> None:
    verdict = move(draft, key_at(plan, 1, 2), "VB/1", 1)

    draft.refresh_from_db()
    assert draft.figures["cost_fen"] == verdict.cost_fen
    assert draft.figures["moved"] == 1
    assert draft.figures["broken_rules"] == 0


def test_taking_a_stop_back_costs_what_it_did(plan: DeliveryRun, draft: PlanDraft) -> None:
    stop_key = key_at(plan, 1, 2)
    move(draft, stop_key, "VB/1", 1)

    verdict = move(draft, stop_key, "VA/1", 2)

    assert (verdict.delta_fen, verdict.moved_stops) == (0, ())


def test_a_stop_leaves_its_trip_and_one_that_had_none_joins(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    out, joining = key_at(plan, 1, 1), unserved_key(plan)

    move(draft, out, "")
    verdict = move(draft, joining, "VZ/1")

    assert days_of(draft)["VZ"] == [[joining]]
    assert [unserved.stop_key for unserved in verdict.plan.unserved] == [out]


def test_a_move_that_breaks_a_rule_is_kept_and_told(plan: DeliveryRun, draft: PlanDraft) -> None:
    Stop.objects.filter(drop_id=key_at(plan, 1, 2)).update(weight_g=599_000)

    verdict = move(draft, key_at(plan, 1, 2), "VB/1")

    assert [broken.code for broken in verdict.violations] == [ViolationCode.OVER_WEIGHT]
    assert not verdict.is_acceptable
    assert key_at(plan, 1, 2) in days_of(draft)["VB"][0]


def test_what_the_accepted_plan_breaks_too_does_not_stand_in_the_way(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    Stop.objects.filter(drop_id=key_at(plan, 2, 1)).update(weight_g=700_000)

    verdict = move(draft, key_at(plan, 1, 2), "VZ/1")

    assert [broken.code for broken in verdict.violations] == [ViolationCode.OVER_WEIGHT]
    assert verdict.is_acceptable


def test_a_loaded_stop_cannot_be_moved_and_nothing_joins_it(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    loaded = key_at(plan, 1, 1)
    ToteFactory.create(drop_id=int(loaded), state=ToteState.LOADED)

    with pytest.raises(PlanDraftNotPossible):
        move(draft, loaded, "VB/1")
    with pytest.raises(PlanDraftNotPossible):
        move(draft, key_at(plan, 1, 3), "VB/1")
    with pytest.raises(PlanDraftNotPossible):
        move(draft, key_at(plan, 2, 1), "VA/1")


def test_undoing_does_not_move_what_was_loaded_since(plan: DeliveryRun, draft: PlanDraft) -> None:
    moved = key_at(plan, 2, 1)
    move(draft, moved, "VZ/1")
    ToteFactory.create(drop_id=int(moved), state=ToteState.LOADED)

    with pytest.raises(PlanDraftNotPossible):
        board_undo(draft_id=draft.pk, step=1)


@pytest.mark.parametrize(("stop_key", "to"), [("999999", "VB/1"), ("", "VX/1")])
def test_what_is_not_on_the_plan_cannot_be_moved(
    plan: DeliveryRun, draft: PlanDraft, stop_key: str, to: str
) -> None:
    with pytest.raises(PlanDraftNotPossible):
        move(draft, stop_key or key_at(plan, 1, 1), to)


def test_undo_and_redo_go_back_and_forth(plan: DeliveryRun, draft: PlanDraft) -> None:
    start = days_of(draft)
    move(draft, key_at(plan, 1, 1), "VB/1", 2)
    middle = days_of(draft)
    move(draft, key_at(plan, 2, 3), "VZ/1")
    end = days_of(draft)

    board_undo(draft_id=draft.pk, step=2)
    assert days_of(draft) == middle
    board_undo(draft_id=draft.pk, step=3)
    assert days_of(draft) == start
    board_redo(draft_id=draft.pk, step=4)
    board_redo(draft_id=draft.pk, step=5)
    assert days_of(draft) == end


def test_a_new_move_forgets_what_was_taken_back(plan: DeliveryRun, draft: PlanDraft) -> None:
    move(draft, key_at(plan, 1, 1), "VB/1")
    board_undo(draft_id=draft.pk, step=1)
    move(draft, key_at(plan, 1, 2), "VB/1")

    with pytest.raises(PlanDraftNotPossible):
        board_redo(draft_id=draft.pk, step=3)


def test_nothing_is_undone_where_nothing_was_done(draft: PlanDraft) -> None:
    with pytest.raises(PlanDraftNotPossible):
        board_undo(draft_id=draft.pk, step=0)


def test_a_move_to_where_it_is_is_no_step(plan: DeliveryRun, draft: PlanDraft) -> None:
    move(draft, key_at(plan, 1, 2), "VA/1", 2)

    draft.refresh_from_db()
    assert draft.undo_steps == []


def test_steps_say_who_made_them_and_the_oldest_are_forgotten(
    plan: DeliveryRun, draft: PlanDraft, dispatcher: User
) -> None:
    PlanDraft.objects.filter(pk=draft.pk).update(undo_steps=[{"old": n} for n in range(STEPS_KEPT)])

    move(draft, key_at(plan, 1, 1), "VB/1")

    draft.refresh_from_db()
    assert len(draft.undo_steps) == STEPS_KEPT
    assert draft.undo_steps[0] == {"old": 1}
    assert draft.undo_steps[-1]["by"] == dispatcher.pk
    assert draft.undo_steps[-1]["at"] == NOW.isoformat()


def test_of_two_dispatchers_the_second_is_told_and_nothing_is_lost(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    move(draft, key_at(plan, 1, 1), "VB/1", step=0)
    first = days_of(draft)

    with pytest.raises(PlanDraftOutdated):
        move(draft, key_at(plan, 2, 2), "VZ/1", step=0)

    assert days_of(draft) == first


def test_after_undo_an_old_page_is_outdated_all_the_same(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    move(draft, key_at(plan, 1, 1), "VB/1", step=0)
    board_undo(draft_id=draft.pk, step=1)

    with pytest.raises(PlanDraftOutdated):
        move(draft, key_at(plan, 2, 2), "VZ/1", step=0)


def test_a_board_ends_with_the_plan_it_began_with(plan: DeliveryRun, draft: PlanDraft) -> None:
    DeliveryRun.objects.filter(pk=plan.pk).update(revision=2)

    with pytest.raises(PlanDraftOutdated):
        move(draft, key_at(plan, 1, 1), "VB/1")


def test_a_decided_plan_is_not_changed(plan: DeliveryRun, draft: PlanDraft) -> None:
    PlanDraft.objects.filter(pk=draft.pk).update(state=PlanDraftState.DROPPED)

    with pytest.raises(PlanDraftOutdated):
        move(draft, key_at(plan, 1, 1), "VB/1")


def test_a_closed_day_is_not_planned_any_more(plan: DeliveryRun, draft: PlanDraft) -> None:
    CutoffRun.objects.filter(pk=plan.cutoff_run_id).update(day_closed_at=NOW)

    with pytest.raises(DayClosed):
        move(draft, key_at(plan, 1, 1), "VB/1")


def test_a_locked_stop_that_leaves_its_vehicle_breaks_a_rule(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    stop_key = key_at(plan, 1, 1)
    board_lock(draft_id=draft.pk, drop_id=int(stop_key), lock=DropLock.VEHICLE)

    verdict = move(draft, stop_key, "VB/1")

    assert [broken.code for broken in verdict.violations] == [ViolationCode.VEHICLE_NOT_ALLOWED]


def test_a_stop_with_a_locked_place_keeps_it(plan: DeliveryRun, draft: PlanDraft) -> None:
    stop_key = key_at(plan, 1, 2)
    board_lock(draft_id=draft.pk, drop_id=int(stop_key), lock=DropLock.PLACE)

    verdict = move(draft, stop_key, "VA/1", 3)

    assert [broken.code for broken in verdict.violations] == [ViolationCode.FIXED_TRIP_CHANGED]


def test_a_lock_is_taken_away_again(plan: DeliveryRun, draft: PlanDraft) -> None:
    drop_id = int(key_at(plan, 1, 1))
    board_lock(draft_id=draft.pk, drop_id=drop_id, lock=DropLock.PLACE)

    board_lock(draft_id=draft.pk, drop_id=drop_id, lock="")

    assert Drop.objects.get(pk=drop_id).lock == ""


def test_a_lock_holds_what_was_accepted_and_nothing_else(
    plan: DeliveryRun, draft: PlanDraft
) -> None:
    stop_key = key_at(plan, 1, 1)
    move(draft, stop_key, "VB/1")

    with pytest.raises(PlanDraftNotPossible):
        board_lock(draft_id=draft.pk, drop_id=int(stop_key), lock=DropLock.VEHICLE)
    with pytest.raises(PlanDraftNotPossible):
        board_lock(draft_id=draft.pk, drop_id=int(unserved_key(plan)), lock=DropLock.VEHICLE)


@pytest.mark.parametrize(("drop_id", "lock"), [(999_999, DropLock.VEHICLE), (None, "for_ever")])
def test_what_cannot_be_locked_is_refused(
    plan: DeliveryRun, draft: PlanDraft, drop_id: int | None, lock: str
) -> None:
    with pytest.raises(PlanDraftNotPossible):
        board_lock(draft_id=draft.pk, drop_id=drop_id or int(key_at(plan, 1, 1)), lock=lock)
