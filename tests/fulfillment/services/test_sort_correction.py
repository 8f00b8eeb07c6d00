"""Differences at the end of a card, pieces that turn up, goods in the wrong slot."""

import pytest

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference
from fulfillment.errors import (
    CountNegative,
    SortedMoreThanAllocated,
    SortEventUnknown,
    StepOutOfOrder,
)
from fulfillment.models.allocation import Allocation, AllocationCause, AllocationRun
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.sorting import SortStage
from fulfillment.models.warehouse import SortTask, SortTaskState
from fulfillment.services.sort_correction import sort_correct, sort_move, sort_recount
from fulfillment.services.sort_entry import BlockEntry, left_over_state, sort_block_enter
from tests.factories.sorting import NOW, SortFloor, sorter

pytestmark = pytest.mark.django_db

DONE, SHORT, SORTING = SortTaskState.DONE, SortTaskState.SHORT, SortTaskState.SORTING


def enter(
    floor: SortFloor, task: SortTask, left_over: int | None = 0, **typed: Difference
) -> SortTask:
    """Enter a whole card; differences are named by slot, `s1_02=Difference(1)`."""
    return sort_block_enter(
        task_id=task.pk,
        entry=BlockEntry(
            stage=SortStage.SLOT,
            route_no=0,
            differences={
                floor.drop_id(name[1:].replace("_", "-")): one for name, one in typed.items()
            },
            left_over_qty=left_over,
        ),
        sorter=sorter(),
        now=NOW,
    )


def state_of(task: SortTask) -> tuple[str, int | None]:
    """State and left over of a card as stored."""
    task.refresh_from_db()
    return task.state, task.left_over_qty


def cases() -> list[tuple[str, int, str]]:
    """(cause, pieces, slot) of every case."""
    return [
        (case.cause, case.qty, str(case.drop or ""))
        for case in ExceptionCase.objects.select_related("drop").order_by("pk")
    ]


def allocated(floor: SortFloor, slot: str) -> int:
    """Pieces the order of a slot is to get."""
    order = floor.orders[slot]
    return sum(
        Allocation.objects.filter(order_line__order=order).values_list("allocated_qty", flat=True)
    )


def test_a_missing_piece_becomes_a_case_and_its_leader_loses_it() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})

    enter(floor, task, s1_02=Difference(2))

    assert state_of(task) == (SHORT, 0)
    assert cases() == [("short", 1, "1-02")]
    assert allocated(floor, "1-02") == 2
    assert AllocationRun.objects.get().cause == AllocationCause.SORT_GAP


def test_a_short_card_is_done_when_the_recount_finds_the_same() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    enter(floor, task, s1_01=Difference(2))

    left_over_state(task_id=task.pk, left_over_qty=0, sorter=sorter(), now=NOW)

    assert state_of(task) == (DONE, 0)
    assert cases() == [("short", 1, "1-01")]


def test_a_broken_piece_needs_no_recount() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})

    enter(floor, task, s1_01=Difference(2, Cause.DAMAGED))

    assert state_of(task) == (DONE, 0)
    assert cases() == [("damaged", 1, "1-01")]


def test_pieces_that_lie_nowhere_are_missing_even_where_no_slot_lacks_them() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, accepted=5)

    enter(floor, task, left_over=1)

    assert state_of(task) == (SHORT, 1)
    assert cases() == [("short", 1, "")]
    assert allocated(floor, "1-01") == 3


def test_a_slot_that_lacks_what_is_left_over_is_to_be_filled() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    drop_id = floor.drop_id("1-01")
    enter(floor, task, left_over=1, s1_01=Difference(2))
    assert state_of(task) == (SHORT, 1)

    sort_correct(task_id=task.pk, drop_id=drop_id, qty=1, cause=None, sorter=sorter(), now=NOW)

    assert state_of(task) == (DONE, 0)
    assert cases() == []
    assert floor.events(task) == [("1-01", 2, ""), ("1-01", 1, "")]


def test_more_left_over_than_ever_came_is_noted_as_too_many() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})

    enter(floor, task, left_over=2)
    assert state_of(task) == (SHORT, 2)
    left_over_state(task_id=task.pk, left_over_qty=2, sorter=sorter(), now=NOW)

    assert state_of(task) == (DONE, 2)
    assert cases() == [("over", 2, "")]


def test_a_piece_that_turns_up_takes_its_case_back() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})
    enter(floor, task, s1_02=Difference(2))

    sort_recount(
        task_id=task.pk,
        figures={floor.drop_id("1-02"): Difference(3)},
        sorter=sorter(),
        now=NOW,
    )

    assert floor.sown(task) == {"1-01": 2, "1-02": 3}
    assert allocated(floor, "1-02") == 3
    assert cases() == [("short", 0, "1-02")]
    assert state_of(task) == (DONE, 0)


