"""Rows of the fulfillment app."""

from datetime import UTC, datetime, time

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun, StepRecord
from fulfillment.models.delivery import DeliveryRun, Stop, Trip, Vehicle
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierOffer,
)
from fulfillment.models.receiving import Batch, GoodsReceipt, GoodsReceiptLine
from fulfillment.models.settlement import CommissionEntry, CommissionKind
from fulfillment.models.warehouse import Drop, SortMethod, SortTask, Tote, Warehouse, Wave
from leaders.models.accounts import Role
from orders.models.catalogue import Storage
from tests.factories.leaders import PickupPointFactory, UserFactory
from tests.factories.orders import (
    CampaignFactory,
    OrderLineFactory,
    SkuFactory,
)


class WarehouseFactory(DjangoModelFactory[Warehouse]):
    """The central warehouse; one row however often asked for."""

    class Meta:
        model = Warehouse
        django_get_or_create = ("code",)

    code = "W1"
    name = "郑州中心仓"
    address = "经开第八大街 1 号"
    lng = 113.7740
    lat = 34.7210


class CutoffRunFactory(DjangoModelFactory[CutoffRun]):
    """A run of a campaign without steps."""

    class Meta:
        model = CutoffRun

    campaign = SubFactory(CampaignFactory)
    warehouse = SubFactory(WarehouseFactory)
    created_at = datetime(2026, 3, 10, 15, 3, tzinfo=UTC)


class StepRecordFactory(DjangoModelFactory[StepRecord]):
    """A pending first step."""

    class Meta:
        model = StepRecord

    run = SubFactory(CutoffRunFactory)
    name = "freeze"
    position = 1


class SupplierFactory(DjangoModelFactory[Supplier]):
    """A supplier of vegetables."""

    class Meta:
        model = Supplier

    code = Sequence(lambda n: f"ST{n:02d}")
    name = LazyAttribute(lambda supplier: f"郑州蔬菜供应商 {supplier.code}")
    contact = "尹月华"
    phone = "19900010088"
    min_order_fen = 0
    slot_start = time(2, 30)


class SupplierOfferFactory(DjangoModelFactory[SupplierOffer]):
    """A SKU in packs of five at 4.00 yuan a piece."""

    class Meta:
        model = SupplierOffer

    supplier = SubFactory(SupplierFactory)
    sku = SubFactory(SkuFactory)
    pack_factor = 5
    cost_fen = 400


class PurchaseOrderFactory(DjangoModelFactory[PurchaseOrder]):
    """A proposed purchase order."""

    class Meta:
        model = PurchaseOrder

    po_no = Sequence(lambda n: f"PO{n:04d}")
    run = SubFactory(CutoffRunFactory)
    supplier = SubFactory(SupplierFactory)
    amount_fen = 4000
    created_at = datetime(2026, 3, 10, 15, 5, tzinfo=UTC)


class PurchaseOrderLineFactory(DjangoModelFactory[PurchaseOrderLine]):
    """Nine pieces needed, two packs of five bought."""

    class Meta:
        model = PurchaseOrderLine

    purchase_order = SubFactory(PurchaseOrderFactory)
    sku = SubFactory(SkuFactory)
    need_qty = 9
    pack_factor = 5
    packs = 2
    unit_cost_fen = 400


class GoodsReceiptFactory(DjangoModelFactory[GoodsReceipt]):
    """An arrival in the night."""

    class Meta:
        model = GoodsReceipt

    receipt_no = Sequence(lambda n: f"GR{n:04d}")
    purchase_order = SubFactory(PurchaseOrderFactory)
    received_at = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)


class GoodsReceiptLineFactory(DjangoModelFactory[GoodsReceiptLine]):
    """Ten pieces arrived, all good."""

    class Meta:
        model = GoodsReceiptLine

    receipt = SubFactory(GoodsReceiptFactory)
    purchase_line = SubFactory(
        PurchaseOrderLineFactory, purchase_order=SelfAttribute("..receipt.purchase_order")
    )
    arrived_qty = 10
    counted_at = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)


class BatchFactory(DjangoModelFactory[Batch]):
    """A batch from Shouguang."""

    class Meta:
        model = Batch

    receipt_line = SubFactory(GoodsReceiptLineFactory)
    batch_no = Sequence(lambda n: f"B{n:05d}")
    origin = "山东寿光"


class AllocationFactory(DjangoModelFactory[Allocation]):
    """Everything an order line asked for."""

    class Meta:
        model = Allocation

    order_line = SubFactory(OrderLineFactory)
    run = SubFactory(CutoffRunFactory, campaign=SelfAttribute("..order_line.order.campaign"))
    ordered_qty = SelfAttribute("order_line.qty")
    allocated_qty = SelfAttribute("order_line.qty")


