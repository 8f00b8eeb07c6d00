"""The pipeline of a run."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Timer

import psycopg
import pytest
from django.db import connection

from fulfillment.domain.cutoff_run import Step
from fulfillment.errors import RunBusy, StepGivenUp
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.delivery import Trip
from fulfillment.services import cutoff_run
from fulfillment.services.cutoff_run import RUN_LOCK, RunOptions, run_advance, run_retry
from fulfillment.services.play_day import arrivals_record
from fulfillment.services.shortages import shortages_finalize
from orders.models.ledger import Transfer
from tests.builders import tiny_day
from tests.fulfillment.services.days import BUDGET, imported, played

pytestmark = pytest.mark.django_db


def options(run: CutoffRun, *, attempts_max: int | None = None) -> RunOptions:
    """Options whose clock stands at the freeze."""
    freeze_at = run.campaign.freeze_at
    return RunOptions(
        clock=lambda _run, _step: freeze_at,
        plan=BUDGET,
        print_papers=False,
        attempts_max=attempts_max,
    )


def states(run: CutoffRun) -> dict[str, str]:
    return dict(run.steps.values_list("name", "state"))


def test_it_waits_for_the_clock_before_the_freeze() -> None:
    run = imported()
    before = run.campaign.freeze_at - timedelta(seconds=1)

    waits_at = run_advance(
        run=run, options=RunOptions(clock=lambda _run, _step: before, plan=BUDGET)
    )

    assert waits_at is Step.FREEZE
    assert states(run)["freeze"] == StepState.WAITING
    assert run.steps.get(name="freeze").attempts == 0


def test_it_waits_for_the_dock_after_the_purchase_orders() -> None:
    run = imported()

    waits_at = run_advance(run=run, options=options(run))

    assert waits_at is Step.RECEIVE
    assert states(run)["purchase"] == StepState.DONE
    assert states(run)["receive"] == StepState.WAITING
    assert not Allocation.objects.exists()


def test_it_goes_on_by_itself_once_the_dock_has_closed() -> None:
    run = imported()
    run_advance(run=run, options=options(run))

    arrivals_record(run=run, receipts=tiny_day().receipts, now=run.campaign.freeze_at)
    waits_at = run_advance(run=run, options=options(run))

    assert waits_at is Step.REFUND
    assert states(run)["print"] == StepState.DONE
    assert states(run)["refund"] == StepState.WAITING


def ready_to_refund() -> CutoffRun:
    """A run whose papers are made and whose shortages may still change."""
    run = imported()
    run_advance(run=run, options=options(run))
    arrivals_record(run=run, receipts=tiny_day().receipts, now=run.campaign.freeze_at)
    run_advance(run=run, options=options(run))
    return run


def test_it_refunds_once_the_warehouse_says_that_shortages_are_final() -> None:
    run = ready_to_refund()

    shortages_finalize(run=run, actor=None, now=run.campaign.freeze_at)

    assert run_advance(run=run, options=options(run)) is None
    assert set(states(run).values()) == {StepState.DONE}


def test_shortages_become_final_by_themselves_before_the_first_truck_leaves() -> None:
    run = ready_to_refund()
    departs_at = Trip.objects.get().departs_at
    due_at = departs_at - timedelta(minutes=30)

    def at(moment: datetime) -> RunOptions:
        return replace(options(run), clock=lambda _run, _step: moment)

    too_early = run_advance(run=run, options=at(due_at - timedelta(seconds=1)))
    in_time = run_advance(run=run, options=at(due_at))

    assert (too_early, in_time) == (Step.REFUND, None)
    run.refresh_from_db()
    assert run.shortages_final_at == due_at


def test_a_finished_run_is_left_as_it_is() -> None:
    run = played()
    transfers = Transfer.objects.count()
    records = list(run.steps.values_list("name", "attempts", "finished_at"))

    run_advance(run=run, options=options(run))

    assert Transfer.objects.count() == transfers
    assert list(run.steps.values_list("name", "attempts", "finished_at")) == records


def test_a_step_that_fails_leaves_nothing_but_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    run = imported()
    run_advance(run=run, options=options(run))
    arrivals_record(run=run, receipts=tiny_day().receipts, now=run.campaign.freeze_at)
    whole = cutoff_run.SHORT_STEPS[Step.ALLOCATE]

    def halfway(day: CutoffRun, now: datetime) -> Mapping[str, int | str]:
        whole(day, now)
        raise OSError("the disk is full")

    monkeypatch.setattr(
        cutoff_run, "SHORT_STEPS", {**cutoff_run.SHORT_STEPS, Step.ALLOCATE: halfway}
    )
    with pytest.raises(OSError, match="disk"):
        run_advance(run=run, options=options(run))

    record = run.steps.get(name="allocate")
    assert record.state == StepState.FAILED
    assert record.error == "OSError: the disk is full"
    assert not Allocation.objects.exists()

    monkeypatch.undo()
    assert run_advance(run=run, options=options(run)) is Step.REFUND
    assert run.steps.get(name="allocate").attempts == 2


def test_a_schedule_gives_up_after_its_limit_but_a_person_may_go_on() -> None:
    run = imported()
    StepRecord.objects.filter(run=run, name="freeze").update(attempts=5, error="broken")

    with pytest.raises(StepGivenUp) as refused:
        run_advance(run=run, options=options(run, attempts_max=5))

    assert refused.value.details == {"step": Step.FREEZE, "error": "broken"}
    assert run_advance(run=run, options=options(run)) is Step.RECEIVE


def test_a_person_lets_the_schedule_try_again() -> None:
    run = imported()
    StepRecord.objects.filter(run=run, name="freeze").update(
        attempts=5, error="broken", state=StepState.FAILED
    )

    assert run_retry(run=run) is True

    assert run_advance(run=run, options=options(run, attempts_max=5)) is Step.RECEIVE
    assert run_retry(run=run) is False


def test_a_run_that_is_let_go_in_time_is_waited_for() -> None:
    run = imported()
    other = psycopg.connect(**connection.get_connection_params() | {"context": None})
    other.execute("SELECT pg_advisory_lock(%s, %s)", [RUN_LOCK, run.pk])
    release = Timer(0.3, other.close)
    release.start()

    waits_at = run_advance(run=run, options=replace(options(run), wait_s=10.0))

    release.join()
    assert waits_at is Step.RECEIVE


def test_a_run_another_process_works_on_is_busy() -> None:
    run = imported()
    other = psycopg.connect(**connection.get_connection_params() | {"context": None})
    try:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [RUN_LOCK, run.pk])

        with pytest.raises(RunBusy):
            run_advance(run=run, options=options(run))
    finally:
        other.close()

    assert states(run)["freeze"] == StepState.PENDING


def test_every_step_records_its_figures_and_their_hash() -> None:
    run = played()

    figures = {record.name: record.figures for record in run.steps.all()}

    assert figures["freeze"]["pieces"] == 27
    assert figures["purchase"]["pieces_purchased"] == 15 + 12 + 6
    assert figures["receive"] == {
        "pieces_arrived": 29,
        "pieces_rejected": 2,
        "pieces_accepted": 27,
        "lines_uncounted": 0,
    }
    assert figures["allocate"]["pieces_allocated"] == 24
    assert figures["allocate"]["pieces_short"] == 3
    assert figures["refund"] == {
        "refunds": 1,
        "pieces_short": 3,
        "refund_fen": 870,
        "weight_refunds": 0,
        "weight_refund_fen": 0,
        "weighed_lines": 0,
        "unweighed_lines": 0,
        "overweight_g": 0,
        "overweight_fen": 0,
    }
    assert figures["route"]["stops"] == 2
    assert figures["check"]["violations"] == 0
    assert all(len(record.output_hash) == 64 for record in run.steps.all())
