"""What a sort card's page shows: the head of the paper, its blocks and its slots."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from fulfillment.domain.sorting import full_cases, straight_cases
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.sorting import RouteBlock, SortStage
from fulfillment.models.warehouse import Drop, SortMethod, SortTask, Wave
from fulfillment.selectors.sort_cards import Card
from fulfillment.selectors.sorting import desk_supply_by_sku
from orders.models.catalogue import Sku, SkuKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """One slot of a card; `sown_qty` is None while nobody entered it."""

    drop_id: int
    slot: str
    route_no: int
    leader_name: str
    planned_qty: int
    sown_qty: int | None
    short_qty: int
    straight_cases: int

    @property
    def to_add_qty(self) -> int:
        """Pieces it lacks now, below 0 pieces it has too many."""
        return self.planned_qty - (self.sown_qty or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """One route of a card: what is planned, and who entered it."""

    route_no: int
    planned_qty: int
    running_qty: int
    entered: RouteBlock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """A sort card as its page and its paper show it."""

    card: Card
    planned_qty: int
    sown_qty: int
    supply_qty: int
    full_cases: str
    pack_factor: int
    place: str
    look_alikes: Sequence[Sku]
    blocks: Sequence[BlockRow]
    slots: Sequence[SlotRow]
    routed: RouteBlock | None

    @property
    def spare_qty(self) -> int:
        """What must be left over if all goes well."""
        return self.supply_qty - self.planned_qty

    @property
    def needs_routes(self) -> bool:
        """Whether the routes must get their pieces before any slot."""
        return (
            self.card.task.wave.is_two_stage
            and self.card.task.method == SortMethod.PUT_TO_LEADER
            and self.routed is None
        )

    @property
    def is_untouched(self) -> bool:
        """Whether nothing of it is entered."""
        return not self.card.entered and not self.card.sown

    @property
    def is_entered(self) -> bool:
        """Whether every block is entered."""
        return not self.card.routes_open

    @property
    def is_weighed(self) -> bool:
        """Whether its portions come from the weigh station."""
        return self.card.task.sku.kind == SkuKind.CATCH_WEIGHT

    @property
    def drops(self) -> int:
        """Slots that get some."""
        return sum(1 for slot in self.slots if slot.planned_qty)


def card_page(card: Card) -> CardPage:
    """Read what stands around the figures of a card."""
    sku = card.task.sku
    bought = (
        PurchaseOrderLine.objects.filter(purchase_order__run=card.run, sku=sku)
        .select_related("purchase_order__supplier")
        .order_by("-pk")
        .first()
    )
    pack_factor = bought.pack_factor if bought else 1
    planned_qty = sum(card.planned.values())
    entered = {
        (block.stage, block.route_no): block
        for block in RouteBlock.objects.filter(sort_task=card.task)
    }
    return CardPage(
        card=card,
        planned_qty=planned_qty,
        sown_qty=sum(card.sown.values()),
        supply_qty=desk_supply_by_sku(card.run)[sku.pk],
        full_cases=full_cases(planned_qty, pack_factor),
        pack_factor=pack_factor,
        place=sku.bin_code or _dock_slot(bought),
        look_alikes=look_alikes(card.task.wave).get(sku.pk, ()),
        blocks=_blocks(card, entered),
        slots=_slots(card, pack_factor),
        routed=entered.get((SortStage.ROUTE, 0)),
    )


def look_alikes(wave: Wave) -> dict[int, tuple[Sku, ...]]:
    """SKU → the other SKUs of its product in the wave: 500 g beside 1,000 g."""
    of_product: dict[int, list[Sku]] = {}
    for task in SortTask.objects.filter(wave=wave).select_related("sku").order_by("sku__code"):
        of_product.setdefault(task.sku.product_id, []).append(task.sku)
    return {
        sku.pk: tuple(other for other in skus if other.pk != sku.pk)
        for skus in of_product.values()
        if len(skus) > 1
        for sku in skus
    }


def _dock_slot(bought: PurchaseOrderLine | None) -> str:
    slot = bought.purchase_order.supplier.slot_start if bought else None
    return f"{slot:%H:%M}" if slot else ""


def _blocks(card: Card, entered: dict[tuple[str, int], RouteBlock]) -> list[BlockRow]:
    planned = card.by_route()
    rows = []
    running = 0
    for route_no in card.routes:
        running += planned[route_no]
        rows.append(
            BlockRow(
                route_no=route_no,
                planned_qty=planned[route_no],
                running_qty=running,
                entered=entered.get((SortStage.SLOT, route_no)),
            )
        )
    return rows


def _slots(card: Card, pack_factor: int) -> list[SlotRow]:
    drops = {
        drop.pk: drop
        for drop in Drop.objects.filter(pk__in=card.slots).select_related("pickup_point__leader")
    }
    short = _short_by_point(card.run, card.task.sku_id)
    return [
        SlotRow(
            drop_id=drop_id,
            slot=str(slot),
            route_no=slot.route_no,
            leader_name=drops[drop_id].pickup_point.leader.name,
            planned_qty=card.planned[drop_id],
            sown_qty=card.sown.get(drop_id),
            short_qty=short.get(drops[drop_id].pickup_point_id, 0),
            straight_cases=straight_cases(card.planned[drop_id], pack_factor),
        )
        for drop_id, slot in card.slots.items()
    ]


def _short_by_point(run: CutoffRun, sku_id: int) -> dict[int, int]:
    return dict(
        Allocation.objects.filter(run=run, order_line__sku_id=sku_id, short_qty__gt=0)
        .order_by()
        .values_list("order_line__order__pickup_point_id")
        .annotate(pieces=Sum("short_qty"))
    )
