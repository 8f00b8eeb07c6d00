"""The tiny day as a bundle on disk, in the import format."""

import dataclasses
from pathlib import Path

from fulfillment.domain.bundle import BundleOrder, DayBundle
from fulfillment.domain.bundle_format import COLUMNS
from fulfillment.integrations.bundle_files import bundle_write


def write_bundle(directory: Path, day: DayBundle) -> Path:
    """Write a day that `bundle_read` reads back as the same day."""
    campaign = day.campaign
    bundle_write(
        directory,
        campaign={
            "code": campaign.code,
            "city": campaign.city,
            "timezone": campaign.timezone,
            "opens_at": campaign.timeline.opens_at.isoformat(),
            "orders_close_at": campaign.timeline.orders_close_at.isoformat(),
            "payments_close_at": campaign.timeline.payments_close_at.isoformat(),
            "delivery_date": campaign.delivery_date.isoformat(),
        },
        tables={
            "warehouses.csv": _rows("warehouses.csv", day.warehouses),
            "leaders.csv": _rows("leaders.csv", day.leaders),
            "suppliers.csv": _rows("suppliers.csv", day.suppliers),
            "skus.csv": _rows("skus.csv", day.skus),
            "vehicles.csv": _rows("vehicles.csv", day.vehicles),
            "orders.csv": [row for order in day.orders for row in _order_rows(order)],
            "receipts.csv": _rows("receipts.csv", day.receipts),
        },
    )
    return directory


def _rows(file: str, values: tuple[object, ...]) -> list[list[str]]:
    return [[_cell(value, column) for column in COLUMNS[file]] for value in values]


def _cell(value: object, column: str) -> str:
    place = getattr(value, "place", None)
    if place is not None and column in ("lng", "lat"):
        return str(getattr(place, column))
    if column == "coord_system":
        return "WGS-84"
    cell = getattr(value, column)
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, bool) else str(cell)


def _order_rows(order: BundleOrder) -> list[list[str]]:
    head = dataclasses.asdict(order) | {
        "placed_at": order.placed_at.isoformat(),
        "paid_at": order.paid_at.isoformat(),
    }
    return [
        [
            str(
                (
                    head | dataclasses.asdict(line)
                    if column in ("sku_code", "qty", "unit_price_fen")
                    else head
                )[column]
            )
            for column in COLUMNS["orders.csv"]
        ]
        for line in order.lines
    ]
