"""Random waves with random differences: what was entered is what the events say."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference
from fulfillment.errors import SortedMoreThanAllocated, SortEventUnknown, StepOutOfOrder
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.sorting import SortStage
from fulfillment.models.warehouse import SortTask, SortTaskState
from fulfillment.selectors.sort_board import CardStatus, sort_board
from fulfillment.selectors.sorting import planned_by_point_and_sku, sown_by_point_and_sku
from fulfillment.services.sort_correction import sort_recount
from fulfillment.services.sort_entry import BlockEntry, left_over_state, sort_block_enter
from tests.factories.sorting import NOW, SortFloor, sorter

SLOTS = ("1-01", "1-02", "2-01")
QUERIES_OF_A_CARD = 30
QUERIES_OF_THE_BOARD = 8
Figure = tuple[int, Cause | None]
Card = tuple[
    dict[str, int], dict[str, Figure | None], int, int | None, list[tuple[str, int, Cause | None]]
]

causes = st.sampled_from([None, Cause.SHORT, Cause.DAMAGED, Cause.QUALITY])
plans = st.fixed_dictionaries({slot: st.integers(0, 5) for slot in SLOTS})
cards = st.tuples(
    plans.filter(lambda plan: sum(plan.values()) > 0),
    st.fixed_dictionaries(
        {slot: st.none() | st.tuples(st.integers(0, 6), causes) for slot in SLOTS}
    ),
    st.integers(0, 3),
    st.none() | st.integers(0, 4),
    st.lists(st.tuples(st.sampled_from(SLOTS), st.integers(0, 6), causes), max_size=3),
)


def enter(
    floor: SortFloor,
    task: SortTask,
    typed: dict[str, Figure | None],
    left_over: int | None,
) -> None:
    """Enter a whole card; what is too much is refused and taken out."""
    planned = planned_by_point_and_sku(floor.run, sku_id=task.sku_id)
    differences = {
        floor.drop_id(slot): Difference(*figure)
        for slot, figure in typed.items()
        if figure and planned[floor.drops[slot].pickup_point_id, task.sku_id]
    }
    for attempt in (differences, {}):
        try:
            sort_block_enter(
                task_id=task.pk,
                entry=BlockEntry(
                    stage=SortStage.SLOT,
                    route_no=0,
                    differences=attempt,
                    left_over_qty=left_over,
                ),
                sorter=sorter(),
                now=NOW,
            )
        except SortedMoreThanAllocated:
            continue
        return


def assert_laws(floor: SortFloor) -> None:
    """Sorted is within allocated everywhere, and the board says what the rows say."""
    planned = planned_by_point_and_sku(floor.run)
    sown = sown_by_point_and_sku(floor.run)
    assert all(0 <= qty <= planned[key] for key, qty in sown.items())
    board = sort_board(floor.run, floor.wave)
    assert board.planned_qty == sum(planned.values())
    assert board.sown_qty == sum(sown.values())
    sku_of = {task.pk: task.sku_id for task in SortTask.objects.all()}
    done: Counter[bool] = Counter()
    for part in board.parts:
        for line in part.cards:
            mine = {key: qty for key, qty in planned.items() if key[1] == sku_of[line.task.pk]}
            agrees = all(sown.get(key, 0) == qty for key, qty in mine.items())
            is_done = line.task.state == SortTaskState.DONE and agrees
            assert (line.status is CardStatus.DONE) == is_done
            done[is_done] += 1
    assert board.counts[CardStatus.DONE] == done[True]


@pytest.mark.django_db
@settings(deadline=None, max_examples=25)
@given(st.lists(cards, min_size=1, max_size=3))
def test_random_differences_never_put_more_than_is_planned(wave: list[Card]) -> None:
    with transaction.atomic():
        floor = SortFloor(*SLOTS)
        for plan, typed, surplus, left_over, recounts in wave:
            task = floor.goods(_ordered(plan, surplus), accepted=sum(plan.values()) + surplus)
            enter(floor, task, typed, left_over)
            _recount(floor, task, recounts)
            expected = Counter[str]()
            for slot, qty, _cause in floor.events(task):
                expected[slot] += qty
            assert floor.sown(task) == dict(expected)
        assert_laws(floor)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(deadline=None, max_examples=25)
@given(cards)
def test_a_card_stated_again_after_its_recount_is_done_or_lacks_what_is_left(card: Card) -> None:
    with transaction.atomic():
        floor = SortFloor(*SLOTS)
        plan, typed, surplus, left_over, _recounts = card
        task = floor.goods(_ordered(plan, surplus), accepted=sum(plan.values()) + surplus)
        enter(floor, task, typed, left_over or 0)

        again = left_over_state(
            task_id=task.pk, left_over_qty=left_over or 0, sorter=sorter(), now=NOW
        )

        planned = sum(planned_by_point_and_sku(floor.run, sku_id=task.sku_id).values())
        lies = sum(floor.sown(task).values())
        gone = sum(
            case.qty * (-1 if case.cause == Cause.OVER else 1)
            for case in ExceptionCase.objects.all()
        )
        assert sum(plan.values()) + surplus == lies + (left_over or 0) + gone
        assert (again.state == SortTaskState.DONE) == (planned == lies)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("slots", [3, 60])
def test_a_card_is_entered_in_few_queries_however_many_slots_it_has(slots: int) -> None:
    floor = SortFloor(*(f"{1 + n // 20}-{1 + n % 20:02d}" for n in range(slots)))
    task = floor.goods(dict.fromkeys(floor.drops, 2))

    with CaptureQueriesContext(connection) as queries:
        enter(floor, task, {}, 0)

    assert len(queries) <= QUERIES_OF_A_CARD
    assert sum(floor.sown(task).values()) == 2 * slots


@pytest.mark.django_db
@pytest.mark.parametrize("goods", [1, 12])
def test_the_board_is_read_in_a_fixed_number_of_queries(goods: int) -> None:
    floor = SortFloor("1-01", "2-01")
    for _number in range(goods):
        enter(floor, floor.goods({"1-01": 2, "2-01": 1}), {}, 0)

    with CaptureQueriesContext(connection) as queries:
        sort_board(floor.run, floor.wave)

    assert len(queries) <= QUERIES_OF_THE_BOARD


def _ordered(plan: dict[str, int], surplus: int) -> dict[str, int]:
    """The slots that ordered; nobody goes without while there is more than enough."""
    return {slot: qty for slot, qty in plan.items() if qty or not surplus}


def _recount(
    floor: SortFloor, task: SortTask, recounts: list[tuple[str, int, Cause | None]]
) -> None:
    """Count slots again; what is more than planned is refused and changes nothing."""
    for slot, qty, cause in recounts:
        before = floor.sown(task)
        try:
            sort_recount(
                task_id=task.pk,
                figures={floor.drop_id(slot): Difference(qty, cause)},
                sorter=sorter(),
                now=NOW,
            )
        except (SortedMoreThanAllocated, SortEventUnknown, StepOutOfOrder):
            assert floor.sown(task) == before
