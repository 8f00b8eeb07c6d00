"""Small waves of any shape, as rows: what was ordered, what came, who drives it where."""

from dataclasses import dataclass, field
from datetime import timedelta

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.warehouse import Drop, Wave
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import Offer
from orders.models.catalogue import Sku
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    DeliveryRunFactory,
    DropFactory,
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
    SortTaskFactory,
    StopFactory,
    ToteFactory,
    TripFactory,
    WaveFactory,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import (
    OfferFactory,
    OrderFactory,
    OrderLineFactory,
    ResidentFactory,
    SkuFactory,
)

SPARE = 1


@dataclass(frozen=True, slots=True)
class Goods:
    """One SKU: how it is kept, how large it is and how many come in a pack."""

    name: str
    storage: str
    weight_g: int
    volume_ml: int
    pack_factor: int


@dataclass(frozen=True, slots=True)
class Basket:
    """One order: where it goes, and (ordered, allocated) by the number of the goods."""

    building: str
    room: str
    name: str
    lines: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RandomWave:
    """Goods; baskets by point; and the points of each route, the last lane on none."""

    goods: tuple[Goods, ...]
    routes: tuple[tuple[tuple[Basket, ...], ...], ...]
    unrouted: tuple[tuple[Basket, ...], ...] = ()


@dataclass(slots=True)
class _Rows:
    """What is made so far."""

    run: CutoffRun
    wave: Wave
    plan: DeliveryRun
    skus: list[Sku]
    offers: list[Offer]
    totals: dict[int, tuple[int, int]] = field(default_factory=dict)


def wave_rows(wave: RandomWave) -> CutoffRun:
    """Write a wave as the rows of a run that waits for its papers."""
    run = CutoffRunFactory.create()
    skus = [
        SkuFactory.create(
            name=goods.name,
            storage=goods.storage,
            weight_g=goods.weight_g,
            volume_ml=goods.volume_ml,
        )
        for goods in wave.goods
    ]
    rows = _Rows(
        run=run,
        wave=WaveFactory.create(run=run, code=f"{run.campaign.code}-A"),
        plan=DeliveryRunFactory.create(cutoff_run=run),
        skus=skus,
        offers=[OfferFactory.create(campaign=run.campaign, sku=sku) for sku in skus],
    )
    for route_no, points in enumerate(wave.routes, start=1):
        _route(rows, route_no, points)
    for lane, baskets in enumerate(wave.unrouted, start=1):
        _drop(rows, f"{len(wave.routes) + 1}-{lane:02d}", baskets)
    _tasks(rows)
    _purchase(rows, wave.goods)
    return run


def _route(rows: _Rows, route_no: int, points: tuple[tuple[Basket, ...], ...]) -> None:
    trip = TripFactory.create(delivery_run=rows.plan, route_no=route_no)
    for stop_seq, baskets in enumerate(points, start=1):
        drop = _drop(rows, f"{route_no}-{stop_seq:02d}", baskets)
        moment = trip.departs_at + timedelta(minutes=20 * stop_seq)
        StopFactory.create(
            trip=trip,
            stop_seq=stop_seq,
            drop=drop,
            weight_g=drop.weight_g,
            volume_ml=drop.volume_ml,
            arrive_at=moment,
            start_at=moment,
            depart_at=moment + timedelta(minutes=5),
        )


def _drop(rows: _Rows, slot_code: str, baskets: tuple[Basket, ...]) -> Drop:
    point = PickupPointFactory.create(leader=LeaderFactory.create(user=None))
    given: dict[int, int] = {}
    for basket in baskets:
        _order(rows, point, basket)
        for number, (_ordered, allocated) in basket.lines.items():
            given[number] = given.get(number, 0) + allocated
    drop: Drop = DropFactory.create(
        wave=rows.wave,
        pickup_point=point,
        slot_code=slot_code,
        pieces=sum(given.values()),
        weight_g=sum(rows.skus[number].weight_g * qty for number, qty in given.items()),
        volume_ml=sum(rows.skus[number].volume_ml * qty for number, qty in given.items()),
    )
    for storage in sorted({rows.skus[number].storage for number, qty in given.items() if qty}):
        ToteFactory.create(drop=drop, storage=storage, seq=1)
    return drop


def _order(rows: _Rows, point: PickupPoint, basket: Basket) -> None:
    resident = ResidentFactory.create(
        leader=point.leader, name=basket.name, building=basket.building, room=basket.room
    )
    order = OrderFactory.create(
        campaign=rows.run.campaign, leader=point.leader, pickup_point=point, resident=resident
    )
    for number, (ordered, allocated) in basket.lines.items():
        line = OrderLineFactory.create(
            order=order, line_no=number + 1, offer=rows.offers[number], qty=ordered
        )
        AllocationFactory.create(run=rows.run, order_line=line, allocated_qty=allocated)
        needed, given = rows.totals.get(number, (0, 0))
        rows.totals[number] = needed + ordered, given + allocated


def _tasks(rows: _Rows) -> None:
    for number, (_needed, given) in rows.totals.items():
        if given:
            SortTaskFactory.create(wave=rows.wave, sku=rows.skus[number], pieces=given)


def _purchase(rows: _Rows, goods: tuple[Goods, ...]) -> None:
    """Buy what is needed from one supplier; what is given arrived, and one piece to spare."""
    order = PurchaseOrderFactory.create(run=rows.run)
    receipt = GoodsReceiptFactory.create(purchase_order=order)
    for number, (needed, given) in rows.totals.items():
        pack_factor = goods[number].pack_factor
        line = PurchaseOrderLineFactory.create(
            purchase_order=order,
            sku=rows.skus[number],
            need_qty=needed,
            pack_factor=pack_factor,
            packs=-(-needed // pack_factor),
        )
        GoodsReceiptLineFactory.create(
            receipt=receipt, purchase_line=line, arrived_qty=given + SPARE
        )
