"""How far a run has come, in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.selectors.day_progress import STEP_LABELS, figures_worded, run_progress
from tests.factories.fulfillment import (
    CutoffRunFactory,
    PurchaseOrderLineFactory,
    StepRecordFactory,
)

pytestmark = pytest.mark.django_db

STARTED = datetime(2026, 3, 10, 15, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create()
    for position, step in enumerate(Step):
        StepRecordFactory.create(run=run, name=step, position=position)
    return run


def finish(run: CutoffRun, *steps: Step) -> None:
    run.steps.filter(name__in=steps).update(
        state=StepState.DONE, started_at=STARTED, finished_at=STARTED + timedelta(seconds=7)
    )


def test_every_step_has_a_name_for_people() -> None:
    assert set(STEP_LABELS) == set(Step)


def test_the_freeze_waits_for_its_clock(run: CutoffRun) -> None:
    first = run_progress(run)[0]

    assert first.waits_for == "Waits for the cut-off at 03-10 23:03."


def test_receiving_waits_for_the_lines_nobody_counted(run: CutoffRun) -> None:
    finish(run, Step.FREEZE, Step.PURCHASE)
    PurchaseOrderLineFactory.create(purchase_order__run=run)

    steps = {step.name: step for step in run_progress(run)}

    assert steps[Step.RECEIVE].waits_for == "Purchase lines not counted yet: 1."
    assert steps[Step.ALLOCATE].waits_for == ""


def test_counted_goods_wait_for_the_close(run: CutoffRun) -> None:
    finish(run, Step.FREEZE, Step.PURCHASE)

    steps = {step.name: step for step in run_progress(run)}

    assert steps[Step.RECEIVE].waits_for == "Everything is counted; receiving has to be closed."


def test_refunds_say_until_when_shortages_may_change(run: CutoffRun) -> None:
    finish(run, *[step for step in Step if step not in {Step.REFUND, Step.COMMISSION, Step.CHECK}])

    steps = {step.name: step for step in run_progress(run)}

    # Nothing is routed in this run, so 06:00 stands for the first departure.
    assert steps[Step.REFUND].waits_for == (
        "Shortages may still change; they are final at 03-11 05:30."
    )
    assert steps[Step.COMMISSION].waits_for == ""


def test_a_run_begun_under_an_earlier_order_shows_it_and_waits_in_todays(run: CutoffRun) -> None:
    run.steps.filter(name=Step.PRINT).update(position=50)
    finish(run, Step.FREEZE, Step.PURCHASE, Step.RECEIVE, Step.ALLOCATE, Step.SORT, Step.ROUTE)

    steps = run_progress(run)

    assert [step.name for step in steps][-2:] == [Step.CHECK, Step.PRINT]
    assert all(step.waits_for == "" for step in steps)


def test_a_step_that_is_done_says_how_long_it_took(run: CutoffRun) -> None:
    finish(run, Step.FREEZE)

    first = run_progress(run)[0]

    assert (first.is_done, first.duration_s, first.waits_for) == (True, 7, "")


def test_a_failed_step_shows_its_error_and_waits_for_nothing(run: CutoffRun) -> None:
    run.steps.filter(name=Step.FREEZE).update(state=StepState.FAILED, error="no disk", attempts=2)

    first = run_progress(run)[0]

    assert (first.error, first.attempts, first.waits_for) == ("no disk", 2, "")


def test_figures_are_worded_by_their_unit() -> None:
    figures = {"pieces": 74550, "paid_fen": 3111265, "distance_m": 427996, "control_code": "FYV2"}

    assert figures_worded(figures) == (
        ("pieces", "74,550"),
        ("paid", "¥31,112.65"),
        ("control code", "FYV2"),
        ("distance", "428.0 km"),
    )


def test_figures_for_machines_stay_in_the_record() -> None:
    assert figures_worded({"lines_hash": "4dfb"}) == ()
