"""The demo town of Qinghe as a day bundle: the same seed gives the same bytes.

Everything in it is made up here: people, firms, streets, estates, prices and
baskets. It is written in the import format and goes in through the same door
as any other day. Its codes begin with Q, so that another town can be imported
beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fulfillment.domain.bundle_format import (
    LEADERS_FILE,
    ORDERS_FILE,
    RECEIPTS_FILE,
    SKUS_FILE,
    SUPPLIERS_FILE,
    VEHICLES_FILE,
    WAREHOUSES_FILE,
)
from fulfillment.domain.demo_town.baskets import DemoOrder, DemoSku, build_orders
from fulfillment.domain.demo_town.dice import Dice
from fulfillment.domain.demo_town.dock import DemoReceipt, build_receipts
from fulfillment.domain.demo_town.goods import USUAL_LIMIT, Deal, Good, Shelf
from fulfillment.domain.demo_town.goods_cold import COLD_SHELVES
from fulfillment.domain.demo_town.goods_fresh import FRESH_SHELVES
from fulfillment.domain.demo_town.goods_pantry import DEALS, PANTRY_SHELVES
from fulfillment.domain.demo_town.names import (
    CITY,
    PLATE_PREFIX,
    SUPPLIERS,
    VEHICLE_KINDS,
)
from fulfillment.domain.demo_town.people import (
    SUPPLIER_PHONES,
    DemoLeader,
    build_leaders,
    build_residents,
    full_name,
    phone,
)
from fulfillment.domain.demo_town.places import build_estates, warehouse_place

SHELVES: tuple[Shelf, ...] = (*FRESH_SHELVES, *COLD_SHELVES, *PANTRY_SHELVES)
LEADER_COUNT = 72
RESIDENT_COUNT = 1_250
ORDER_COUNT = 1_680
TIMEZONE = "Asia/Shanghai"
DEFAULT_SEED = 20_261_120
DEFAULT_DAY = date(2026, 11, 8)

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class TownFiles:
    """The text of the bundle: the campaign, and the rows of every CSV file."""

    campaign: Mapping[str, str]
    tables: Mapping[str, Rows]


def build_town(seed: int = DEFAULT_SEED, sales_day: date = DEFAULT_DAY) -> TownFiles:
    """Build the whole day of the demo town.

    Parameters
    ----------
    seed
        Moves estates, people, baskets and shortages; the goods stay.
    sales_day
        The day on which the orders are placed; delivery is on the next.
    """
    midnight = datetime.combine(sales_day, time(), tzinfo=ZoneInfo(TIMEZONE))
    estates = build_estates(LEADER_COUNT, Dice(seed, "estates"))
    leaders = build_leaders(estates, Dice(seed, "leaders"))
    residents = build_residents(leaders, RESIDENT_COUNT, Dice(seed, "residents"))
    articles = _articles()
    orders = build_orders(
        ORDER_COUNT,
        day=midnight,
        residents=residents,
        skus=tuple(sku for sku, _, _ in articles),
        dice=Dice(seed, "orders"),
    )
    receipts = build_receipts(orders, Dice(seed, "dock"))
    return TownFiles(
        campaign=_campaign(midnight),
        tables={
            WAREHOUSES_FILE: _warehouse_rows(),
            LEADERS_FILE: tuple(_leader_row(leader) for leader in leaders),
            SUPPLIERS_FILE: _supplier_rows(Dice(seed, "suppliers")),
            SKUS_FILE: tuple(_sku_row(sku, shelf, good) for sku, shelf, good in articles),
            VEHICLES_FILE: _vehicle_rows(),
            ORDERS_FILE: tuple(row for order in orders for row in _order_rows(order)),
            RECEIPTS_FILE: tuple(_receipt_row(receipt) for receipt in receipts),
        },
    )


def _campaign(midnight: datetime) -> dict[str, str]:
    return {
        "code": f"QH{midnight:%Y%m%d}",
        "city": CITY,
        "timezone": TIMEZONE,
        "opens_at": str(midnight + timedelta(hours=7)),
        "orders_close_at": str(midnight + timedelta(hours=22, minutes=58)),
        "payments_close_at": str(midnight + timedelta(hours=23, minutes=1)),
        "delivery_date": str((midnight + timedelta(days=1)).date()),
    }


def _articles() -> tuple[tuple[DemoSku, Shelf, Good], ...]:
    articles: list[tuple[DemoSku, Shelf, Good]] = []
    for shelf in SHELVES:
        for position, good in enumerate(shelf.goods):
            sku = DemoSku(
                code=f"QK{len(articles) + 1:03d}",
                price_fen=good.price_fen,
                pack_factor=good.pack_factor,
                supplier_code=shelf.supplier_codes[position % len(shelf.supplier_codes)],
                appeal=good.appeal,
                deal=DEALS.get(good.name, Deal(USUAL_LIMIT, None)),
            )
            articles.append((sku, shelf, good))
    return tuple(articles)


def _warehouse_rows() -> Rows:
    place = warehouse_place()
    return (
        (
            "QW1",
            "青荷中心仓",
            "东环路物流园6号库",
            f"{place.lng:.6f}",
            f"{place.lat:.6f}",
            "WGS-84",
        ),
    )


def _leader_row(leader: DemoLeader) -> tuple[str, ...]:
    estate = leader.estate
    return (
        leader.code,
        leader.name,
        leader.phone,
        f"{estate.name}自提点",
        f"{estate.address}{leader.landmark}",
        estate.district,
        estate.lng,
        estate.lat,
        estate.coord_system,
        leader.opens_at,
        leader.closes_at,
        str(leader.unload_minutes),
        str(estate.households),
    )


def _supplier_rows(dice: Dice) -> Rows:
    return tuple(
        (code, name, full_name(dice), phone(SUPPLIER_PHONES, number), str(minimum_fen), slot)
        for number, (code, name, minimum_fen, slot) in enumerate(SUPPLIERS, start=1)
    )


def _sku_row(sku: DemoSku, shelf: Shelf, good: Good) -> tuple[str, ...]:
    return (
        sku.code,
        good.name,
        shelf.category,
        good.unit,
        "catch_weight" if shelf.tolerance_pct else "standard",
        str(good.pack_factor),
        str(good.weight_g),
        str(good.volume_ml),
        shelf.storage,
        str(good.price_fen),
        str(good.cost_fen),
        sku.supplier_code,
        "" if sku.deal.stock_cap is None else str(sku.deal.stock_cap),
        str(sku.deal.per_resident_limit),
        str(shelf.tolerance_pct),
    )


def _vehicle_rows() -> Rows:
    rows: list[tuple[str, ...]] = []
    for kind, count, *figures, chilled_every in VEHICLE_KINDS:
        for position in range(count):
            number = len(rows) + 1
            rows.append(
                (
                    f"QV{number:02d}",
                    f"{PLATE_PREFIX}·T{number:04d}",
                    kind,
                    *(str(figure) for figure in figures),
                    "05:30",
                    "12:30",
                    "1" if position % chilled_every == 0 else "0",
                )
            )
    return tuple(rows)


def _order_rows(order: DemoOrder) -> Rows:
    resident = order.resident
    return tuple(
        (
            order.order_no,
            resident.leader_code,
            resident.code,
            resident.name,
            resident.phone,
            resident.building,
            resident.room,
            str(order.placed_at),
            str(order.paid_at),
            sku.code,
            str(qty),
            str(sku.price_fen),
        )
        for sku, qty in order.lines
    )


def _receipt_row(receipt: DemoReceipt) -> tuple[str, ...]:
    return (
        receipt.sku.supplier_code,
        receipt.sku.code,
        str(receipt.arrived_qty),
        str(receipt.rejected_qty),
        str(receipt.accepted_qty),
    )
