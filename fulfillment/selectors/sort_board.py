"""The supervisor's board: which sort cards are not entered, differ, or are done."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Sum

from fulfillment.domain.sorting import parse_slot
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortMethod, SortTask, SortTaskState, Wave
from fulfillment.selectors.sorting import planned_by_point_and_sku
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind


class CardStatus(StrEnum):
    """How far a card is, in the order in which a supervisor looks at them."""

    OPEN = "open"
    STARTED = "started"
    DIFFERENCE = "difference"
    DONE = "done"


class LastEntry(NamedTuple):
    """Who entered the newest block of a card, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One card on the board.

    `sown_qty` is None while nothing of it is entered; `to_add_qty` is what
    entered slots lack although it is planned for them now; `missing_qty` is
    what its cases say is gone.
    """

    task: SortTask
    status: CardStatus
    planned_qty: int
    sown_qty: int | None
    to_add_qty: int
    missing_qty: int
    blocks_entered: int
    blocks_total: int
    last: LastEntry | None

    @property
    def is_left_over_open(self) -> bool:
        """Whether every block is entered and nobody said what is left over."""
        return self.blocks_entered == self.blocks_total and self.task.state == SortTaskState.SORTING

    @property
    def is_weighed(self) -> bool:
        """Whether its portions come from the weigh station."""
        return self.task.sku.kind == SkuKind.CATCH_WEIGHT

    @property
    def is_picked(self) -> bool:
        """Whether it is picked leader by leader, from the check lists."""
        return self.task.method == SortMethod.PICK_BY_LEADER


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPart:
    """The cards of one temperature class and how many stand where."""

    storage: StorageClass
    cards: Sequence[CardLine]
    counts: Counter[CardStatus]
    planned_qty: int
    sown_qty: int

    @property
    def total(self) -> int:
        """All of its cards, also those that a filter hides."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The cards of one wave by temperature class."""

    wave: Wave
    parts: Sequence[BoardPart]

    @property
    def counts(self) -> Counter[CardStatus]:
        """Cards of the wave by status."""
        return sum((part.counts for part in self.parts), Counter())

    @property
    def total(self) -> int:
        """All cards of the wave."""
        return sum(part.total for part in self.parts)

    @property
    def planned_qty(self) -> int:
        """Pieces to sort."""
        return sum(part.planned_qty for part in self.parts)

    @property
    def sown_qty(self) -> int:
        """Pieces that lie in slots."""
        return sum(part.sown_qty for part in self.parts)

    @property
    def percent(self) -> int:
        """Pieces sorted of a hundred; 100 only when nothing is left."""
        return self.sown_qty * 100 // self.planned_qty if self.planned_qty else 100


class _Slot(NamedTuple):
    planned: int
    sown: int | None
    route_no: int


def sort_board(run: CutoffRun, wave: Wave, *, status: CardStatus | None = None) -> Board:
    """Read the board of a wave in a fixed number of queries.

    A SKU nobody gets any more, and of which nothing was sorted, has no card.
    """
    tasks = SortTask.objects.filter(wave=wave).select_related("sku").order_by("sku__code")
    slots_of = _slots_by_task(run, wave, tasks)
    entered, last = _blocks(wave)
    missing = _missing_by_sku(run)
    lines: defaultdict[StorageClass, list[CardLine]] = defaultdict(list)
    for task in tasks:
        slots = slots_of[task.pk]
        if any(slot.planned or slot.sown for slot in slots):
            line = _line(task, slots, entered[task.pk], missing[task.sku_id], last.get(task.pk))
            lines[StorageClass(task.sku.storage)].append(line)
    return Board(
        wave=wave,
        parts=[
            _part(storage, lines[storage], status) for storage in StorageClass if lines[storage]
        ],
    )


