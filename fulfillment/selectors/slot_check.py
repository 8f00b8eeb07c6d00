"""One slot as its check list shows it: every SKU, what it should get, what lies there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum

from fulfillment.domain.sorting import natural_key, parse_slot
from fulfillment.models.allocation import Allocation
from fulfillment.models.sorting import RouteBlock, SlotCheck, SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortMethod, SortTask
from orders.domain.storage import StorageClass
from orders.models.catalogue import SkuKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLine:
    """One SKU of a slot; `sown_qty` is None while nobody entered it.

    `is_block_entered` says that the card's block of this route is in.
    """

    task: SortTask
    planned_qty: int
    short_qty: int
    sown_qty: int | None
    is_block_entered: bool

    @property
    def is_entered(self) -> bool:
        """Whether what lies there is known."""
        return self.sown_qty is not None or self.is_block_entered

    @property
    def lies_there(self) -> int:
        """Pieces in the slot as entered."""
        return self.sown_qty or 0

    @property
    def is_to_pick(self) -> bool:
        """Whether this list is where it is entered first."""
        return not self.is_entered and self.task.method == SortMethod.PICK_BY_LEADER

    @property
    def waits_for_card(self) -> bool:
        """Whether its sow card must be entered before it can be checked."""
        return not self.is_entered and not self.is_to_pick

    @property
    def is_weighed(self) -> bool:
        """Whether its portions come from the weigh station."""
        return self.task.sku.kind == SkuKind.CATCH_WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPage:
    """A slot with its lines in the order of the check list, and its checks."""

    drop: Drop
    lines: Sequence[SlotLine]
    checks: Sequence[SlotCheck]

    @property
    def planned_qty(self) -> int:
        """Pieces it should get."""
        return sum(line.planned_qty for line in self.lines)

    @property
    def sown_qty(self) -> int:
        """Pieces known to lie there."""
        return sum(line.lies_there for line in self.lines)

    @property
    def waiting(self) -> int:
        """Lines whose sow card is not entered yet."""
        return sum(line.waits_for_card for line in self.lines)


def slot_page(drop: Drop) -> SlotPage:
    """Read a slot in a fixed number of queries; a SKU it neither gets nor has is left out."""
    planned, short = _planned(drop)
    sown = _sown(drop)
    route_no = parse_slot(drop.slot_code).route_no if drop.slot_code else 0
    entered = set(
        RouteBlock.objects.filter(
            sort_task__wave=drop.wave_id, stage=SortStage.SLOT, route_no=route_no
        ).values_list("sort_task_id", flat=True)
    )
    tasks = SortTask.objects.filter(
        Q(sku_id__in=planned) | Q(pk__in=sown), wave=drop.wave_id
    ).select_related("sku", "wave")
    lines = [
        SlotLine(
            task=task,
            planned_qty=planned.get(task.sku_id, 0),
            short_qty=short.get(task.sku_id, 0),
            sown_qty=sown.get(task.pk),
            is_block_entered=task.pk in entered,
        )
        for task in tasks
    ]
    lines = [line for line in lines if line.planned_qty or line.lies_there or line.short_qty]
    return SlotPage(
        drop=drop,
        lines=sorted(lines, key=_list_order),
        checks=list(SlotCheck.objects.filter(drop=drop).order_by("pk")),
    )


def _list_order(line: SlotLine) -> tuple[object, ...]:
    sku = line.task.sku
    storage = list(StorageClass).index(StorageClass(sku.storage))
    return storage, natural_key(sku.bin_code), natural_key(sku.code)


def _planned(drop: Drop) -> tuple[dict[int, int], dict[int, int]]:
    """SKU → pieces for the slot, substitutes among them; SKU → pieces it lacks."""
    allocations = Allocation.objects.filter(
        run__waves=drop.wave_id, order_line__order__pickup_point=drop.pickup_point_id
    ).order_by()
    planned: dict[int, int] = {}
    short: dict[int, int] = {}
    for sku_id, pieces, lacking in allocations.values_list("order_line__sku_id").annotate(
        pieces=Sum("allocated_qty"), lacking=Sum("short_qty")
    ):
        planned[sku_id], short[sku_id] = pieces, lacking
    given = allocations.filter(substitute_qty__gt=0).values_list("substitute_sku_id")
    for sku_id, pieces in given.annotate(pieces=Sum("substitute_qty")):
        if sku_id is not None:
            planned[sku_id] = planned.get(sku_id, 0) + pieces
    return planned, short


def _sown(drop: Drop) -> dict[int, int]:
    rows = (
        SortEvent.objects.filter(drop=drop, stage=SortStage.SLOT)
        .order_by()
        .values_list("sort_task_id")
        .annotate(pieces=Sum("qty"))
    )
    return dict(rows)