def test_a_piece_found_on_the_pallet_goes_to_whom_it_was_missing() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    enter(floor, task, s1_01=Difference(2))

    left_over_state(task_id=task.pk, left_over_qty=1, sorter=sorter(), now=NOW)

    assert state_of(task) == (SHORT, 1)
    assert allocated(floor, "1-01") == 3
    assert cases() == [("short", 0, "1-01")]


def test_a_piece_put_into_the_wrong_slot_is_moved_by_two_events() -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2, "2-01": 3})
    enter(floor, task, s2_01=Difference(2, Cause.WRONG))

    sort_move(
        task_id=task.pk,
        from_drop_id=floor.drop_id("1-01"),
        to_drop_id=floor.drop_id("2-01"),
        qty=1,
        sorter=sorter(),
        now=NOW,
    )

    assert floor.sown(task) == {"1-01": 1, "2-01": 3}
    assert floor.events(task)[2:] == [("1-01", -1, "wrong"), ("2-01", 1, "wrong")]
    assert (allocated(floor, "1-01"), allocated(floor, "2-01")) == (1, 3)


def test_a_piece_taken_back_is_left_over_again() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    drop_id = floor.drop_id("1-01")
    enter(floor, task)

    sort_correct(task_id=task.pk, drop_id=drop_id, qty=-1, cause=None, sorter=sorter(), now=NOW)

    assert state_of(task) == (SHORT, 1)
    assert floor.sown(task) == {"1-01": 2}
    assert cases() == []


def test_goods_that_arrive_late_are_put_to_a_card_that_was_done() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    drop_id = floor.drop_id("1-01")
    Allocation.objects.update(allocated_qty=2)
    enter(floor, task, left_over=1)
    assert state_of(task) == (DONE, 1)
    Allocation.objects.update(allocated_qty=3)

    sort_correct(task_id=task.pk, drop_id=drop_id, qty=1, cause=None, sorter=sorter(), now=NOW)

    assert state_of(task) == (DONE, 0)


def test_a_correction_before_the_end_of_the_card_only_adds_its_event() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    drop_id = floor.drop_id("1-01")
    enter(floor, task, left_over=None)

    sort_correct(
        task_id=task.pk, drop_id=drop_id, qty=-1, cause=Cause.DAMAGED, sorter=sorter(), now=NOW
    )

    assert state_of(task) == (SORTING, None)
    assert cases() == []


def test_a_correction_sent_twice_counts_once() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    drop_id, page = floor.drop_id("1-01"), sorter()
    enter(floor, task, left_over=None)

    for _time in range(2):
        sort_correct(task_id=task.pk, drop_id=drop_id, qty=-1, cause=None, sorter=page, now=NOW)

    assert floor.sown(task) == {"1-01": 2}


def test_a_recount_that_agrees_writes_nothing() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    enter(floor, task)

    sort_recount(
        task_id=task.pk, figures={floor.drop_id("1-01"): Difference(3)}, sorter=sorter(), now=NOW
    )

    assert floor.events(task) == [("1-01", 3, "")]
    assert state_of(task) == (DONE, 0)


@pytest.mark.parametrize(
    ("qty", "error"),
    [
        pytest.param(1, SortedMoreThanAllocated, id="more_than_planned"),
        pytest.param(-4, CountNegative, id="less_than_nothing"),
    ],
)
def test_a_slot_never_holds_less_than_nothing_or_more_than_planned(
    qty: int, error: type[Exception]
) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, accepted=9)
    drop_id = floor.drop_id("1-01")
    enter(floor, task, left_over=6)

    with pytest.raises(error):
        sort_correct(
            task_id=task.pk, drop_id=drop_id, qty=qty, cause=None, sorter=sorter(), now=NOW
        )

    assert floor.sown(task) == {"1-01": 3}


def test_a_slot_nobody_entered_cannot_be_corrected() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})

    with pytest.raises(StepOutOfOrder):
        sort_correct(
            task_id=task.pk,
            drop_id=floor.drop_id("1-01"),
            qty=1,
            cause=None,
            sorter=sorter(),
            now=NOW,
        )


def test_a_slot_that_is_not_on_the_card_cannot_be_corrected() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 3})
    enter(floor, task)

    with pytest.raises(SortEventUnknown):
        sort_correct(
            task_id=task.pk,
            drop_id=floor.drop_id("1-02"),
            qty=1,
            cause=None,
            sorter=sorter(),
            now=NOW,
        )


def test_a_move_needs_two_slots() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    drop_id = floor.drop_id("1-01")
    enter(floor, task)

    with pytest.raises(SortEventUnknown):
        sort_move(
            task_id=task.pk,
            from_drop_id=drop_id,
            to_drop_id=drop_id,
            qty=1,
            sorter=sorter(),
            now=NOW,
        )
