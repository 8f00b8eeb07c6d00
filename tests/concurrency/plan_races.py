"""Two dispatchers and one plan: drafts accepted at once, a search stopped from elsewhere."""

import time
from collections import Counter
from dataclasses import dataclass, replace
from unittest.mock import patch

from fulfillment.domain.plan_board import Seat, board_read, board_written, step_applied, stop_moved
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Vehicle
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.route_errors import PlanDraftOutdated
from fulfillment.selectors.plan_drafts import accepted_duties
from fulfillment.services.plan_acceptance import draft_accept
from fulfillment.services.plan_drafts import draft_cancel, draft_request, draft_solve
from tests.builders import leader, order, receipt, tiny_day
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.fulfillment import VehicleFactory
from tests.factories.planned_towns import night_of
from tests.fulfillment.services.days import played

SEARCH_S = 60


@dataclass(frozen=True, slots=True)
class Acceptances:
    """What came of drafts of one plan that were accepted at once."""

    accepted: int
    outdated: int
    revision: int
    moved: int


def accepted_at_once(*, drafts: int, guarded: bool = True) -> Acceptances:
    """Let as many dispatchers each move another stop to a van of its own, and accept."""
    plan = played_plan(idle=drafts)
    now = night_of(plan.cutoff_run)
    made = [_draft(plan, number) for number in range(drafts)]
    before = _seats(plan)

    def accept(runner: Runner) -> int:
        return draft_accept(draft_id=made[runner.number], actor=None, now=now).revision

    outcomes = race(
        accept,
        processes=drafts,
        sleep_at={"plan_acceptance.checked": 0.3},
        without=[]
        if guarded
        else [patch("fulfillment.services.plan_acceptance.run_open_locked", _run_read)],
    )
    kinds = Counter(type(error) for error in errors(outcomes))
    after = _seats(plan)
    return Acceptances(
        accepted=len(values(outcomes)),
        outdated=kinds[PlanDraftOutdated],
        revision=DeliveryRun.objects.get(pk=plan.pk).revision,
        moved=sum(after[drop_id] != seat for drop_id, seat in before.items()),
    )


def stopped_from_elsewhere() -> tuple[str, float]:
    """Let one process search for a minute and another cancel it; return its end and seconds."""
    plan = played_plan(idle=1)
    now = night_of(plan.cutoff_run)
    draft = draft_request(
        cutoff_run_id=plan.cutoff_run_id,
        warehouse_id=plan.warehouse_id,
        origin=PlanOrigin.WHAT_IF,
        request=PlanRequest(seconds=SEARCH_S),
        actor=None,
        now=now,
    )
    row = PlanDraft.objects.filter(pk=draft.pk)

    def work(runner: Runner) -> bool:
        if runner.number == 0:
            return draft_solve(draft_id=draft.pk)
        while not row.filter(state=PlanDraftState.SOLVING).exists():
            time.sleep(0.05)
        draft_cancel(draft_id=draft.pk, actor=None, now=now)
        return True

    outcomes = race(work, processes=2)
    assert errors(outcomes) == []
    return row.get().state, max(outcome.seconds for outcome in outcomes)


def played_plan(*, idle: int) -> DeliveryRun:
    """A played day of one trip with six stops, and vans that stayed at home."""
    numbers = range(1, 7)
    run = played(
        replace(
            tiny_day(),
            leaders=tuple(leader(number) for number in numbers),
            orders=tuple(
                order(number, leader_code=f"L{number}", lines={"K1": 2}, minute=number)
                for number in numbers
            ),
            receipts=(receipt("K1", supplier_code="S1", arrived=30, rejected=0),),
        )
    )
    VehicleFactory.create_batch(idle, warehouse=run.warehouse)
    return DeliveryRun.objects.get(cutoff_run=run)


def _draft(plan: DeliveryRun, number: int) -> int:
    stop = Stop.objects.filter(trip__delivery_run=plan).order_by("pk")[number]
    idle = Vehicle.objects.exclude(trips__delivery_run=plan).order_by("code")[number]
    board = board_read(accepted_duties(plan))
    seat = Seat(vehicle_code=idle.code, trip_no=1, position=1)
    return PlanDraft.objects.create(
        cutoff_run=plan.cutoff_run,
        warehouse=plan.warehouse,
        origin=PlanOrigin.BOARD,
        state=PlanDraftState.READY,
        based_on_revision=plan.revision,
        request=PlanRequest().to_json(),
        duties=board_written(step_applied(board, stop_moved(board, str(stop.drop_id), seat))),
        created_at=night_of(plan.cutoff_run),
    ).pk


def _seats(plan: DeliveryRun) -> dict[int, str]:
    stops = Stop.objects.filter(trip__delivery_run=plan)
    return dict(stops.values_list("drop_id", "trip__vehicle__code"))


def _run_read(run_id: int) -> CutoffRun:
    return CutoffRun.objects.get(pk=run_id)
