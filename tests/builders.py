"""A day small enough to check by hand, as the values a bundle gives.

Two leaders, two suppliers, three articles, four orders of 27 pieces. Tofu
(K2) arrives three pieces short; nothing else does.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fulfillment.domain.bundle import (
    BundleCampaign,
    BundleLeader,
    BundleLine,
    BundleOrder,
    BundleReceipt,
    BundleSku,
    BundleSupplier,
    BundleVehicle,
    BundleWarehouse,
    DayBundle,
)
from leaders.domain.coordinates import Place
from orders.domain.cutoff import Timeline

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS_AT = datetime(2026, 3, 10, 7, 0, tzinfo=SHANGHAI)

CAMPAIGN = BundleCampaign(
    code="C1",
    city="青石",
    timezone="Asia/Shanghai",
    timeline=Timeline(
        opens_at=OPENS_AT,
        orders_close_at=datetime(2026, 3, 10, 22, 58, tzinfo=SHANGHAI),
        payments_close_at=datetime(2026, 3, 10, 23, 2, tzinfo=SHANGHAI),
        freeze_at=datetime(2026, 3, 10, 23, 2, tzinfo=SHANGHAI),
    ),
    delivery_date=date(2026, 3, 11),
)
WAREHOUSE = BundleWarehouse(
    row=2, code="W1", name="中心仓", address="物流园1号", place=Place(113.90, 34.72)
)


def leader(number: int) -> BundleLeader:
    """Leader L1, L2 …, each with a point two kilometres further east."""
    return BundleLeader(
        row=number + 1,
        code=f"L{number}",
        name=f"团长{number}",
        phone=f"1990000000{number}",
        point_name=f"{number}号院自提点",
        address=f"青石路{number}号",
        district="城东",
        place=Place(113.70 + 0.02 * number, 34.75),
        opens_at=time(6, 0),
        closes_at=time(12, 0),
        unload_minutes=4,
        households=900,
    )


def sku(number: int, *, price_fen: int, pack_factor: int, supplier: str) -> BundleSku:
    """Article K1, K2 … of 500 g and two litres; it costs three quarters of its price."""
    return BundleSku(
        row=number + 1,
        code=f"K{number}",
        name=f"商品{number} 500g",
        category="蔬菜",
        unit="份",
        kind="standard",
        pack_factor=pack_factor,
        weight_g=500,
        volume_ml=2000,
        storage="ambient",
        price_fen=price_fen,
        cost_fen=price_fen * 3 // 4,
        supplier_code=supplier,
        stock_cap=None,
        per_resident_limit=None,
        tolerance_pct=0,
    )


def supplier(number: int, *, min_order_fen: int = 0) -> BundleSupplier:
    """Supplier S1, S2 …"""
    return BundleSupplier(
        row=number + 1,
        code=f"S{number}",
        name=f"供应商{number}",
        contact="李工",
        phone="19900000099",
        min_order_fen=min_order_fen,
        slot_start=time(1, 30),
    )


VEHICLE = BundleVehicle(
    row=2,
    code="V1",
    plate="青A·T0001",
    kind="van",
    capacity_kg=600,
    capacity_totes=40,
    fixed_cost_fen=9000,
    cost_per_km_fen=90,
    cost_per_hour_fen=3000,
    shift_start=time(5, 30),
    shift_end=time(12, 30),
    chilled=False,
)


def order(number: int, *, leader_code: str, lines: dict[str, int], minute: int) -> BundleOrder:
    """Order O1, O2 … of resident R1, R2 …, paid `minute` minutes after the opening."""
    prices = {"K1": 400, "K2": 290, "K3": 1000}
    return BundleOrder(
        row=number + 1,
        order_no=f"O{number}",
        leader_code=leader_code,
        resident_code=f"R{number}",
        resident_name="王小青",
        resident_phone=f"1990000010{number}",
        building=f"{number}栋",
        room="1101",
        placed_at=OPENS_AT + timedelta(minutes=minute),
        paid_at=OPENS_AT + timedelta(minutes=minute, seconds=30),
        lines=tuple(
            BundleLine(row=number + 1, sku_code=code, qty=qty, unit_price_fen=prices[code])
            for code, qty in lines.items()
        ),
    )


def receipt(sku_code: str, *, supplier_code: str, arrived: int, rejected: int) -> BundleReceipt:
    """What the dock counted of one article."""
    return BundleReceipt(
        row=2,
        supplier_code=supplier_code,
        sku_code=sku_code,
        arrived_qty=arrived,
        rejected_qty=rejected,
        accepted_qty=arrived - rejected,
    )


def tiny_day() -> DayBundle:
    """The day of this module; use `dataclasses.replace` to change it."""
    return DayBundle(
        sha256="a" * 64,
        campaign=CAMPAIGN,
        warehouses=(WAREHOUSE,),
        leaders=(leader(1), leader(2)),
        suppliers=(supplier(1), supplier(2, min_order_fen=100_000)),
        skus=(
            sku(1, price_fen=400, pack_factor=5, supplier="S1"),
            sku(2, price_fen=290, pack_factor=4, supplier="S1"),
            sku(3, price_fen=1000, pack_factor=6, supplier="S2"),
        ),
        vehicles=(VEHICLE,),
        orders=(
            order(1, leader_code="L1", lines={"K1": 3, "K2": 4}, minute=10),
            order(2, leader_code="L2", lines={"K2": 2, "K3": 5}, minute=5),
            order(3, leader_code="L1", lines={"K2": 3}, minute=20),
            order(4, leader_code="L2", lines={"K1": 9, "K3": 1}, minute=30),
        ),
        receipts=(
            receipt("K1", supplier_code="S1", arrived=15, rejected=0),
            receipt("K2", supplier_code="S1", arrived=8, rejected=2),
            receipt("K3", supplier_code="S2", arrived=6, rejected=0),
        ),
        warnings=(),
    )
