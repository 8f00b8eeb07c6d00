"""Understands the masters of a bundle: warehouses, leaders, suppliers, goods, vehicles.

Each function reads one sheet, gives the rows it understood in the order of the
file, and logs what it met. A row whose code was seen before is refused: the
first one stands.
"""

from collections.abc import Callable, Container
from datetime import time
from typing import Protocol, TypeVar

from fulfillment.domain.bundle import (
    BundleLeader,
    BundleSku,
    BundleSupplier,
    BundleVehicle,
    BundleWarehouse,
    Finding,
)
from fulfillment.domain.bundle_cells import ImportLog, RowCells
from fulfillment.domain.bundle_format import (
    ADDRESS_LIMIT,
    CAPACITY_KG_LIMIT,
    CAPACITY_TOTES_LIMIT,
    CATEGORY_LIMIT,
    DEFAULT_CLOSES_AT,
    DEFAULT_OPENS_AT,
    DEFAULT_SLOT_START,
    DEFAULT_UNLOAD_MINUTES,
    DISTRICT_LIMIT,
    LEADER_CODE_LIMIT,
    MEASURE_LIMIT,
    MONEY_LIMIT_FEN,
    PACK_LIMIT,
    PERCENT_LIMIT,
    PERSON_LIMIT,
    PLATE_LIMIT,
    PRICE_LIMIT_FEN,
    SKU_CODE_LIMIT,
    SKU_KINDS,
    STOCK_LIMIT,
    STORAGE_CLASSES,
    SUPPLIER_CODE_LIMIT,
    TITLE_LIMIT,
    UNIT_LIMIT,
    UNLOAD_MINUTES_LIMIT,
    VEHICLE_CODE_LIMIT,
    VEHICLE_KIND_LIMIT,
    WAREHOUSE_CODE_LIMIT,
    Sheet,
)
from fulfillment.domain.bundle_places import read_place


class Coded(Protocol):
    """A master value that is found by its code."""

    @property
    def code(self) -> str:
        """The code other rows refer to."""

    @property
    def row(self) -> int:
        """The row it came from."""


CodedT = TypeVar("CodedT", bound=Coded)


def read_warehouses(sheet: Sheet, log: ImportLog) -> tuple[BundleWarehouse, ...]:
    """Understand ``warehouses.csv``."""
    return _read_coded(sheet, log, _warehouse)


def read_leaders(sheet: Sheet, log: ImportLog) -> tuple[BundleLeader, ...]:
    """Understand ``leaders.csv``."""
    return _read_coded(sheet, log, _leader)


def read_suppliers(sheet: Sheet, log: ImportLog) -> tuple[BundleSupplier, ...]:
    """Understand ``suppliers.csv``."""
    return _read_coded(sheet, log, _supplier)


def read_skus(sheet: Sheet, log: ImportLog) -> tuple[BundleSku, ...]:
    """Understand ``skus.csv``; the suppliers are checked by `assume_suppliers`."""
    return _read_coded(sheet, log, _sku)


def read_vehicles(sheet: Sheet, log: ImportLog) -> tuple[BundleVehicle, ...]:
    """Understand ``vehicles.csv``."""
    return _read_coded(sheet, log, _vehicle)


def assume_suppliers(
    skus: tuple[BundleSku, ...],
    known_codes: Container[str],
    *,
    file: str,
    log: ImportLog,
) -> tuple[BundleSupplier, ...]:
    """Suppliers that only the goods name, each under its code.

    Refusing such goods would throw away every paid line of them because of one
    missing line in another file; a purchase order without a phone number only
    costs the buyer a look into the phone book.
    """
    assumed: dict[str, BundleSupplier] = {}
    for sku in skus:
        code = sku.supplier_code
        if code in known_codes or code in assumed:
            continue
        log.add(file, sku.row, Finding.SUPPLIER_ASSUMED, code=code)
        assumed[code] = BundleSupplier(
            row=sku.row,
            code=code,
            name=code,
            contact="",
            phone="",
            min_order_fen=0,
            slot_start=DEFAULT_SLOT_START,
            assumed=True,
        )
    return tuple(assumed.values())


def _read_coded(
    sheet: Sheet, log: ImportLog, read: Callable[[RowCells], CodedT]
) -> tuple[CodedT, ...]:
    found: dict[str, CodedT] = {}
    for row in sheet.rows:
        cells = RowCells(log, sheet.file, row)
        value = read(cells)
        if cells.refused:
            continue
        first = found.setdefault(value.code, value)
        if first is not value:
            cells.refuse(Finding.CODE_REPEATED, code=value.code, first_row=first.row)
    return tuple(found.values())


def _warehouse(cells: RowCells) -> BundleWarehouse:
    code = cells.code("code", WAREHOUSE_CODE_LIMIT)
    return BundleWarehouse(
        row=cells.row.number,
        code=code,
        name=cells.text("name", TITLE_LIMIT, fallback=code),
        address=cells.text("address", ADDRESS_LIMIT),
        place=read_place(cells),
    )


