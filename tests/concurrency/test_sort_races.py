"""Two sorters at one card, and a card that is entered while its goods are shared out again."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from fulfillment.errors import SortBlockEntered, SortedMoreThanAllocated
from fulfillment.models.allocation import AllocationCause
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, Stage
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.warehouse import SortTask
from fulfillment.selectors.sort_cards import Card, card_read
from fulfillment.selectors.sorting import (
    desk_supply_by_sku,
    planned_by_point_and_sku,
    sown_by_point_and_sku,
)
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.exceptions import CaseDraft, case_open
from fulfillment.services.sort_card import Sorter
from fulfillment.services.sort_entry import BlockEntry, sort_block_enter
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.factories.sorting import NOW
from tests.fulfillment.papers.days import routed_day

pytestmark = pytest.mark.django_db(transaction=True)

PAUSE_S = 1.2
CARD = "fulfillment.services.sort_card"


@pytest.fixture
def task() -> SortTask:
    """The card with the most pieces of a played day whose slots are planned."""
    routed_day()
    return SortTask.objects.select_related("wave__run", "sku").order_by("-pieces", "pk")[0]


def read_slowly(run: CutoffRun, task_id: int) -> Card:
    """What is planned now, and a pause in which others may change it."""
    card = card_read(run, task_id)
    time.sleep(PAUSE_S)
    return card


def slow() -> AbstractContextManager[object]:
    return patch(f"{CARD}.card_read", read_slowly)


def unlocked() -> Sequence[AbstractContextManager[object]]:
    """The card is read, and nobody waits for anybody."""

    def card_unlocked(task_id: int) -> Card:
        task = SortTask.objects.select_related("wave__run").get(pk=task_id)
        return read_slowly(task.wave.run, task_id)

    return [patch("fulfillment.services.sort_entry.card_locked", card_unlocked)]


def enter(task: SortTask, name: str) -> str:
    """Enter the only block of the card as planned."""
    sort_block_enter(
        task_id=task.pk,
        entry=BlockEntry(stage=SortStage.SLOT, route_no=1, differences={}),
        sorter=Sorter(name=name, actor=None, event_key=uuid4()),
        now=NOW,
    )
    return name


def both_enter(
    task: SortTask, without: Sequence[AbstractContextManager[object]]
) -> list[Outcome[str]]:
    return race(lambda runner: enter(task, f"sorter {runner.number}"), processes=2, without=without)


def test_one_sorter_wins_and_the_other_hears_who_was_first(task: SortTask) -> None:
    outcomes = both_enter(task, [slow()])

    winner = values(outcomes)[0]
    refused = errors(outcomes)
    assert [type(error) for error in refused] == [SortBlockEntered]
    assert winner in str(refused[0])
    assert RouteBlock.objects.get().sorter_name == winner
    assert sum(sown_by_point_and_sku(task.wave.run).values()) == task.pieces


@pytest.mark.control
def test_without_the_lock_the_other_only_sees_the_database_refuse(task: SortTask) -> None:
    outcomes = both_enter(task, unlocked())

    assert [type(error) for error in errors(outcomes)] == [IntegrityError]


@transaction.atomic
def lose_a_piece(task: SortTask) -> str:
    """Find the spare and one piece more spoilt at the desk, and share the goods out again."""
    run = task.wave.run
    spare = desk_supply_by_sku(run)[task.sku_id] - task.pieces
    case_open(
        run_id=run.pk,
        draft=CaseDraft(stage=Stage.SORT, cause=Cause.DAMAGED, qty=spare + 1, sku_id=task.sku_id),
        actor=None,
        now=NOW,
    )
    allocation_rerun(
        run=run, sku_id=task.sku_id, cause=AllocationCause.SORT_GAP, actor=None, now=NOW
    )
    return "lost"


def enter_while_a_piece_is_lost(
    task: SortTask, without: Sequence[AbstractContextManager[object]]
) -> list[Outcome[str]]:
    seen = _planned(task)

    def work(runner: Runner) -> str:
        if runner.number:
            # The entry has read what is planned by now.
            time.sleep(PAUSE_S / 4)
            return lose_a_piece(task)
        sort_block_enter(
            task_id=task.pk,
            entry=BlockEntry(stage=SortStage.SLOT, route_no=1, differences={}, seen=seen),
            sorter=Sorter(name="小孟", actor=None, event_key=uuid4()),
            now=NOW,
        )
        return "entered"

    return race(work, processes=2, without=without)


def _planned(task: SortTask) -> dict[int, int]:
    drops = {drop.pickup_point_id: drop.pk for drop in task.wave.drops.all()}
    planned = planned_by_point_and_sku(task.wave.run, sku_id=task.sku_id)
    return {drops[point_id]: qty for (point_id, _sku_id), qty in planned.items()}


def too_many(task: SortTask) -> int:
    """Pieces that lie in slots and are planned for nobody there."""
    run = task.wave.run
    planned = planned_by_point_and_sku(run)
    return sum(max(0, qty - planned[key]) for key, qty in sown_by_point_and_sku(run).items())


def test_a_card_entered_during_a_rerun_is_kept_whole_or_refused_whole(task: SortTask) -> None:
    outcomes = enter_while_a_piece_is_lost(task, [slow()])

    refused = [type(error) for error in errors(outcomes)]
    entered = "entered" in values(outcomes)
    assert "lost" in values(outcomes) or entered
    assert too_many(task) == 0
    assert SortEvent.objects.exists() == entered
    if not entered:
        assert refused == [SortedMoreThanAllocated]


@pytest.mark.control
def test_without_the_lock_more_lies_there_than_was_shared_out(task: SortTask) -> None:
    outcomes = enter_while_a_piece_is_lost(task, unlocked())

    assert sorted(values(outcomes)) == ["entered", "lost"]
    assert too_many(task) == 1
