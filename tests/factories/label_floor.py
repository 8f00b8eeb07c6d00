"""A night with goods for two doors, ready for every kind of label."""

from datetime import date

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.models.weighing import WeighedPortion
from leaders.models.leaders import Leader
from orders.models.catalogue import SkuKind
from orders.models.orders import Order, OrderLine
from tests.factories.fulfillment import (
    AllocationFactory,
    BatchFactory,
    CutoffRunFactory,
    DropFactory,
    GoodsReceiptLineFactory,
    SortTaskFactory,
    StopFactory,
    ToteFactory,
    TripFactory,
    WaveFactory,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import OfferFactory, OrderFactory, OrderLineFactory
from tests.factories.weighing import MELON_G, WeighedPortionFactory


class LabelFloor:
    """Slot 3-07 of leader Zhang, stop 7 of 8 on R03: two doors, three SKUs, two sealed totes.

    Room 1203 gets two broccoli and one melon, room 901 one broccoli, both in
    building 3; the melon is weighed. Slot 3-08 of leader Li gets one broccoli.
    """

    def __init__(self) -> None:
        self.run: CutoffRun = CutoffRunFactory.create(campaign__code="C1")
        self.zhang: Leader = LeaderFactory.create(code="L01", name="张阿姨")
        self.li: Leader = LeaderFactory.create(code="L02", name="李叔")
        campaign = self.run.campaign
        self.broccoli = OfferFactory.create(
            campaign=campaign, sku__code="K001", sku__name="西兰花 750g"
        )
        self.melon = OfferFactory.create(
            campaign=campaign,
            sku__code="K010",
            sku__name="西瓜 约3.5斤",
            sku__unit="个",
            sku__kind=SkuKind.CATCH_WEIGHT,
            sku__weight_g=MELON_G,
            sku__tolerance_bp=300,
        )
        wave = WaveFactory.create(run=self.run, code="C1-A")
        trip = TripFactory.create(delivery_run__cutoff_run=self.run, route_no=3)
        self.drops: dict[str, Drop] = {}
        for slot, leader in (("3-07", self.zhang), ("3-08", self.li)):
            point = PickupPointFactory.create(leader=leader)
            self.drops[slot] = DropFactory.create(
                wave=wave, pickup_point=point, slot_code=slot, pieces=4 if slot == "3-07" else 1
            )
            StopFactory.create(trip=trip, drop=self.drops[slot], stop_seq=int(slot[-1]))
        self.task = SortTaskFactory.create(wave=wave, sku=self.melon.sku, pieces=1)
        self.near = self._order("3-07", room="901", resident="陈一", pickup_no=4)
        self.far = self._order("3-07", room="1203", resident="毛海燕", pickup_no=17)
        self.other = self._order("3-08", room="201", resident="赵六", pickup_no=1)
        self._line(self.far, self.broccoli, 2)
        self._line(self.near, self.broccoli, 1)
        self._line(self.other, self.broccoli, 1)
        melons = self._line(self.far, self.melon, 1)
        self.portion: WeighedPortion = WeighedPortionFactory.create(
            allocation=melons.allocation, weighed_by__first_name="周师傅"
        )

    def seal(self) -> list[Tote]:
        """Seal slot 3-07: two ambient totes."""
        drop = self.drops["3-07"]
        return [ToteFactory.create(drop=drop, seq=seq, state=ToteState.SEALED) for seq in (1, 2)]

    def count(self) -> GoodsReceiptLine:
        """Count four broccoli of one batch at the dock."""
        line: GoodsReceiptLine = GoodsReceiptLineFactory.create(
            receipt__purchase_order__run=self.run,
            receipt__purchase_order__supplier__name="郑州蔬菜供应商",
            purchase_line__sku=self.broccoli.sku,
            arrived_qty=5,
            rejected_qty=1,
        )
        BatchFactory.create(receipt_line=line, batch_no="B20260310", expires_on=date(2026, 3, 14))
        line.refresh_from_db()
        return line

    def _order(self, slot: str, *, room: str, resident: str, pickup_no: int) -> Order:
        point = self.drops[slot].pickup_point
        order: Order = OrderFactory.create(
            campaign=self.run.campaign,
            leader=point.leader,
            pickup_point=point,
            building="3栋",
            room=room,
            resident_name=resident,
            pickup_no=pickup_no,
        )
        return order

    def _line(self, order: Order, offer: object, qty: int) -> OrderLine:
        line: OrderLine = OrderLineFactory.create(order=order, offer=offer, qty=qty)
        AllocationFactory.create(run=self.run, order_line=line)
        return line
