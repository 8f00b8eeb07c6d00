"""The dispatcher's board: a plan changed by hand, one step at a time.

A change that breaks a rule is kept and told; only accepting it is refused.
What is loaded or on the road cannot be moved at all. Every change names the
step it was made on: of two dispatchers on one draft the second is told and
sees what the first did, and nothing of either is lost. The problem is built
before the transaction and judged after it, so no road service is asked while
rows are locked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.plan_board import (
    STEPS_KEPT,
    Board,
    BoardStep,
    Seat,
    board_written,
    step_applied,
    step_read,
    step_written,
    stop_moved,
)
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Drop, DropLock
from fulfillment.route_errors import PlanDraftNotPossible, PlanDraftOutdated
from fulfillment.routing.problem import RoutingProblem
from fulfillment.selectors.plan_board import (
    BoardGround,
    Verdict,
    accepted_board,
    board_ground,
    board_verdict,
    draft_board,
    draft_step,
)
from fulfillment.selectors.plan_drafts import accepted_duties
from fulfillment.selectors.plan_problem import trips_kept
from fulfillment.selectors.plan_stand import accepted_plan, plan_stand, stop_key_read
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.plan_search import plan_figures
from fulfillment.services.travel import travel_provider
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMove:
    """Which stop goes where; without a seat it leaves its trip and is unserved."""

    stop_key: str
    seat: Seat | None


@transaction.atomic
def board_open(*, delivery_run_id: int, actor: User, now: datetime) -> PlanDraft:
    """Return a draft of the accepted plan to be changed by hand.

    Dispatchers share it: as long as the plan stands, everybody gets the same
    one until it is accepted or dropped.
    """
    delivery_run = DeliveryRun.objects.select_related("warehouse").get(pk=delivery_run_id)
    run = run_open_locked(delivery_run.cutoff_run_id)
    delivery_run.refresh_from_db()
    standing = PlanDraft.objects.filter(
        cutoff_run=run,
        warehouse=delivery_run.warehouse,
        origin=PlanOrigin.BOARD,
        state=PlanDraftState.READY,
        based_on_revision=delivery_run.revision,
    ).first()
    if standing is not None:
        return standing
    return PlanDraft.objects.create(
        cutoff_run=run,
        warehouse=delivery_run.warehouse,
        origin=PlanOrigin.BOARD,
        state=PlanDraftState.READY,
        based_on_revision=delivery_run.revision,
        request=PlanRequest().to_json(),
        duties=accepted_duties(delivery_run),
        figures={
            "cost_fen": delivery_run.cost_fen,
            "distance_m": delivery_run.distance_m,
            "moved": 0,
        },
        engine=delivery_run.engine,
        seed=delivery_run.seed,
        progress_percent=100,
        created_at=now,
        created_by=actor,
        finished_at=now,
    )


def board_move(*, draft_id: int, step: int, move: StopMove, actor: User, now: datetime) -> Verdict:
    """Take a stop to another place and return the checker's verdict.

    Raises
    ------
    PlanDraftNotPossible
        If the stop or the trip is loaded or on the road, or there is no such
        stop or vehicle.
    PlanDraftOutdated
        If somebody changed the draft since `step`, or the accepted plan.
    """
    ground = _ground(draft_id)
    _require_known(ground.problem, move)

    def change(draft: PlanDraft, board: Board) -> Board:
        _require_open(_closed(draft), move)
        made = stop_moved(board, move.stop_key, move.seat)
        if not made.after:
            return board
        kept = {**step_written(made), "by": actor.pk, "at": now.isoformat()}
        draft.undo_steps = [*draft.undo_steps, kept][-STEPS_KEPT:]
        draft.redo_steps = []
        return step_applied(board, made)

    return _changed(draft_id, step, change, ground)


def board_undo(*, draft_id: int, step: int) -> Verdict:
    """Take the last change back; raises as `board_move` does, and if there is none."""

    def change(draft: PlanDraft, board: Board) -> Board:
        kept = _last(draft.undo_steps, _("There is nothing to undo."))
        draft.undo_steps, draft.redo_steps = draft.undo_steps[:-1], [*draft.redo_steps, kept]
        return _stepped(draft, board, step_read(kept).reversed)

    return _changed(draft_id, step, change, _ground(draft_id))


def board_redo(*, draft_id: int, step: int) -> Verdict:
    """Make again what was last taken back; raises as `board_undo` does."""

    def change(draft: PlanDraft, board: Board) -> Board:
        kept = _last(draft.redo_steps, _("There is nothing to redo."))
        draft.undo_steps, draft.redo_steps = [*draft.undo_steps, kept], draft.redo_steps[:-1]
        return _stepped(draft, board, step_read(kept))

    return _changed(draft_id, step, change, _ground(draft_id))


@transaction.atomic
def board_lock(*, draft_id: int, drop_id: int, lock: str) -> None:
    """Lock a drop to its vehicle or its place in the accepted plan, or unlock it.

    Raises `PlanDraftNotPossible` for a drop that the draft has elsewhere: a
    lock holds what was accepted.
    """
    draft = _draft(draft_id)
    run_open_locked(draft.cutoff_run_id)
    drop = Drop.objects.filter(pk=drop_id, wave__run=draft.cutoff_run_id).first()
    if drop is None or lock not in ("", *DropLock.values):
        raise PlanDraftNotPossible(_("There is no such stop on this plan."))
    if lock:
        accepted, planned = accepted_board(draft).seats(), draft_board(draft).seats()
        keys = [key for key in accepted if stop_key_read(key)[0] == drop_id]
        if not keys or any(accepted[key] != planned.get(key) for key in keys):
            raise PlanDraftNotPossible(
                _("This stop is not where the accepted plan has it. Accept the plan, then lock it.")
            )
    Drop.objects.filter(pk=drop_id).update(lock=lock)


def _draft(draft_id: int) -> PlanDraft:
    return PlanDraft.objects.select_related("cutoff_run__campaign", "warehouse").get(pk=draft_id)


def _ground(draft_id: int) -> BoardGround:
    draft = _draft(draft_id)
    return board_ground(draft, travel_provider(draft.warehouse))


def _changed(
    draft_id: int,
    step: int,
    change: Callable[[PlanDraft, Board], Board],
    ground: BoardGround,
) -> Verdict:
    """Change a draft that is still what whoever changes it has seen, and judge it."""
    with transaction.atomic():
        draft = _draft(draft_id)
        run_open_locked(draft.cutoff_run_id)
        draft = _draft(draft_id)
        _require_seen(draft, step)
        board = change(draft, draft_board(draft))
        crashpoint("plan_board.changed")
        draft.duties = board_written(board)
        draft.details = {**draft.details, "step": step + 1}
        draft.save(update_fields=["duties", "details", "undo_steps", "redo_steps"])
    verdict = board_verdict(ground, board, accepted_board(draft))
    # Only for lists; whoever changes the draft next writes them again.
    PlanDraft.objects.filter(pk=draft_id, details__step=step + 1).update(
        figures={
            **plan_figures(verdict.plan),
            "moved": len(verdict.moved_stops),
            "broken_rules": len(verdict.violations),
        }
    )
    return verdict


def _stepped(draft: PlanDraft, board: Board, step: BoardStep) -> Board:
    """Apply a step unless it would move what has been loaded since."""
    closed = _closed(draft)
    was, after = board.seats(), step_applied(board, step)
    moved = [key for key, seat in after.seats().items() if was.get(key) != seat]
    gone = was.keys() - after.seats().keys()
    if any(key in closed.stop_keys for key in (*moved, *gone)):
        raise PlanDraftNotPossible(_("This stop is loaded or on the road and cannot be moved."))
    return after


@dataclass(frozen=True, slots=True)
class _Closed:
    trips: frozenset[tuple[str, int]]
    stop_keys: frozenset[str]


def _closed(draft: PlanDraft) -> _Closed:
    stand = plan_stand(accepted_plan(draft.cutoff_run, draft.warehouse))
    kept = trips_kept(stand, PlanRequest.from_json(draft.request))
    return _Closed(
        trips=frozenset(kept),
        stop_keys=frozenset(stop.key for stops in kept.values() for stop in stops),
    )


def _require_known(problem: RoutingProblem, move: StopMove) -> None:
    if move.stop_key not in {stop.key for stop in problem.stops}:
        raise PlanDraftNotPossible(_("There is no such stop on this plan."))
    fleet = {vehicle.key for vehicle in problem.vehicles}
    if move.seat is not None and move.seat.vehicle_code not in fleet:
        raise PlanDraftNotPossible(_("This vehicle is not on duty."))


def _require_open(closed: _Closed, move: StopMove) -> None:
    if move.stop_key in closed.stop_keys:
        raise PlanDraftNotPossible(_("This stop is loaded or on the road and cannot be moved."))
    if move.seat and (move.seat.vehicle_code, move.seat.trip_no) in closed.trips:
        raise PlanDraftNotPossible(_("This trip is loaded or on the road; nothing joins it."))


def _require_seen(draft: PlanDraft, step: int) -> None:
    delivery_run = accepted_plan(draft.cutoff_run, draft.warehouse)
    if draft.state != PlanDraftState.READY:
        raise PlanDraftOutdated(_("This plan is decided; it cannot be changed any more."))
    if delivery_run is not None and delivery_run.revision != draft.based_on_revision:
        raise PlanDraftOutdated(_("Another plan was accepted meanwhile; start from that one."))
    if draft_step(draft) != step:
        raise PlanDraftOutdated(
            _(
                "Somebody else changed this plan a moment ago. "
                "You see it now as it is; your change was not made."
            )
        )


def _last(steps: list[dict[str, Any]], otherwise: str) -> dict[str, Any]:
    if not steps:
        raise PlanDraftNotPossible(otherwise)
    return steps[-1]
