"""A sale and an arrival as the selling kit sees them, without rows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from fulfillment.domain.selling_kit import KitArrival, KitGoods, KitSale

# 20:00 in Shanghai; orders close at 23:00.
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ADDRESS = "https://tuan.example/s/q7k2ab/"


def kit_goods(offer_id: int = 1, name: str = "鸡蛋 30枚", **given: Any) -> KitGoods:
    """Eggs that nobody has bought yet, without cap or limit."""
    plain = KitGoods(
        offer_id=offer_id,
        sku_code=f"K{offer_id:03d}",
        name=name,
        unit="板",
        category="禽蛋",
        origin="",
        price_fen=2490,
        per_500g_fen=830,
        left_qty=None,
        limit_qty=None,
        sold_qty=0,
        photo="",
    )
    return replace(plain, **given)


def kit_sale(*goods: KitGoods, **given: Any) -> KitSale:
    """A sale that arrives tomorrow at one point."""
    plain = KitSale(
        campaign_id=1,
        campaign_code="C1",
        delivery_date=date(2026, 3, 11),
        orders_close_at=datetime(2026, 3, 10, 15, 0, tzinfo=UTC),
        points=("青石苑A点",),
        goods=goods or (kit_goods(),),
        households=41,
        pieces=96,
        address=ADDRESS,
        now=NOW,
    )
    return replace(plain, **given)


def kit_arrival(**given: Any) -> KitArrival:
    """Goods that have been there since 10:40."""
    plain = KitArrival(
        campaign_id=1,
        campaign_code="C1",
        point_id=1,
        point="青石苑A点",
        place="建设路 12 号",
        orders=36,
        arrived_at=datetime(2026, 3, 11, 2, 40, tzinfo=UTC),
        expected=None,
        closes="21:00",
        example_code="07-8821",
        shortages=(("脆桃 5斤装", 2),),
        address="https://tuan.example/me/orders/",
    )
    return replace(plain, **given)