def _leader(cells: RowCells) -> BundleLeader:
    code = cells.code("code", LEADER_CODE_LIMIT)
    name = cells.text("name", PERSON_LIMIT, fallback=code)
    opens_at = cells.time_or("opens_at", DEFAULT_OPENS_AT)
    closes_at = cells.time_or("closes_at", DEFAULT_CLOSES_AT)
    if opens_at >= closes_at:
        cells.warn(
            Finding.VALUE_REPLACED,
            column="opens_at, closes_at",
            value=f"{opens_at:%H:%M}–{closes_at:%H:%M}",
            used=f"{DEFAULT_OPENS_AT:%H:%M}–{DEFAULT_CLOSES_AT:%H:%M}",
        )
        opens_at, closes_at = DEFAULT_OPENS_AT, DEFAULT_CLOSES_AT
    return BundleLeader(
        row=cells.row.number,
        code=code,
        name=name,
        phone=cells.phone("phone"),
        point_name=cells.text("point_name", TITLE_LIMIT, fallback=name),
        address=cells.text("address", ADDRESS_LIMIT),
        district=cells.text("district", DISTRICT_LIMIT),
        place=read_place(cells),
        opens_at=opens_at,
        closes_at=closes_at,
        unload_minutes=cells.whole_or(
            "unload_minutes", 0, UNLOAD_MINUTES_LIMIT, DEFAULT_UNLOAD_MINUTES
        ),
        households=cells.optional_whole("households", 0, STOCK_LIMIT),
    )


def _supplier(cells: RowCells) -> BundleSupplier:
    code = cells.code("code", SUPPLIER_CODE_LIMIT)
    return BundleSupplier(
        row=cells.row.number,
        code=code,
        name=cells.text("name", TITLE_LIMIT, fallback=code),
        contact=cells.text("contact", PERSON_LIMIT),
        phone=cells.phone("phone"),
        min_order_fen=cells.whole_or("min_order_fen", 0, MONEY_LIMIT_FEN, 0),
        slot_start=cells.time_or("slot_start", DEFAULT_SLOT_START),
    )


def _sku(cells: RowCells) -> BundleSku:
    code = cells.code("code", SKU_CODE_LIMIT)
    sku = BundleSku(
        row=cells.row.number,
        code=code,
        name=cells.text("name", TITLE_LIMIT, fallback=code),
        category=cells.text("category", CATEGORY_LIMIT, fallback="—"),
        unit=cells.text("unit", UNIT_LIMIT, fallback="份"),
        kind=cells.choice("kind", SKU_KINDS),
        pack_factor=cells.whole("pack_factor", 1, PACK_LIMIT),
        weight_g=cells.whole("weight_g", 1, MEASURE_LIMIT),
        volume_ml=cells.whole("volume_ml", 1, MEASURE_LIMIT),
        storage=cells.choice("storage", STORAGE_CLASSES),
        price_fen=cells.whole("price_fen", 0, PRICE_LIMIT_FEN),
        cost_fen=cells.whole("cost_fen", 0, PRICE_LIMIT_FEN),
        supplier_code=cells.code("supplier_code", SUPPLIER_CODE_LIMIT),
        stock_cap=cells.optional_whole("stock_cap", 0, STOCK_LIMIT),
        per_resident_limit=cells.optional_whole("per_resident_limit", 1, STOCK_LIMIT),
        tolerance_pct=cells.whole_or("tolerance_pct", 0, PERCENT_LIMIT, 0),
    )
    if not cells.refused and sku.price_fen < sku.cost_fen:
        cells.warn(Finding.PRICE_BELOW_COST, price_fen=sku.price_fen, cost_fen=sku.cost_fen)
    return sku


def _vehicle(cells: RowCells) -> BundleVehicle:
    start, end = cells.optional_time("shift_start"), cells.optional_time("shift_end")
    if start is None or end is None or start >= end:
        cells.refuse(
            Finding.SHIFT_UNUSABLE,
            start=cells.short("shift_start"),
            end=cells.short("shift_end"),
        )
    return BundleVehicle(
        row=cells.row.number,
        code=cells.code("code", VEHICLE_CODE_LIMIT),
        plate=cells.code("plate", PLATE_LIMIT),
        kind=cells.text("kind", VEHICLE_KIND_LIMIT),
        capacity_kg=cells.whole("capacity_kg", 1, CAPACITY_KG_LIMIT),
        capacity_totes=cells.whole("capacity_totes", 1, CAPACITY_TOTES_LIMIT),
        fixed_cost_fen=cells.whole("fixed_cost_fen", 0, MONEY_LIMIT_FEN),
        cost_per_km_fen=cells.whole("cost_per_km_fen", 0, MONEY_LIMIT_FEN),
        cost_per_hour_fen=cells.whole("cost_per_hour_fen", 0, MONEY_LIMIT_FEN),
        shift_start=start or time.min,
        shift_end=end or time.max,
        chilled=cells.choice("chilled", ("0", "1")) == "1",
    )
