"""A draft on the board: its sequences, and what the independent checker says of them."""

from dataclasses import dataclass

from fulfillment.domain.plan_board import Board, board_read, board_written, stops_moved
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.plan_drafts import PlanDraft
from fulfillment.routing.checker import check_plan
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.travel import TravelProvider
from fulfillment.routing.violations import Violation
from fulfillment.selectors.plan_drafts import (
    accepted_duties,
    day_problem,
    draft_problem,
    duties_read,
)
from fulfillment.selectors.plan_problem import plan_day
from fulfillment.selectors.plan_stand import accepted_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardGround:
    """The problem of a draft, and the whole day's, without what the draft is to do without."""

    problem: RoutingProblem
    whole: RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checker says of a board, and how it differs from the accepted plan.

    `new_violations` are those that the accepted plan does not break just so:
    they alone stand against accepting. `delta_fen` is the cost above that of
    the accepted plan today, on the same goods and roads. `late_stops` are
    served after they should be, `moved_stops` have another vehicle or trip
    than in the accepted plan.
    """

    ground: BoardGround
    plan: RoutePlan
    accepted_plan: RoutePlan
    violations: tuple[Violation, ...]
    new_violations: tuple[Violation, ...]
    cost_fen: int
    delta_fen: int
    lateness_fen: int
    late_stops: tuple[str, ...]
    moved_stops: tuple[str, ...]

    @property
    def problem(self) -> RoutingProblem:
        """The problem of the draft."""
        return self.ground.problem

    @property
    def is_acceptable(self) -> bool:
        """Whether it breaks no rule that the accepted plan keeps."""
        return not self.new_violations


def draft_board(draft: PlanDraft) -> Board:
    """The sequences of a draft."""
    return board_read(draft.duties)


def draft_step(draft: PlanDraft) -> int:
    """How often the draft was changed by hand; forms carry it, so that none overwrites another."""
    return int(draft.details.get("step", 0))


def accepted_board(draft: PlanDraft) -> Board:
    """The accepted plan of the draft's run and warehouse; empty before the first."""
    return board_read(accepted_duties(accepted_plan(draft.cutoff_run, draft.warehouse)))


def board_duties(problem: RoutingProblem, board: Board) -> tuple[Duty, ...]:
    """A board as duties; stops and vehicles that the problem does not know are left out."""
    return duties_read(problem, board_written(board))


def board_ground(draft: PlanDraft, travel: TravelProvider) -> BoardGround:
    """What a draft is judged on. It may ask for roads."""
    problem = draft_problem(draft, travel)
    request = PlanRequest.from_json(draft.request)
    if not (request.vehicles_out or request.drops_out or request.max_vehicles):
        return BoardGround(problem=problem, whole=problem)
    day = plan_day(cutoff_run=draft.cutoff_run, warehouse=draft.warehouse, request=PlanRequest())
    return BoardGround(problem=problem, whole=day_problem(day, travel))


def board_verdict(ground: BoardGround, board: Board, accepted: Board) -> Verdict:
    """Return what the checker says of `board`, and how it differs from `accepted`."""
    problem = ground.problem
    plan = build_plan(problem, board_duties(problem, board))
    before = build_plan(ground.whole, board_duties(ground.whole, accepted))
    violations = check_plan(problem, plan)
    known = frozenset(check_plan(ground.whole, before)) if violations else frozenset()
    return Verdict(
        ground=ground,
        plan=plan,
        accepted_plan=before,
        violations=violations,
        new_violations=tuple(broken for broken in violations if broken not in known),
        cost_fen=plan.cost_fen,
        delta_fen=plan.cost_fen - before.cost_fen,
        lateness_fen=plan.costs.lateness_fen,
        late_stops=tuple(
            stop.stop_key for trip in plan.trips for stop in trip.stops if stop.lateness_fen
        ),
        moved_stops=stops_moved(accepted, board),
    )
