"""The day is closed once, and nothing slips in while it is."""

import time
from unittest.mock import patch

import pytest
from django.utils import timezone

from fulfillment.errors import DayClosed, DayNotExplained
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.leftovers import LeftoverMovement
from fulfillment.models.warehouse import Drop
from fulfillment.services.day_close import counts_declare_unrecorded, day_close
from fulfillment.services.exceptions import CaseDraft, case_open, cases_decide_as_proposed
from leaders.models.accounts import Role, User
from orders.models.catalogue import Sku
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

NOW = timezone.now()
# More than a small day takes to be read on a busy machine.
READ_S = 0.8


def ready() -> tuple[CutoffRun, User]:
    """A day on paper that only waits to be closed."""
    run = played()
    actor: User = UserFactory.create(role=Role.WAREHOUSE)
    cases_decide_as_proposed(run_id=run.pk, stage=Stage.RECEIVE, note="", actor=actor, now=NOW)
    for stage in Stage:
        counts_declare_unrecorded(run=run, stage=stage, reason="paper", actor=actor, now=NOW)
    return run, actor


def late_find(run: CutoffRun) -> CaseDraft:
    drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
    assert drop is not None
    return CaseDraft(
        stage=Stage.HANDOVER,
        cause=Cause.SHORT,
        qty=1,
        sku_id=Sku.objects.get(code="K1").pk,
        drop_id=drop.pk,
    )


def unlocked(run_id: int) -> CutoffRun:
    """The guard without its lock: it looks, and somebody closes behind it."""
    run = CutoffRun.objects.get(pk=run_id)
    if run.day_closed_at is not None:
        raise DayClosed("This day is closed.")
    return run


def close_beside_a_late_find(*, guarded: bool) -> tuple[list[Exception], bool]:
    """Who was refused, and whether the day is closed with a case that is open."""
    run, actor = ready()
    draft = late_find(run)

    def work(runner: Runner) -> int:
        if runner.number == 0:
            return day_close(run=run, actor=actor, now=NOW).pk
        # The closer has read its counts by then and is about to write.
        time.sleep(READ_S)
        return case_open(run_id=run.pk, draft=draft, actor=actor, now=NOW).pk

    guards = [
        patch(f"fulfillment.services.{module}.run_open_locked", unlocked)
        for module in ("day_close", "exceptions")
    ]
    outcomes = race(
        work,
        processes=2,
        sleep_at={"day_close.explained": 3 * READ_S},
        without=[] if guarded else guards,
    )
    is_closed = CutoffRun.objects.filter(pk=run.pk, day_closed_at__isnull=False).exists()
    is_open_case = ExceptionCase.objects.filter(state=ExceptionCaseState.OPEN).exists()
    return errors(outcomes), is_closed and is_open_case


def test_a_late_find_is_refused_or_keeps_the_day_open() -> None:
    refused, is_broken = close_beside_a_late_find(guarded=True)

    assert not is_broken
    assert len(refused) == 1
    assert isinstance(refused[0], DayClosed | DayNotExplained)


@pytest.mark.control
def test_without_the_runs_lock_a_day_is_closed_over_an_open_find() -> None:
    _refused, is_broken = close_beside_a_late_find(guarded=False)

    assert is_broken


def test_a_day_is_closed_by_one_of_many() -> None:
    run, actor = ready()

    outcomes = race(lambda _runner: day_close(run=run, actor=actor, now=NOW).pk, processes=4)

    assert values(outcomes) == [run.pk]
    assert {type(error) for error in errors(outcomes)} == {DayClosed}
    kept = LeftoverMovement.objects.filter(origin_run=run)
    assert kept.count() == kept.values("sku_id").distinct().count() == 1
