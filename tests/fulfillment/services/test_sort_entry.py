"""Sort cards typed in: differences, blocks, stages, and what is left over."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference
from fulfillment.errors import (
    DayClosed,
    SortBlockEntered,
    SortedMoreThanAllocated,
    SortEventUnknown,
    StepOutOfOrder,
)
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.warehouse import SortMethod, SortTask, SortTaskState
from fulfillment.services.sort_card import Sorter
from fulfillment.services.sort_entry import BlockEntry, left_over_state, sort_block_enter
from tests.factories.sorting import NOW, SortFloor, sorter

pytestmark = pytest.mark.django_db


def enter(
    task: SortTask,
    route_no: int = 0,
    *,
    stage: SortStage = SortStage.SLOT,
    by: Sorter | None = None,
    left_over: int | None = None,
    seen: dict[int, int] | None = None,
    typed: Mapping[int, Difference] | None = None,
) -> SortTask:
    """Enter a block; `typed` is by drop, or by route in the first stage."""
    return sort_block_enter(
        task_id=task.pk,
        entry=BlockEntry(
            stage=stage,
            route_no=route_no,
            differences=typed or {},
            seen=seen,
            left_over_qty=left_over,
        ),
        sorter=by or sorter(),
        now=NOW,
    )


def test_no_other_differences_means_every_slot_got_what_was_planned() -> None:
    floor = SortFloor("1-01", "1-02", "2-01")
    task = floor.goods({"1-01": 2, "1-02": 1, "2-01": 4})

    done = enter(task, left_over=0)

    assert floor.sown(task) == {"1-01": 2, "1-02": 1, "2-01": 4}
    assert done.state == SortTaskState.DONE
    assert (done.left_over_qty, done.sorter_name, done.finished_at) == (0, "小孟", NOW)


def test_a_page_nobody_sent_says_nothing() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})

    assert floor.sown(task) == {}
    assert task.state == SortTaskState.PENDING


def test_a_difference_is_what_lies_there_and_why() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})
    other = floor.drop_id("1-02")

    enter(task, typed={other: Difference(1, Cause.DAMAGED)})

    assert floor.events(task) == [("1-01", 2, ""), ("1-02", 1, "damaged")]


def test_a_zero_that_was_typed_is_a_zero_that_is_known() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})

    enter(task, typed={floor.drop_id("1-01"): Difference(0, Cause.SHORT)})

    assert floor.sown(task) == {"1-01": 0}


def test_a_card_is_entered_route_by_route() -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2, "2-01": 4})

    half = enter(task, 1)
    whole = enter(task, 2, left_over=0)

    assert half.state == SortTaskState.SORTING
    assert whole.state == SortTaskState.DONE
    assert list(RouteBlock.objects.values_list("stage", "route_no")) == [("slot", 1), ("slot", 2)]


def test_a_card_is_not_done_before_its_left_over_is_stated() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2}, accepted=5)

    entered = enter(task)
    done = left_over_state(task_id=task.pk, left_over_qty=3, sorter=sorter(), now=NOW)

    assert entered.state == SortTaskState.SORTING
    assert done.state == SortTaskState.DONE


def test_what_is_left_over_cannot_be_stated_while_blocks_are_open() -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2, "2-01": 4})
    enter(task, 1)

    with pytest.raises(StepOutOfOrder):
        left_over_state(task_id=task.pk, left_over_qty=0, sorter=sorter(), now=NOW)


def test_the_second_sorter_of_a_block_hears_who_was_first() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    enter(task, 1, by=sorter("小孟"))

    with pytest.raises(SortBlockEntered, match="小孟"):
        enter(task, 1, by=sorter("老田"))

    assert floor.sown(task) == {"1-01": 2}


def test_a_whole_card_is_refused_once_one_of_its_blocks_is_entered() -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2, "2-01": 4})
    enter(task, 1)

    with pytest.raises(SortBlockEntered):
        enter(task)

    assert floor.sown(task) == {"1-01": 2}


def test_the_same_page_sent_twice_counts_once() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    page = sorter()

    enter(task, 1, by=page, left_over=0)
    again = enter(task, 1, by=page, left_over=0)

    assert again.state == SortTaskState.DONE
    assert SortEvent.objects.count() == 1


def test_more_than_a_slot_is_to_get_is_refused_by_its_name() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})

    with pytest.raises(SortedMoreThanAllocated, match=r"1-01 \+1"):
        enter(task, typed={floor.drop_id("1-01"): Difference(3)})

    assert floor.sown(task) == {}


def test_what_the_sorter_saw_counts_not_what_is_planned_since() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})
    seen = {floor.drop_id("1-01"): 1, floor.drop_id("1-02"): 3}

    enter(task, seen=seen)

    assert floor.sown(task) == {"1-01": 1, "1-02": 3}


def test_a_card_seen_before_the_plan_shrank_is_refused() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})

    with pytest.raises(SortedMoreThanAllocated):
        enter(task, seen={floor.drop_id("1-01"): 3})


def test_a_route_without_any_of_it_has_no_block() -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2})

    with pytest.raises(SortEventUnknown):
        enter(task, 2)


def test_nothing_is_entered_after_the_day() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    floor.run.day_closed_at = NOW
    floor.run.save()

    with pytest.raises(DayClosed):
        enter(task)


def test_cards_wait_for_the_routes() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    drop = floor.drops["1-01"]
    drop.slot_code = ""
    drop.save()

    with pytest.raises(StepOutOfOrder):
        enter(task)


def test_in_two_stages_goods_come_to_the_routes_first() -> None:
    floor = SortFloor("1-01", "2-01", is_two_stage=True)
    task = floor.goods({"1-01": 2, "2-01": 4})
    with pytest.raises(StepOutOfOrder):
        enter(task, 1)

    enter(task, stage=SortStage.ROUTE, typed={2: Difference(3, Cause.SHORT)})
    enter(task, 1)

    assert list(
        SortEvent.objects.filter(stage=SortStage.ROUTE).values_list("route_no", "qty", "cause")
    ) == [(1, 2, ""), (2, 3, "short")]
    assert floor.sown(task) == {"1-01": 2}


def test_slots_hold_no_more_than_came_to_their_route() -> None:
    floor = SortFloor("1-01", "2-01", is_two_stage=True)
    task = floor.goods({"1-01": 2, "2-01": 4})
    enter(task, stage=SortStage.ROUTE, typed={2: Difference(3, Cause.SHORT)})

    with pytest.raises(SortedMoreThanAllocated):
        enter(task, 2)
    enter(task, 2, typed={floor.drop_id("2-01"): Difference(3, Cause.SHORT)})

    assert floor.sown(task) == {"2-01": 3}


def test_a_small_wave_has_no_first_stage() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})

    with pytest.raises(StepOutOfOrder):
        enter(task, stage=SortStage.ROUTE)


def test_the_device_and_the_name_of_the_sorter_are_kept() -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})

    enter(task, by=replace(sorter("老田"), device="gun 3"))

    event = SortEvent.objects.get()
    assert (event.sorter_name, event.device, event.at) == ("老田", "gun 3", NOW)


def test_slots_that_a_check_list_entered_are_left_out_of_the_card() -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3}, method=SortMethod.PICK_BY_LEADER)
    SortEvent.objects.create(sort_task=task, drop=floor.drops["1-01"], qty=1, cause="short", at=NOW)

    enter(task, 1)

    assert floor.events(task) == [("1-01", 1, "short"), ("1-02", 3, "")]
