"""The import format of a day bundle as data: files, columns and limits.

The limits are the widths of the columns the values end up in; a test holds
them against the models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType

CAMPAIGN_FILE = "campaign.json"
WAREHOUSES_FILE = "warehouses.csv"
LEADERS_FILE = "leaders.csv"
SUPPLIERS_FILE = "suppliers.csv"
SKUS_FILE = "skus.csv"
VEHICLES_FILE = "vehicles.csv"
ORDERS_FILE = "orders.csv"
RECEIPTS_FILE = "receipts.csv"

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        WAREHOUSES_FILE: ("code", "name", "address", "lng", "lat", "coord_system"),
        LEADERS_FILE: (
            "code",
            "name",
            "phone",
            "point_name",
            "address",
            "district",
            "lng",
            "lat",
            "coord_system",
            "opens_at",
            "closes_at",
            "unload_minutes",
            "households",
        ),
        SUPPLIERS_FILE: ("code", "name", "contact", "phone", "min_order_fen", "slot_start"),
        SKUS_FILE: (
            "code",
            "name",
            "category",
            "unit",
            "kind",
            "pack_factor",
            "weight_g",
            "volume_ml",
            "storage",
            "price_fen",
            "cost_fen",
            "supplier_code",
            "stock_cap",
            "per_resident_limit",
            "tolerance_pct",
        ),
        VEHICLES_FILE: (
            "code",
            "plate",
            "kind",
            "capacity_kg",
            "capacity_totes",
            "fixed_cost_fen",
            "cost_per_km_fen",
            "cost_per_hour_fen",
            "shift_start",
            "shift_end",
            "chilled",
        ),
        ORDERS_FILE: (
            "order_no",
            "leader_code",
            "resident_code",
            "resident_name",
            "resident_phone",
            "building",
            "room",
            "placed_at",
            "paid_at",
            "sku_code",
            "qty",
            "unit_price_fen",
        ),
        RECEIPTS_FILE: (
            "supplier_code",
            "sku_code",
            "arrived_qty",
            "rejected_qty",
            "accepted_qty",
        ),
    }
)

SKU_KINDS = ("standard", "catch_weight")
STORAGE_CLASSES = ("ambient", "chill", "frozen")
COORD_SYSTEMS = ("WGS-84", "GCJ-02", "BD-09")

# An order is known as campaign code, dash, order number, in 50 characters.
CAMPAIGN_CODE_LIMIT = 20
CITY_LIMIT = 60
WAREHOUSE_CODE_LIMIT = 20
LEADER_CODE_LIMIT = 20
SUPPLIER_CODE_LIMIT = 20
SKU_CODE_LIMIT = 30
VEHICLE_CODE_LIMIT = 20
RESIDENT_CODE_LIMIT = 30
ORDER_NO_LIMIT = 29

PERSON_LIMIT = 60
TITLE_LIMIT = 120
ADDRESS_LIMIT = 200
DISTRICT_LIMIT = 60
CATEGORY_LIMIT = 60
UNIT_LIMIT = 10
DOOR_LIMIT = 30
PHONE_LIMIT = 20
PLATE_LIMIT = 20
VEHICLE_KIND_LIMIT = 30

# Nobody buys ten thousand of one thing at a pickup point: a figure like that
# is a phone number or a price that slipped into the wrong column.
QTY_LIMIT = 9_999
PRICE_LIMIT_FEN = 1_000_000
LINE_LIMIT_FEN = 2_000_000_000
MONEY_LIMIT_FEN = 100_000_000
MEASURE_LIMIT = 10_000_000
STOCK_LIMIT = 10_000_000
PACK_LIMIT = 10_000
CAPACITY_KG_LIMIT = 100_000
CAPACITY_TOTES_LIMIT = 10_000
UNLOAD_MINUTES_LIMIT = 240
PERCENT_LIMIT = 100

# What stands in for a master value that cannot be understood and that no
# money or weight depends on.
DEFAULT_OPENS_AT = time(6, 0)
DEFAULT_CLOSES_AT = time(16, 0)
DEFAULT_UNLOAD_MINUTES = 5
DEFAULT_SLOT_START = time(4, 30)

FAR_FROM_WAREHOUSE_KM = 150


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a file as text.

    `number` is the row as a spreadsheet shows it, the header being row 1;
    `cells` holds the wanted columns by name, `surplus` tells that the row had
    more cells than the header.
    """

    number: int
    cells: Mapping[str, str]
    surplus: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of a bundle as text rows; blank rows are already left out."""

    file: str
    rows: Sequence[SheetRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBundle:
    """A bundle as it lay on disk: text, nothing judged.

    `sheets` holds one sheet per name in ``COLUMNS``, `sha256` the fingerprint
    of all files.
    """

    sha256: str
    campaign: Mapping[str, object]
    sheets: Mapping[str, Sheet]
