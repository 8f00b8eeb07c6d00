"""A floor with slots and goods to put there, without the pipeline before it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.sorting import SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortMethod, SortTask, Wave
from fulfillment.selectors.sorting import sown_by_point_and_sku
from fulfillment.services.sort_card import Sorter
from leaders.models.accounts import User
from orders.models.catalogue import Sku
from orders.models.orders import Order, OrderState
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    DropFactory,
    GoodsReceiptLineFactory,
    SortTaskFactory,
    WaveFactory,
)
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory

NOW = datetime(2026, 3, 10, 19, 30, tzinfo=UTC)


def sorter(name: str = "小孟", *, actor: User | None = None) -> Sorter:
    """A sorter with a page of his own."""
    return Sorter(name=name, actor=actor, event_key=uuid4(), device="phone 1")


class SortFloor:
    """A wave whose slots are planned; goods arrive and are shared out by `goods`.

    Every slot belongs to a leader of its own with one order.
    """

    def __init__(self, *slots: str, is_two_stage: bool = False) -> None:
        campaign = CampaignFactory.create()
        self.run: CutoffRun = CutoffRunFactory.create(campaign=campaign, receiving_closed_at=NOW)
        self.wave: Wave = WaveFactory.create(run=self.run, is_two_stage=is_two_stage)
        self.drops: dict[str, Drop] = {}
        self.orders: dict[str, Order] = {}
        for slot in slots:
            order = OrderFactory.create(campaign=campaign, state=OrderState.FROZEN)
            self.orders[slot] = order
            self.drops[slot] = DropFactory.create(
                wave=self.wave, pickup_point=order.pickup_point, slot_code=slot, pieces=0
            )

    def goods(
        self,
        quantities: Mapping[str, int],
        *,
        accepted: int | None = None,
        method: SortMethod = SortMethod.PUT_TO_LEADER,
        **sku_fields: object,
    ) -> SortTask:
        """A SKU with what every slot is to get of it; `accepted` pieces came, or just enough.

        A slot with 0 ordered one piece and gets none.
        """
        sku_fields = {f"sku__{name}": value for name, value in sku_fields.items()}
        offer = OfferFactory.create(campaign=self.run.campaign, **sku_fields)
        for slot, qty in quantities.items():
            line = OrderLineFactory.create(order=self.orders[slot], offer=offer, qty=max(qty, 1))
            AllocationFactory.create(run=self.run, order_line=line, allocated_qty=qty)
            self.drops[slot].pieces += qty
            self.drops[slot].save()
        pieces = sum(quantities.values())
        self.receive(offer.sku, pieces if accepted is None else accepted)
        return SortTaskFactory.create(
            wave=self.wave,
            sku=offer.sku,
            method=method,
            pieces=pieces,
            drops=sum(1 for qty in quantities.values() if qty),
        )

    def receive(self, sku: Sku, qty: int) -> None:
        """Pieces of a SKU are counted at the dock."""
        GoodsReceiptLineFactory.create(
            receipt__purchase_order__run=self.run,
            purchase_line__sku=sku,
            purchase_line__need_qty=qty,
            purchase_line__packs=-(-qty // 5),
            arrived_qty=qty,
        )

    def drop_id(self, slot: str) -> int:
        """The key of the drop in a slot."""
        return self.drops[slot].pk

    def sown(self, task: SortTask) -> dict[str, int]:
        """Slot → pieces that lie there; what nobody entered is missing."""
        slot_of = {drop.pickup_point_id: slot for slot, drop in self.drops.items()}
        return {
            slot_of[point_id]: qty
            for (point_id, sku_id), qty in sown_by_point_and_sku(self.run).items()
            if sku_id == task.sku_id
        }

    def events(self, task: SortTask) -> list[tuple[str, int, str]]:
        """(slot, pieces, cause) of every event in the slots, in the order they were written."""
        events = SortEvent.objects.filter(sort_task=task, stage=SortStage.SLOT).order_by("pk")
        return [
            (str(event.drop), event.qty, event.cause) for event in events.select_related("drop")
        ]
