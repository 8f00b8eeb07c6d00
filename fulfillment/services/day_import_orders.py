"""The prepaid orders of an imported day, with their payments and postings."""

from collections.abc import Mapping
from datetime import datetime

from fulfillment.domain.bundle import BundleOrder, DayBundle
from fulfillment.services.day_import_masters import MasterRows
from orders.models.campaigns import Campaign, Offer
from orders.models.orders import Order, OrderLine, OrderSource, OrderState
from orders.models.payments import Payment
from orders.models.residents import Resident
from orders.services.imported_payments import imported_pay
from orders.services.statistics import statistics_refresh

BATCH_SIZE = 5_000


def orders_import(
    *,
    bundle: DayBundle,
    campaign: Campaign,
    masters: MasterRows,
    offers: Mapping[str, Offer],
    now: datetime,
) -> None:
    """Write every order of the bundle as a paid fact."""
    residents = _residents(bundle, masters)
    orders = Order.objects.bulk_create(
        [_order(order, campaign, masters, residents) for order in bundle.orders],
        batch_size=BATCH_SIZE,
    )
    OrderLine.objects.bulk_create(
        (
            OrderLine(
                order=row,
                line_no=line_no,
                offer=offers[line.sku_code],
                sku=masters.skus[line.sku_code],
                sku_name=masters.skus[line.sku_code].name,
                unit=masters.skus[line.sku_code].unit,
                qty=line.qty,
                unit_price_fen=line.unit_price_fen,
                commission_rate_bp=offers[line.sku_code].commission_rate_bp,
            )
            for row, order in zip(orders, bundle.orders, strict=True)
            for line_no, line in enumerate(order.lines, start=1)
        ),
        batch_size=BATCH_SIZE,
    )
    imported_pay(orders=orders, now=now)
    statistics_refresh(Order, OrderLine, Payment)


def _residents(bundle: DayBundle, masters: MasterRows) -> Mapping[str, Resident]:
    """Residents by code, as their latest order describes them."""
    latest = {order.resident_code: order for order in bundle.orders}
    Resident.objects.bulk_create(
        [
            Resident(
                code=order.resident_code,
                leader=masters.leaders[order.leader_code],
                name=order.resident_name,
                phone=order.resident_phone,
                building=order.building,
                room=order.room,
            )
            for order in latest.values()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "phone", "building", "room"],
        batch_size=BATCH_SIZE,
    )
    return Resident.objects.in_bulk(list(latest), field_name="code")


def _order(
    order: BundleOrder,
    campaign: Campaign,
    masters: MasterRows,
    residents: Mapping[str, Resident],
) -> Order:
    return Order(
        order_no=f"{campaign.code}-{order.order_no}",
        campaign=campaign,
        leader=masters.leaders[order.leader_code],
        pickup_point=masters.points[order.leader_code],
        resident=residents[order.resident_code],
        state=OrderState.PAID,
        source=OrderSource.IMPORT,
        source_no=order.order_no,
        resident_name=order.resident_name,
        resident_phone=order.resident_phone,
        building=order.building,
        room=order.room,
        total_fen=order.amount_fen,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
    )
