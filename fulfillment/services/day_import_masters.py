"""The masters of an imported day: people, places, goods, suppliers, vehicles.

What is known by its code is brought up to date, never written twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Model

from fulfillment.domain.bundle import BundleSku, DayBundle
from fulfillment.models.delivery import Vehicle
from fulfillment.models.purchasing import Supplier, SupplierOffer
from fulfillment.models.warehouse import Warehouse
from leaders.models.commission_plans import CommissionPlan
from leaders.models.communities import Community
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint
from orders.models.catalogue import Category, PriceLog, Product, Sku

POINT_SUFFIX = "自提点"
FIRST_RANK = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRows:
    """The rows a day's orders point at, by their codes."""

    warehouse: Warehouse
    leaders: Mapping[str, Leader]
    points: Mapping[str, PickupPoint]
    skus: Mapping[str, Sku]


def masters_import(*, bundle: DayBundle, now: datetime) -> MasterRows:
    """Upsert every master of the bundle and return what orders point at.

    The first warehouse of the bundle is where the day happens.
    """
    warehouses = _warehouses(bundle)
    warehouse = warehouses[bundle.warehouses[0].code]
    leaders = _leaders(bundle, now)
    skus = _skus(bundle)
    _prices(bundle, skus, now)
    _suppliers(bundle, skus)
    _vehicles(bundle, warehouse)
    return MasterRows(
        warehouse=warehouse, leaders=leaders, points=_points(bundle, leaders), skus=skus
    )


def _upsert(rows: Iterable[Model], key: list[str], changing: list[str]) -> None:
    """Insert rows, or bring those that are known by their key up to date."""
    pending = list(rows)
    if pending:
        type(pending[0])._default_manager.bulk_create(
            pending, update_conflicts=True, unique_fields=key, update_fields=changing
        )


def _warehouses(bundle: DayBundle) -> Mapping[str, Warehouse]:
    _upsert(
        (
            Warehouse(
                code=warehouse.code,
                name=warehouse.name,
                address=warehouse.address,
                lng=warehouse.place.lng,
                lat=warehouse.place.lat,
            )
            for warehouse in bundle.warehouses
        ),
        ["code"],
        ["name", "address", "lng", "lat"],
    )
    codes = [warehouse.code for warehouse in bundle.warehouses]
    return Warehouse.objects.in_bulk(codes, field_name="code")


def _leaders(bundle: DayBundle, now: datetime) -> Mapping[str, Leader]:
    if not CommissionPlan.objects.filter(is_default=True).exists():
        CommissionPlan.objects.create(
            code="standard",
            name="标准方案",
            rate_bp=settings.COMMISSION_RATE_BP,
            hold_days=settings.COMMISSION_HOLD_DAYS,
            is_default=True,
        )
    _upsert(
        (
            Leader(
                code=leader.code,
                name=leader.name,
                phone=leader.phone,
                state=LeaderState.ACTIVE,
                joined_at=now,
            )
            for leader in bundle.leaders
        ),
        ["code"],
        ["name", "phone"],
    )
    return Leader.objects.in_bulk([leader.code for leader in bundle.leaders], field_name="code")


def _points(bundle: DayBundle, leaders: Mapping[str, Leader]) -> Mapping[str, PickupPoint]:
    """One pickup point per leader of the bundle, under the leader's code."""
    communities = _communities(bundle)
    _upsert(
        (
            PickupPoint(
                code=leader.code,
                leader=leaders[leader.code],
                community=communities[
                    leader.district, leader.point_name.removesuffix(POINT_SUFFIX)
                ],
                name=leader.point_name,
                address=leader.address,
                lng=leader.place.lng,
                lat=leader.place.lat,
                opens_at=leader.opens_at,
                closes_at=leader.closes_at,
                unload_minutes=leader.unload_minutes,
            )
            for leader in bundle.leaders
        ),
        ["code"],
        ["name", "address", "lng", "lat", "opens_at", "closes_at", "unload_minutes"],
    )
    codes = [leader.code for leader in bundle.leaders]
    return PickupPoint.objects.in_bulk(codes, field_name="code")


def _communities(bundle: DayBundle) -> Mapping[tuple[str, str], Community]:
    households = {
        (leader.district, leader.point_name.removesuffix(POINT_SUFFIX)): leader.households or 0
        for leader in bundle.leaders
    }
    _upsert(
        (
            Community(district=district, name=name, households=number)
            for (district, name), number in households.items()
        ),
        ["district", "name"],
        ["households"],
    )
    return {
        (community.district, community.name): community for community in Community.objects.all()
    }


