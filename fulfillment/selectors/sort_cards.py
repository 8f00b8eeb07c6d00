"""One sort card: what is planned for its slots, what lies there, what is entered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Sum
from django.utils.translation import gettext as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.sort_entry import SlotFigures
from fulfillment.domain.sorting import SlotCode, parse_slot, serpentine
from fulfillment.errors import StepOutOfOrder
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.selectors.sorting import planned_by_point_and_sku


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One sort task with its rows as they are now.

    `slots` is every drop that is planned for some of the SKU or has some, in
    the order of the walk; `planned` and `sown` are pieces by drop, `sown`
    without what nobody entered; `routed` is pieces by route from stage one.
    """

    run: CutoffRun
    task: SortTask
    slots: Mapping[int, SlotCode]
    planned: Mapping[int, int]
    sown: Mapping[int, int]
    routed: Mapping[int, int]
    causes: Mapping[int, Cause]
    entered: frozenset[tuple[str, int]]

    @property
    def routes(self) -> tuple[int, ...]:
        """The routes whose slots are planned for some of it."""
        return tuple(
            dict.fromkeys(
                slot.route_no for drop_id, slot in self.slots.items() if self.planned[drop_id]
            )
        )

    @property
    def routes_open(self) -> tuple[int, ...]:
        """The routes whose block of slots nobody entered yet."""
        return tuple(no for no in self.routes if (SortStage.SLOT, no) not in self.entered)

    @property
    def figures(self) -> dict[int, SlotFigures]:
        """Drop → what it is to get and what lies there."""
        return {
            drop_id: SlotFigures(
                self.planned[drop_id], self.sown.get(drop_id, 0), self.causes.get(drop_id)
            )
            for drop_id in self.slots
        }

    def grown(
        self, events: Iterable[tuple[int, int, Cause | None]], blocks: Iterable[int] = ()
    ) -> "Card":
        """The card after events in its slots (drop, pieces, cause) and entered blocks."""
        sown, causes = dict(self.sown), dict(self.causes)
        for drop_id, qty, cause in events:
            sown[drop_id] = sown.get(drop_id, 0) + qty
            if cause:
                causes[drop_id] = cause
        entered = self.entered | {(SortStage.SLOT.value, route_no) for route_no in blocks}
        return replace(self, sown=sown, causes=causes, entered=entered)

    def of_block(self, route_nos: Iterable[int]) -> dict[int, int]:
        """Drop → pieces planned, of the slots of these routes."""
        wanted = set(route_nos)
        return {
            drop_id: self.planned[drop_id]
            for drop_id, slot in self.slots.items()
            if slot.route_no in wanted
        }

    def by_route(self) -> dict[int, int]:
        """Route → pieces planned."""
        pieces: defaultdict[int, int] = defaultdict(int)
        for drop_id, slot in self.slots.items():
            pieces[slot.route_no] += self.planned[drop_id]
        return dict(pieces)


def card_read(run: CutoffRun, task_id: int) -> Card:
    """Read a card; whoever writes holds the run (`services.sort_card.card_locked`).

    Raises `StepOutOfOrder` while the routes, and with them the slots, are not
    planned.
    """
    task = SortTask.objects.select_related("wave", "sku").get(pk=task_id)
    drops = Drop.objects.filter(wave_id=task.wave_id)
    drop_of = {drop.pickup_point_id: drop for drop in drops}
    if not all(drop.slot_code for drop in drops):
        raise StepOutOfOrder(_("There are no slots before the routes are planned."))
    planned = {
        drop_of[point_id].pk: qty
        for (point_id, _sku_id), qty in planned_by_point_and_sku(run, sku_id=task.sku_id).items()
        if point_id in drop_of
    }
    sown, routed = _sums(task)
    code_of = {
        parse_slot(drop.slot_code): drop.pk
        for drop in drops
        if drop.pk in planned or drop.pk in sown
    }
    return Card(
        run=run,
        task=task,
        slots={code_of[slot]: slot for slot in serpentine(code_of)},
        planned={drop_id: planned.get(drop_id, 0) for drop_id in code_of.values()},
        sown=sown,
        routed=routed,
        causes=_causes(task),
        entered=frozenset(
            RouteBlock.objects.filter(sort_task=task).values_list("stage", "route_no")
        ),
    )


def _sums(task: SortTask) -> tuple[dict[int, int], dict[int, int]]:
    rows = (
        SortEvent.objects.filter(sort_task=task)
        .order_by()
        .values_list("stage", "drop_id", "route_no")
        .annotate(pieces=Sum("qty"))
    )
    sown: dict[int, int] = {}
    routed: dict[int, int] = {}
    for stage, drop_id, route_no, pieces in rows:
        if stage == SortStage.SLOT:
            sown[drop_id] = pieces
        else:
            routed[route_no] = pieces
    return sown, routed


def _causes(task: SortTask) -> dict[int, Cause]:
    """Drop → the cause that was typed last."""
    rows = (
        SortEvent.objects.filter(sort_task=task, stage=SortStage.SLOT)
        .exclude(cause="")
        .order_by("pk")
        .values_list("drop_id", "cause")
    )
    return {drop_id: Cause(cause) for drop_id, cause in rows if drop_id is not None}
