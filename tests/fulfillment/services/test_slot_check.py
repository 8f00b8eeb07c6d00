"""Check lists typed in: goods that are picked, and slots that are counted again."""

import pytest

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference
from fulfillment.errors import (
    DayClosed,
    SortedMoreThanAllocated,
    SortEventUnknown,
    StepOutOfOrder,
)
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.sorting import RouteBlock, SlotCheck, SortStage
from fulfillment.models.warehouse import SortMethod, SortTask, SortTaskState
from fulfillment.services.slot_check import SlotEntry, check_drop_enter
from fulfillment.services.sort_card import Sorter
from fulfillment.services.sort_entry import BlockEntry, left_over_state, sort_block_enter
from tests.factories.sorting import NOW, SortFloor, sorter

pytestmark = pytest.mark.django_db

PICK = SortMethod.PICK_BY_LEADER


def check(
    floor: SortFloor,
    slot: str,
    seen: dict[SortTask, int],
    found: dict[SortTask, Difference] | None = None,
    by: Sorter | None = None,
) -> SlotCheck:
    """Enter the check list of a slot."""
    return check_drop_enter(
        drop_id=floor.drop_id(slot),
        entry=SlotEntry(
            figures={task.pk: one for task, one in (found or {}).items()},
            seen={task.pk: qty for task, qty in seen.items()},
            checker_name="老田",
        ),
        sorter=by or sorter("小孟"),
        now=NOW,
    )


def enter(task: SortTask) -> None:
    """Enter a whole card as planned, with nothing left over."""
    sort_block_enter(
        task_id=task.pk,
        entry=BlockEntry(stage=SortStage.SLOT, route_no=0, differences={}, left_over_qty=0),
        sorter=sorter(),
        now=NOW,
    )


def test_picked_goods_are_entered_slot_by_slot() -> None:
    floor = SortFloor("1-01", "1-02")
    rice = floor.goods({"1-01": 2, "1-02": 1}, method=PICK)
    oil = floor.goods({"1-01": 3}, method=PICK)

    made = check(floor, "1-01", {rice: 2, oil: 3}, {oil: Difference(2, Cause.DAMAGED)})

    assert floor.events(rice) == [("1-01", 2, "")]
    assert floor.events(oil) == [("1-01", 2, "damaged")]
    assert (made.sorter_name, made.checker_name, made.differences) == ("小孟", "老田", 1)


def test_a_block_is_entered_when_its_last_slot_is_picked() -> None:
    floor = SortFloor("1-01", "1-02", "2-01")
    task = floor.goods({"1-01": 2, "1-02": 1, "2-01": 5}, method=PICK)

    check(floor, "1-01", {task: 2})
    assert RouteBlock.objects.count() == 0
    check(floor, "1-02", {task: 1})
    assert list(RouteBlock.objects.values_list("route_no", flat=True)) == [1]
    check(floor, "2-01", {task: 5})
    left_over_state(task_id=task.pk, left_over_qty=0, sorter=sorter(), now=NOW)

    task.refresh_from_db()
    assert task.state == SortTaskState.DONE


def test_a_recheck_that_finds_less_corrects_the_card_and_opens_a_case() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    enter(task)

    made = check(floor, "1-01", {task: 3}, {task: Difference(2)})

    assert floor.events(task) == [("1-01", 3, ""), ("1-01", -1, "short")]
    assert ExceptionCase.objects.get().qty == 1
    assert made.differences == 1


def test_several_goods_of_one_slot_are_corrected_at_once() -> None:
    floor = SortFloor("1-01")
    rice, oil = floor.goods({"1-01": 3}), floor.goods({"1-01": 4})
    enter(rice)
    enter(oil)

    check(floor, "1-01", {rice: 3, oil: 4}, {rice: Difference(2), oil: Difference(1)})

    assert (floor.sown(rice), floor.sown(oil)) == ({"1-01": 2}, {"1-01": 1})


def test_a_recheck_that_agrees_keeps_only_the_two_names() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})
    enter(task)

    made = check(floor, "1-01", {task: 3})

    assert floor.events(task) == [("1-01", 3, "")]
    assert made.differences == 0


def test_a_list_sent_twice_counts_once() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, method=PICK)
    page = sorter()

    first = check(floor, "1-01", {task: 3}, by=page)
    again = check(floor, "1-01", {task: 3}, by=page)

    assert first == again
    assert floor.sown(task) == {"1-01": 3}


def test_goods_the_page_did_not_show_stay_unknown() -> None:
    floor = SortFloor("1-01")
    shown, late = floor.goods({"1-01": 3}, method=PICK), floor.goods({"1-01": 1}, method=PICK)

    check(floor, "1-01", {shown: 3})

    assert floor.sown(late) == {}


def test_a_sow_card_that_is_not_entered_cannot_be_checked() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})

    with pytest.raises(StepOutOfOrder):
        check(floor, "1-01", {}, {task: Difference(3)})


def test_picking_more_than_planned_is_refused() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, method=PICK)

    with pytest.raises(SortedMoreThanAllocated):
        check(floor, "1-01", {task: 3}, {task: Difference(4)})

    assert floor.sown(task) == {}


def test_goods_of_another_slot_are_refused() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-02": 3}, method=PICK)

    with pytest.raises(SortEventUnknown):
        check(floor, "1-01", {}, {task: Difference(3)})


def test_nothing_is_checked_after_the_day() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, method=PICK)
    floor.run.day_closed_at = NOW
    floor.run.save()

    with pytest.raises(DayClosed):
        check(floor, "1-01", {task: 3})