def _skus(bundle: DayBundle) -> Mapping[str, Sku]:
    products = _products(bundle)
    _upsert(
        (
            Sku(
                code=sku.code,
                product=products[sku.category, sku.name],
                name=sku.name,
                unit=sku.unit,
                kind=sku.kind,
                storage=sku.storage,
                weight_g=sku.weight_g,
                volume_ml=sku.volume_ml,
                tolerance_bp=sku.tolerance_pct * 100,
            )
            for sku in bundle.skus
        ),
        ["code"],
        ["product", "name", "unit", "kind", "storage", "weight_g", "volume_ml", "tolerance_bp"],
    )
    return Sku.objects.in_bulk([sku.code for sku in bundle.skus], field_name="code")


def _products(bundle: DayBundle) -> Mapping[tuple[str, str], Product]:
    names = sorted({sku.category for sku in bundle.skus})
    Category.objects.bulk_create([Category(name=name) for name in names], ignore_conflicts=True)
    categories = Category.objects.in_bulk(names, field_name="name")
    Product.objects.bulk_create(
        [
            Product(category=categories[category], name=name)
            for category, name in sorted({(sku.category, sku.name) for sku in bundle.skus})
        ],
        ignore_conflicts=True,
    )
    products = Product.objects.filter(category__in=categories.values()).select_related("category")
    return {(product.category.name, product.name): product for product in products}


def _prices(bundle: DayBundle, skus: Mapping[str, Sku], now: datetime) -> None:
    """Log a price that differs from the last one the SKU had."""
    last = {
        log.sku_id: (log.price_fen, log.cost_fen)
        for log in PriceLog.objects.filter(sku__in=skus.values()).order_by("valid_from", "pk")
    }
    PriceLog.objects.bulk_create(
        PriceLog(
            sku=skus[sku.code],
            price_fen=sku.price_fen,
            cost_fen=sku.cost_fen,
            reason=f"campaign {bundle.campaign.code}",
            valid_from=bundle.campaign.timeline.opens_at,
        )
        for sku in bundle.skus
        if last.get(skus[sku.code].pk) != (sku.price_fen, sku.cost_fen)
    )


def _suppliers(bundle: DayBundle, skus: Mapping[str, Sku]) -> None:
    _upsert(
        (
            Supplier(
                code=supplier.code,
                name=supplier.name,
                contact=supplier.contact,
                phone=supplier.phone,
                min_order_fen=supplier.min_order_fen,
                slot_start=supplier.slot_start,
            )
            for supplier in bundle.suppliers
        ),
        ["code"],
        ["name", "contact", "phone", "min_order_fen", "slot_start", "is_active"],
    )
    codes = [supplier.code for supplier in bundle.suppliers]
    suppliers = Supplier.objects.in_bulk(codes, field_name="code")
    # Whoever brought a SKU on another day is asked second from now on.
    SupplierOffer.objects.filter(sku__in=skus.values(), rank=FIRST_RANK).update(rank=FIRST_RANK + 1)
    _upsert(
        (_supplier_offer(sku, suppliers, skus) for sku in bundle.skus),
        ["supplier", "sku"],
        ["pack_factor", "cost_fen", "rank", "is_active"],
    )


def _supplier_offer(
    sku: BundleSku, suppliers: Mapping[str, Supplier], skus: Mapping[str, Sku]
) -> SupplierOffer:
    return SupplierOffer(
        supplier=suppliers[sku.supplier_code],
        sku=skus[sku.code],
        pack_factor=sku.pack_factor,
        cost_fen=sku.cost_fen,
        rank=FIRST_RANK,
    )


def _vehicles(bundle: DayBundle, warehouse: Warehouse) -> None:
    """The bundle names the vehicles that drive; the warehouse's others stay at home."""
    Vehicle.objects.filter(warehouse=warehouse).update(is_active=False)
    _upsert(
        (
            Vehicle(
                code=vehicle.code,
                plate=vehicle.plate,
                kind=vehicle.kind,
                warehouse=warehouse,
                capacity_g=vehicle.capacity_kg * 1000,
                capacity_totes=vehicle.capacity_totes,
                fixed_cost_fen=vehicle.fixed_cost_fen,
                cost_per_km_fen=vehicle.cost_per_km_fen,
                cost_per_hour_fen=vehicle.cost_per_hour_fen,
                shift_start=vehicle.shift_start,
                shift_end=vehicle.shift_end,
                is_chilled=vehicle.chilled,
            )
            for vehicle in bundle.vehicles
        ),
        ["code"],
        [
            "plate",
            "kind",
            "warehouse",
            "capacity_g",
            "capacity_totes",
            "fixed_cost_fen",
            "cost_per_km_fen",
            "cost_per_hour_fen",
            "shift_start",
            "shift_end",
            "is_chilled",
            "is_active",
        ],
    )
