"""What the schedule wakes: a run asks for its routes, workers search, the run goes on."""

import pytest
from django.core.cache import cache

from fulfillment import tasks
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.services.play_day import arrivals_record
from fulfillment.tasks import advance, advance_run, solve_draft
from tests.builders import tiny_day
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db


class Queue:
    """Keeps what was put into the workers' queue."""

    def __init__(self) -> None:
        self.waiting: list[int] = []

    def delay(self, *arguments: int) -> None:
        self.waiting.extend(arguments)

    def taken(self) -> list[int]:
        waiting, self.waiting = self.waiting, []
        return waiting


@pytest.fixture(autouse=True)
def nothing_named_yet() -> None:
    cache.clear()


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr(tasks.solve_draft, "delay", queue.delay)
    return queue


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr(tasks.advance_run, "delay", queue.delay)
    return queue


def counted_day() -> CutoffRun:
    """A day whose goods are counted, so that nothing is left to wait for but routes."""
    run = imported()
    advance_run(run.pk)
    arrivals_record(run=run, receipts=tiny_day().receipts, now=run.campaign.freeze_at)
    return run


def step_of(run: CutoffRun, step: Step) -> str:
    return run.steps.get(name=step).state


def test_a_run_waits_for_workers_and_goes_on_with_their_plans(searches: Queue, runs: Queue) -> None:
    run = counted_day()

    advance_run(run.pk)
    waiting = step_of(run, Step.ROUTE)
    (draft_id,) = searches.taken()
    solve_draft(draft_id)
    (again,) = runs.taken()
    advance_run(again)

    assert (waiting, again) == (StepState.WAITING, run.pk)
    assert step_of(run, Step.ROUTE) == StepState.DONE
    assert PlanDraft.objects.get().state == PlanDraftState.ACCEPTED
    assert searches.taken() == []


def test_a_tick_names_a_search_whose_worker_died(
    searches: Queue, runs: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.advance_outward, "delay", lambda: None)
    run = counted_day()
    advance_run(run.pk)
    searches.taken()
    PlanDraft.objects.update(state=PlanDraftState.SOLVING)
    cache.clear()

    advance()

    assert searches.taken() == [PlanDraft.objects.get().pk]
    assert PlanDraft.objects.get().state == PlanDraftState.QUEUED
    assert run.pk in runs.taken()
