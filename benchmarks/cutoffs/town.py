"""Campaigns of as many cities, with paid orders, whose freeze is a few seconds away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from fulfillment.models.purchasing import Supplier
from orders.models.campaigns import Campaign
from orders.models.catalogue import Sku
from tests.factories.fulfillment import SupplierFactory, SupplierOfferFactory, WarehouseFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory, SkuFactory

SUPPLIERS, SKUS = 5, 20

# Two lines an order; which articles, and how many of each, follows from its number.
ORDERS_SQL = """
WITH placed AS (
    INSERT INTO orders_order
        (order_no, campaign_id, leader_id, pickup_point_id, resident_id, state, source, source_no,
         resident_name, resident_phone, building, room, total_fen, placed_at, paid_at, request_key,
         request_hash, accepts_substitutes, commission_plan_code)
    SELECT %(code)s || '-' || n, %(campaign)s, %(leader)s, %(point)s, %(resident)s, 'paid',
           'storefront', '', 'x', '19900000000', '3', '1', 2000, %(at)s, %(at)s, '', '', false, ''
      FROM generate_series(1, %(orders)s) AS n
    RETURNING id, order_no)
INSERT INTO orders_orderline
    (order_id, line_no, offer_id, sku_id, sku_name, unit, qty, unit_price_fen, is_void)
SELECT placed.id, line_no, offer.id, offer.sku_id, 'x', 'x', line_no, 500, false
  FROM placed
 CROSS JOIN generate_series(1, 2) AS line_no
  JOIN LATERAL (SELECT id, sku_id FROM orders_offer WHERE campaign_id = %(campaign)s
                 ORDER BY id OFFSET (placed.id + 7 * line_no) %% %(skus)s LIMIT 1) AS offer ON true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """How many campaigns there are, and how many orders each has."""

    campaigns: int
    orders: int


def town_make(town: Town, *, freeze_at: datetime) -> None:
    """Make the cities and their orders; all campaigns freeze at one moment."""
    suppliers = SupplierFactory.create_batch(SUPPLIERS)
    skus = [_sku(suppliers[number % SUPPLIERS]) for number in range(SKUS)]
    for number in range(town.campaigns):
        _city_make(f"城{number:03}", skus, town.orders, freeze_at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _sku(supplier: Supplier) -> Sku:
    sku: Sku = SkuFactory.create()
    SupplierOfferFactory.create(sku=sku, supplier=supplier)
    return sku


def _city_make(name: str, skus: list[Sku], orders: int, freeze_at: datetime) -> None:
    WarehouseFactory.create(code=name, city=name)
    point = PickupPointFactory.create(leader=LeaderFactory.create(user=None), community__city=name)
    campaign: Campaign = CampaignFactory.create(
        code=name,
        city=name,
        opens_at=freeze_at - timedelta(hours=12),
        orders_close_at=freeze_at - timedelta(minutes=5),
        payments_close_at=freeze_at - timedelta(minutes=2),
        freeze_at=freeze_at,
        delivery_date=(freeze_at + timedelta(days=1)).date(),
    )
    for sku in skus:
        OfferFactory.create(campaign=campaign, sku=sku)
    with connection.cursor() as cursor:
        cursor.execute(
            ORDERS_SQL,
            {
                "code": name,
                "campaign": campaign.pk,
                "leader": point.leader_id,
                "point": point.pk,
                "resident": ResidentFactory.create(leader=point.leader).pk,
                "at": freeze_at - timedelta(hours=1),
                "orders": orders,
                "skus": len(skus),
            },
        )
