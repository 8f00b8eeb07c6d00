"""A day bundle as values: what an import understood, and what it met on the way.

A bundle is one whole day of a town: a campaign, the warehouse, leaders,
suppliers, goods, vehicles, orders that are already paid, and what arrived at
the dock. The format is described in ``docs/howto/import-a-day.md``.

Nothing in here is a row yet: `fulfillment.domain.bundle_understanding` makes
these values from text, and an import service makes rows from these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from leaders.domain.coordinates import Place
from orders.domain.cutoff import Timeline


class Severity(StrEnum):
    """What became of the row a warning speaks about."""

    FATAL = "fatal"
    """The import stops before anything is written."""
    ERROR = "error"
    """The row is not imported."""
    WARNING = "warning"
    """The row is imported; somebody should look at it."""


class Finding(StrEnum):
    """Everything an import can meet; the wording lies outside the domain."""

    # The import stops.
    CAMPAIGN_FIELD_UNUSABLE = "campaign_field_unusable"
    CAMPAIGN_CLOCKS_OUT_OF_ORDER = "campaign_clocks_out_of_order"
    WAREHOUSE_MISSING = "warehouse_missing"
    # The row is not imported.
    CELLS_TOO_MANY = "cells_too_many"
    CODE_MISSING = "code_missing"
    CODE_UNUSABLE = "code_unusable"
    CODE_REPEATED = "code_repeated"
    NUMBER_UNUSABLE = "number_unusable"
    CHOICE_UNKNOWN = "choice_unknown"
    MOMENT_UNUSABLE = "moment_unusable"
    COORDINATES_UNUSABLE = "coordinates_unusable"
    COORDINATES_OUTSIDE_CHINA = "coordinates_outside_china"
    SHIFT_UNUSABLE = "shift_unusable"
    LEADER_UNKNOWN = "leader_unknown"
    SKU_UNKNOWN = "sku_unknown"
    ORDER_CONFLICTS = "order_conflicts"
    ORDER_EMPTY = "order_empty"
    SKU_REPEATED = "sku_repeated"
    RECEIPT_REPEATED = "receipt_repeated"
    # The row is imported, and somebody should look at it.
    TEXT_CUT = "text_cut"
    TEXT_CLEANED = "text_cleaned"
    TEXT_MISSING = "text_missing"
    PHONE_LEFT_OUT = "phone_left_out"
    VALUE_REPLACED = "value_replaced"
    COORDINATES_SWAPPED = "coordinates_swapped"
    WAREHOUSE_FAR = "warehouse_far"
    SUPPLIER_ASSUMED = "supplier_assumed"
    PRICE_BELOW_COST = "price_below_cost"
    PRICE_DIFFERS = "price_differs"
    ORDER_DETAILS_DIFFER = "order_details_differ"
    RESIDENT_DETAILS_DIFFER = "resident_details_differ"
    PLACED_OUTSIDE_WINDOW = "placed_outside_window"
    PAID_BEFORE_PLACED = "paid_before_placed"
    PAID_AFTER_CLOSE = "paid_after_close"
    STOCK_CAP_EXCEEDED = "stock_cap_exceeded"
    RESIDENT_LIMIT_EXCEEDED = "resident_limit_exceeded"
    RECEIPT_SUM_DIFFERS = "receipt_sum_differs"
    RECEIPT_OTHER_SUPPLIER = "receipt_other_supplier"
    RECEIPT_MISSING = "receipt_missing"


FATAL_FINDINGS = frozenset(
    {
        Finding.CAMPAIGN_FIELD_UNUSABLE,
        Finding.CAMPAIGN_CLOCKS_OUT_OF_ORDER,
        Finding.WAREHOUSE_MISSING,
    }
)
ERROR_FINDINGS = frozenset(
    {
        Finding.CELLS_TOO_MANY,
        Finding.CODE_MISSING,
        Finding.CODE_UNUSABLE,
        Finding.CODE_REPEATED,
        Finding.NUMBER_UNUSABLE,
        Finding.CHOICE_UNKNOWN,
        Finding.MOMENT_UNUSABLE,
        Finding.COORDINATES_UNUSABLE,
        Finding.COORDINATES_OUTSIDE_CHINA,
        Finding.SHIFT_UNUSABLE,
        Finding.LEADER_UNKNOWN,
        Finding.SKU_UNKNOWN,
        Finding.ORDER_CONFLICTS,
        Finding.ORDER_EMPTY,
        Finding.SKU_REPEATED,
        Finding.RECEIPT_REPEATED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWarning:
    """One thing an import met, and so what it did.

    Attributes
    ----------
    file
        Name of the file inside the bundle.
    row
        Row as a spreadsheet numbers it, the header being row 1; ``None`` where
        the finding is about the whole file.
    finding
        What was met; its severity follows from it.
    params
        The values the wording speaks about, short enough to print.
    """

    file: str
    row: int | None
    finding: Finding
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """What became of the row."""
        if self.finding in FATAL_FINDINGS:
            return Severity.FATAL
        if self.finding in ERROR_FINDINGS:
            return Severity.ERROR
        return Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCampaign:
    """One sales window; its demand freezes as its payments close."""

    code: str
    city: str
    timezone: str
    timeline: Timeline
    delivery_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleWarehouse:
    """The place where goods arrive and every trip starts."""

    row: int
    code: str
    name: str
    address: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleLeader:
    """A leader with the one pickup point they run."""

    row: int
    code: str
    name: str
    phone: str
    point_name: str
    address: str
    district: str
    place: Place
    opens_at: time
    closes_at: time
    unload_minutes: int
    households: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSupplier:
    """Who is bought from; `assumed` where only its code is known from the goods."""

    row: int
    code: str
    name: str
    contact: str
    phone: str
    min_order_fen: int
    slot_start: time
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSku:
    """One article as it is sold and bought on this day.

    `kind` is one of ``SKU_KINDS``, `storage` one of ``STORAGE_CLASSES``;
    `pack_factor` is pieces per purchase case, `tolerance_pct` the allowed
    shortfall in weight of catch-weight goods.
    """

    row: int
    code: str
    name: str
    category: str
    unit: str
    kind: str
    pack_factor: int
    weight_g: int
    volume_ml: int
    storage: str
    price_fen: int
    cost_fen: int
    supplier_code: str
    stock_cap: int | None
    per_resident_limit: int | None
    tolerance_pct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleVehicle:
    """A vehicle that may drive on the delivery day."""

    row: int
    code: str
    plate: str
    kind: str
    capacity_kg: int
    capacity_totes: int
    fixed_cost_fen: int
    cost_per_km_fen: int
    cost_per_hour_fen: int
    shift_start: time
    shift_end: time
    chilled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleLine:
    """One article in an order; the price is the one that was paid."""

    row: int
    sku_code: str
    qty: int
    unit_price_fen: int

    @property
    def amount_fen(self) -> int:
        """What was paid for this line."""
        return self.qty * self.unit_price_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleOrder:
    """A paid order; its lines are in the order of the file, at least one."""

    row: int
    order_no: str
    leader_code: str
    resident_code: str
    resident_name: str
    resident_phone: str
    building: str
    room: str
    placed_at: datetime
    paid_at: datetime
    lines: tuple[BundleLine, ...]

    @property
    def amount_fen(self) -> int:
        """What was paid for the whole order."""
        return sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReceipt:
    """What arrived of one article; `arrived_qty` is accepted plus rejected."""

    row: int
    supplier_code: str
    sku_code: str
    arrived_qty: int
    rejected_qty: int
    accepted_qty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBundle:
    """One day as understood; every reference in it points to something in it.

    `sha256` is the fingerprint of the files the day was read from. Masters and
    orders are in the order of their files; codes are unique.
    """

    sha256: str
    campaign: BundleCampaign
    warehouses: tuple[BundleWarehouse, ...]
    leaders: tuple[BundleLeader, ...]
    suppliers: tuple[BundleSupplier, ...]
    skus: tuple[BundleSku, ...]
    vehicles: tuple[BundleVehicle, ...]
    orders: tuple[BundleOrder, ...]
    receipts: tuple[BundleReceipt, ...]
    warnings: tuple[ImportWarning, ...]


@dataclass(frozen=True, slots=True)
class StoppedBundle:
    """A bundle that cannot be imported at all, and every reason for it."""

    reasons: tuple[ImportWarning, ...]
