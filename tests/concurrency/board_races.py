"""Two dispatchers move stops of one board at the same moment."""

from collections import Counter
from dataclasses import dataclass
from unittest.mock import patch

from fulfillment.domain.plan_board import Seat, stops_moved
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Vehicle
from fulfillment.route_errors import PlanDraftOutdated
from fulfillment.selectors.plan_board import accepted_board, draft_board, draft_step
from fulfillment.services.plan_board import StopMove, board_move, board_open
from leaders.models.accounts import Role, User
from tests.concurrency.plan_races import played_plan
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.leaders import UserFactory
from tests.factories.planned_towns import night_of


@dataclass(frozen=True, slots=True)
class Moves:
    """What came of moves that were made on one step of a board at once."""

    made: int
    outdated: int
    steps: int
    moved: int


def moved_at_once(*, dispatchers: int, guarded: bool = True) -> Moves:
    """Let as many dispatchers each take another stop to the idle van."""
    plan = played_plan(idle=1)
    now = night_of(plan.cutoff_run)
    actor: User = UserFactory.create(role=Role.DISPATCHER)
    draft = board_open(delivery_run_id=plan.pk, actor=actor, now=now)
    keys = sorted(draft_board(draft).stop_keys)
    (idle,) = Vehicle.objects.exclude(trips__delivery_run=plan)

    def move(runner: Runner) -> int:
        seat = Seat(vehicle_code=idle.code, trip_no=1, position=1)
        verdict = board_move(
            draft_id=draft.pk,
            step=0,
            move=StopMove(stop_key=keys[runner.number], seat=seat),
            actor=actor,
            now=now,
        )
        return len(verdict.moved_stops)

    outcomes = race(
        move,
        processes=dispatchers,
        sleep_at={"plan_board.changed": 0.3},
        without=[]
        if guarded
        else [patch("fulfillment.services.plan_board.run_open_locked", _run_read)],
    )
    draft.refresh_from_db()
    return Moves(
        made=len(values(outcomes)),
        outdated=Counter(type(error) for error in errors(outcomes))[PlanDraftOutdated],
        steps=draft_step(draft),
        moved=len(stops_moved(accepted_board(draft), draft_board(draft))),
    )


def _run_read(run_id: int) -> CutoffRun:
    """The run without its lock."""
    return CutoffRun.objects.get(pk=run_id)