class WaveFactory(DjangoModelFactory[Wave]):
    """The wave of a run."""

    class Meta:
        model = Wave

    run = SubFactory(CutoffRunFactory)
    code = Sequence(lambda n: f"WT{n:03d}")


class SortTaskFactory(DjangoModelFactory[SortTask]):
    """A SKU to be put to one leader."""

    class Meta:
        model = SortTask

    wave = SubFactory(WaveFactory)
    sku = SubFactory(SkuFactory)
    method = SortMethod.PUT_TO_LEADER
    pieces = 10
    drops = 1


class DropFactory(DjangoModelFactory[Drop]):
    """The goods of one pickup point, without a slot yet."""

    class Meta:
        model = Drop

    wave = SubFactory(WaveFactory)
    pickup_point = SubFactory(PickupPointFactory)
    pieces = 10
    weight_g = 5000
    volume_ml = 20_000


class ToteFactory(DjangoModelFactory[Tote]):
    """An ambient tote."""

    class Meta:
        model = Tote

    drop = SubFactory(DropFactory)
    storage = Storage.AMBIENT
    seq = Sequence(lambda n: n % 30_000 + 1)


class VehicleFactory(DjangoModelFactory[Vehicle]):
    """A micro van on the early shift."""

    class Meta:
        model = Vehicle

    code = Sequence(lambda n: f"VT{n:02d}")
    plate = Sequence(lambda n: f"郑A·T{n:04d}")
    kind = "micro_van"
    warehouse = SubFactory(WarehouseFactory)
    capacity_g = 600_000
    capacity_totes = 40
    fixed_cost_fen = 9000
    cost_per_km_fen = 90
    cost_per_hour_fen = 3000
    shift_start = time(5, 30)
    shift_end = time(12, 30)


class DeliveryRunFactory(DjangoModelFactory[DeliveryRun]):
    """An accepted plan."""

    class Meta:
        model = DeliveryRun

    run_no = Sequence(lambda n: f"D20260311-{n}")
    cutoff_run = SubFactory(CutoffRunFactory)
    warehouse = SelfAttribute("cutoff_run.warehouse")
    engine = "ortools"
    seed = 1
    solver_seconds = 1
    cost_fen = 50_000
    distance_m = 42_000
    planned_at = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)


class TripFactory(DjangoModelFactory[Trip]):
    """A tour from 6:00 to 9:00 in Shanghai."""

    class Meta:
        model = Trip

    delivery_run = SubFactory(DeliveryRunFactory)
    vehicle = SubFactory(VehicleFactory)
    route_no = Sequence(lambda n: n % 30_000 + 1)
    trip_no = 1
    departs_at = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)
    returns_at = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
    return_distance_m = 9000


class StopFactory(DjangoModelFactory[Stop]):
    """A stop at 7:20 that unloads two totes in five minutes."""

    class Meta:
        model = Stop

    trip = SubFactory(TripFactory)
    stop_seq = Sequence(lambda n: n % 30_000 + 1)
    drop = SubFactory(DropFactory)
    totes = 2
    weight_g = 5000
    volume_ml = 20_000
    distance_m = 3200
    arrive_at = datetime(2026, 3, 10, 23, 20, tzinfo=UTC)
    start_at = datetime(2026, 3, 10, 23, 20, tzinfo=UTC)
    depart_at = datetime(2026, 3, 10, 23, 25, tzinfo=UTC)


class HandoverFactory(DjangoModelFactory[Handover]):
    """A complete handover."""

    class Meta:
        model = Handover

    stop = SubFactory(StopFactory)
    state = HandoverState.SIGNED
    totes_delivered = 2
    confirmed_at = datetime(2026, 3, 10, 23, 24, tzinfo=UTC)
    confirmed_by = SubFactory(UserFactory, role=Role.WAREHOUSE)


class PaperFactory(DjangoModelFactory[Paper]):
    """One printed page."""

    class Meta:
        model = Paper

    run = SubFactory(CutoffRunFactory)
    document = Document.HAND_OUT_LIST
    scope = "L0001"
    file = LazyAttribute(lambda paper: f"{paper.document}-{paper.scope}.pdf")
    pages = 1
    lines = 2
    pieces = 4
    control_code = "7K2A"
    printed_at = datetime(2026, 3, 10, 21, 30, tzinfo=UTC)


class CommissionEntryFactory(DjangoModelFactory[CommissionEntry]):
    """10 % of a line, held until the end of 14 March 2026 in Shanghai."""

    class Meta:
        model = CommissionEntry

    order_line = SubFactory(OrderLineFactory)
    leader = SelfAttribute("order_line.order.leader")
    kind = CommissionKind.SALE
    plan_code = "STANDARD"
    rate_bp = 1000
    base_fen = 1000
    amount_fen = 100
    hold_until = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)
    created_at = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
