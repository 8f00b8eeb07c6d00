"""Check lists typed in: what was picked for a slot, and what a second person counted there.

Goods picked by leader are entered here. What a sow card entered is checked:
a difference becomes a correction. Two people sign.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import Difference
from fulfillment.domain.sorting import parse_slot
from fulfillment.errors import (
    SortedMoreThanAllocated,
    SortEventUnknown,
    StepOutOfOrder,
)
from fulfillment.models.sorting import RouteBlock, SlotCheck, SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.selectors.slot_check import SlotLine, slot_page
from fulfillment.selectors.sorting import planned_by_point_and_sku
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.sort_card import Sorter, event_id_of, tasks_take_up
from fulfillment.services.sort_correction import sort_recount


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotEntry:
    """A slot as picker and checker left it.

    Attributes
    ----------
    figures
        Sort task → what lies there instead of what the page said, and why.
    seen
        Sort task → what the page said; what is planned since is not there.
    checker_name
        Who counted it again.
    """

    figures: Mapping[int, Difference]
    seen: Mapping[int, int]
    checker_name: str


@transaction.atomic
def check_drop_enter(*, drop_id: int, entry: SlotEntry, sorter: Sorter, now: datetime) -> SlotCheck:
    """Store a checked slot: picked goods as entered, sown goods as corrected.

    Lines that nobody typed are as the page said. Less than entered without a
    cause is short. Sent twice it counts once.

    Raises `StepOutOfOrder` for a figure of goods whose sow card is not entered
    yet, `SortedMoreThanAllocated` where more lies than is planned now,
    `SortEventUnknown` for goods that do not belong here, and `DayClosed`.
    """
    run_id = Drop.objects.values_list("wave__run_id", flat=True).get(pk=drop_id)
    run_open_locked(run_id)
    if known := SlotCheck.objects.filter(event_id=sorter.event_key).first():
        return known
    drop = Drop.objects.select_related("wave__run", "pickup_point").get(pk=drop_id)
    lines = {line.task.pk: line for line in slot_page(drop).lines}
    _require_enterable(lines, entry)
    list(SortTask.objects.select_for_update(no_key=True).filter(pk__in=lines).order_by("pk"))
    picked = [line for line in lines.values() if line.is_to_pick and line.task.pk in entry.seen]
    _picked_enter(drop, picked, entry, sorter, now)
    differing = [
        line
        for line in lines.values()
        if line.is_entered
        and line.task.pk in entry.figures
        and entry.figures[line.task.pk].qty != line.lies_there
    ]
    for line in sorted(differing, key=lambda line: line.task.pk):
        sort_recount(
            task_id=line.task.pk,
            figures={drop.pk: _corrected(entry.figures[line.task.pk], line)},
            sorter=sorter,
            now=now,
        )
    return SlotCheck.objects.create(
        event_id=sorter.event_key,
        drop=drop,
        sorter_name=sorter.name,
        checker_name=entry.checker_name,
        differences=len(differing)
        + sum(1 for line in picked if _lies_now(line, entry).qty != line.planned_qty),
        checked_at=now,
        entered_by=sorter.actor,
    )


def _require_enterable(lines: Mapping[int, SlotLine], entry: SlotEntry) -> None:
    for task_id in entry.figures:
        if task_id not in lines:
            raise SortEventUnknown(_("These goods are not on the list of this slot."))
        if lines[task_id].waits_for_card:
            raise StepOutOfOrder(
                _("Enter the sow card of %(goods)s first.")
                % {"goods": lines[task_id].task.sku.name}
            )


def _lies_now(line: SlotLine, entry: SlotEntry) -> Difference:
    return entry.figures.get(line.task.pk) or Difference(entry.seen[line.task.pk])


def _corrected(figure: Difference, line: SlotLine) -> Difference:
    """A checker who finds less and says no more means that it is short."""
    is_less = figure.qty < line.lies_there
    return Difference(figure.qty, figure.cause or (Cause.SHORT if is_less else None))


def _picked_enter(
    drop: Drop, picked: Iterable[SlotLine], entry: SlotEntry, sorter: Sorter, now: datetime
) -> None:
    """Write one event per picked line, and close the blocks that are full now."""
    events = []
    for line in picked:
        lies = _lies_now(line, entry)
        if lies.qty > line.planned_qty:
            raise SortedMoreThanAllocated(
                _("%(goods)s: this slot gets %(planned)d, not %(qty)d.")
                % {"goods": line.task.sku.name, "planned": line.planned_qty, "qty": lies.qty},
                task_id=line.task.pk,
            )
        events.append(_event(drop, line, lies, sorter, now))
    SortEvent.objects.bulk_create(events)
    task_ids = {event.sort_task_id for event in events}
    tasks_take_up(*task_ids)
    if task_ids:
        _blocks_close(drop, task_ids, sorter, now)


def _event(
    drop: Drop, line: SlotLine, lies: Difference, sorter: Sorter, now: datetime
) -> SortEvent:
    return SortEvent(
        event_id=event_id_of(sorter, line.task.pk, SortStage.SLOT, drop.pk),
        sort_task=line.task,
        stage=SortStage.SLOT,
        drop=drop,
        qty=lies.qty,
        cause=lies.cause or "",
        device=sorter.device,
        sorter_name=sorter.name,
        actor=sorter.actor,
        at=now,
    )


def _blocks_close(drop: Drop, task_ids: set[int], sorter: Sorter, now: datetime) -> None:
    """Write the block of a task on this route once its last slot is picked."""
    route_no = parse_slot(drop.slot_code).route_no
    lane = {
        other.pickup_point_id: other.pk
        for other in Drop.objects.filter(wave=drop.wave_id).exclude(slot_code="")
        if parse_slot(other.slot_code).route_no == route_no
    }
    entered = set(
        SortEvent.objects.filter(
            sort_task__in=task_ids, stage=SortStage.SLOT, drop__in=lane.values()
        ).values_list("sort_task_id", "drop_id")
    )
    task_of = dict(SortTask.objects.filter(pk__in=task_ids).values_list("sku_id", "pk"))
    waiting = {
        task_of[sku_id]
        for (point_id, sku_id), qty in planned_by_point_and_sku(drop.wave.run).items()
        if qty
        and sku_id in task_of
        and point_id in lane
        and (task_of[sku_id], lane[point_id]) not in entered
    }
    RouteBlock.objects.bulk_create(
        RouteBlock(
            sort_task_id=task_id,
            stage=SortStage.SLOT,
            route_no=route_no,
            sorter_name=sorter.name,
            entered_at=now,
            entered_by=sorter.actor,
        )
        for task_id in sorted(task_ids - waiting)
    )