def _part(storage: StorageClass, lines: list[CardLine], status: CardStatus | None) -> BoardPart:
    shown = [line for line in lines if status is None or line.status is status]
    return BoardPart(
        storage=storage,
        cards=sorted(shown, key=lambda line: list(CardStatus).index(line.status)),
        counts=Counter(line.status for line in lines),
        planned_qty=sum(line.planned_qty for line in lines),
        sown_qty=sum(line.sown_qty or 0 for line in lines),
    )


def _line(
    task: SortTask,
    slots: Sequence[_Slot],
    entered: set[int],
    missing_qty: int,
    last: LastEntry | None,
) -> CardLine:
    known = [slot.sown for slot in slots if slot.sown is not None]
    routes = {slot.route_no for slot in slots if slot.planned}
    to_add = sum(
        max(0, slot.planned - (slot.sown or 0))
        for slot in slots
        if slot.sown is not None or slot.route_no in entered
    )
    line = CardLine(
        task=task,
        status=CardStatus.OPEN,
        planned_qty=sum(slot.planned for slot in slots),
        sown_qty=sum(known) if known else None,
        to_add_qty=to_add,
        missing_qty=missing_qty,
        blocks_entered=len(routes & entered),
        blocks_total=len(routes),
        last=last,
    )
    return replace(line, status=_status(line, has_entries=bool(known or entered)))


def _status(line: CardLine, *, has_entries: bool) -> CardStatus:
    if not has_entries:
        return CardStatus.OPEN
    if line.task.state == SortTaskState.SHORT or line.to_add_qty:
        return CardStatus.DIFFERENCE
    if line.task.state == SortTaskState.DONE and line.blocks_entered == line.blocks_total:
        return CardStatus.DONE
    return CardStatus.STARTED


def _slots_by_task(run: CutoffRun, wave: Wave, tasks: Iterable[SortTask]) -> dict[int, list[_Slot]]:
    drops = list(Drop.objects.filter(wave=wave))
    route_of = {
        drop.pk: parse_slot(drop.slot_code).route_no if drop.slot_code else 0 for drop in drops
    }
    drop_of_point = {drop.pickup_point_id: drop.pk for drop in drops}
    task_of_sku = {task.sku_id: task.pk for task in tasks}
    planned: Counter[tuple[int, int]] = Counter()
    for (point_id, sku_id), qty in planned_by_point_and_sku(run).items():
        if qty and point_id in drop_of_point and sku_id in task_of_sku:
            planned[task_of_sku[sku_id], drop_of_point[point_id]] = qty
    sown = {
        (task_id, drop_id): qty
        for task_id, drop_id, qty in SortEvent.objects.filter(
            sort_task__wave=wave, stage=SortStage.SLOT
        )
        .order_by()
        .values_list("sort_task_id", "drop_id")
        .annotate(pieces=Sum("qty"))
        if drop_id is not None
    }
    slots: defaultdict[int, list[_Slot]] = defaultdict(list)
    for task_id, drop_id in planned.keys() | sown.keys():
        key = (task_id, drop_id)
        slots[task_id].append(_Slot(planned[key], sown.get(key), route_of[drop_id]))
    return slots


def _blocks(wave: Wave) -> tuple[dict[int, set[int]], dict[int, LastEntry]]:
    """Task → routes whose slots are entered; task → its newest entry of any stage."""
    entered: defaultdict[int, set[int]] = defaultdict(set)
    last: dict[int, LastEntry] = {}
    rows = RouteBlock.objects.filter(sort_task__wave=wave).order_by("entered_at", "pk")
    for block in rows:
        last[block.sort_task_id] = LastEntry(block.sorter_name, block.entered_at)
        if block.stage == SortStage.SLOT:
            entered[block.sort_task_id].add(block.route_no)
    return entered, last


def _missing_by_sku(run: CutoffRun) -> Counter[int]:
    cases = ExceptionCase.objects.filter(run=run, stage=Stage.SORT, sku__isnull=False)
    rows = (
        cases.exclude(cause=Cause.OVER).order_by().values_list("sku_id").annotate(pieces=Sum("qty"))
    )
    return Counter({sku_id: pieces for sku_id, pieces in rows if sku_id is not None})
