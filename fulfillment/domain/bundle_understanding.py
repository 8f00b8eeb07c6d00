"""Turns the text of a day bundle into values: the one door for whole days.

The rules, column by column, are described in ``docs/howto/import-a-day.md``.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fulfillment.domain.bundle import (
    BundleCampaign,
    BundleLeader,
    BundleWarehouse,
    DayBundle,
    Finding,
    ImportWarning,
    StoppedBundle,
)
from fulfillment.domain.bundle_cells import ImportLog, Window, campaign_text, excerpt, moment
from fulfillment.domain.bundle_checks import (
    check_caps,
    check_clocks,
    check_receipts,
    check_residents,
)
from fulfillment.domain.bundle_format import (
    CAMPAIGN_CODE_LIMIT,
    CAMPAIGN_FILE,
    CITY_LIMIT,
    FAR_FROM_WAREHOUSE_KM,
    LEADERS_FILE,
    ORDERS_FILE,
    RECEIPTS_FILE,
    SKUS_FILE,
    SUPPLIERS_FILE,
    VEHICLES_FILE,
    WAREHOUSES_FILE,
    RawBundle,
)
from fulfillment.domain.bundle_masters import (
    assume_suppliers,
    read_leaders,
    read_skus,
    read_suppliers,
    read_vehicles,
    read_warehouses,
)
from fulfillment.domain.bundle_orders import Catalogue, read_orders
from fulfillment.domain.bundle_receipts import read_receipts
from leaders.domain.coordinates import Place
from orders.domain.cutoff import Timeline
from orders.errors import ClocksOutOfOrder

KM_PER_DEGREE = 111.2


def understand(raw: RawBundle) -> DayBundle | StoppedBundle:
    """Understand a bundle.

    Parameters
    ----------
    raw
        The text of all files.

    Returns
    -------
    DayBundle
        What was understood, with everything that was met on the way. Every
        order refers to a leader and to SKUs of the same bundle, every SKU to a
        supplier, every receipt to a SKU.
    StoppedBundle
        Where the campaign or the warehouse cannot be understood: without them
        there is no day to import.
    """
    log = ImportLog()
    campaign = read_campaign(raw.campaign, log)
    warehouses = read_warehouses(raw.sheets[WAREHOUSES_FILE], log)
    if campaign is not None and not warehouses:
        log.add(WAREHOUSES_FILE, None, Finding.WAREHOUSE_MISSING)
    if campaign is None or not warehouses:
        return StoppedBundle(tuple(log.warnings))
    return _day(raw, campaign, warehouses, log)


def _day(
    raw: RawBundle,
    campaign: BundleCampaign,
    warehouses: tuple[BundleWarehouse, ...],
    log: ImportLog,
) -> DayBundle:
    leaders = read_leaders(raw.sheets[LEADERS_FILE], log)
    _check_distances(leaders, warehouses[0].place, log)
    suppliers = read_suppliers(raw.sheets[SUPPLIERS_FILE], log)
    skus = read_skus(raw.sheets[SKUS_FILE], log)
    known_suppliers = {supplier.code for supplier in suppliers}
    assumed = assume_suppliers(skus, known_suppliers, file=SKUS_FILE, log=log)
    vehicles = read_vehicles(raw.sheets[VEHICLES_FILE], log)
    orders = read_orders(
        raw.sheets[ORDERS_FILE],
        catalogue=Catalogue(
            leader_codes={leader.code for leader in leaders},
            price_fen_of_sku={sku.code: sku.price_fen for sku in skus},
        ),
        window=Window(
            campaign.timeline.opens_at,
            campaign.timeline.payments_close_at,
            ZoneInfo(campaign.timezone),
        ),
        log=log,
    )
    sku_of_code = {sku.code: sku for sku in skus}
    receipts = read_receipts(raw.sheets[RECEIPTS_FILE], sku_of_code=sku_of_code, log=log)
    check_clocks(campaign.timeline, orders, log)
    check_residents(orders, log)
    check_caps(orders, sku_of_code, log)
    check_receipts(orders, receipts, log)
    return DayBundle(
        sha256=raw.sha256,
        campaign=campaign,
        warehouses=warehouses,
        leaders=leaders,
        suppliers=(*suppliers, *assumed),
        skus=skus,
        vehicles=vehicles,
        orders=orders,
        receipts=receipts,
        warnings=_in_file_order(log.warnings, raw),
    )


def read_campaign(fields: Mapping[str, object], log: ImportLog) -> BundleCampaign | None:
    """Understand ``campaign.json``; ``None`` with every fault logged where that fails."""
    zone = _zone(fields, log)
    texts = {
        name: _campaign_text(fields, name, limit, log)
        for name, limit in (("code", CAMPAIGN_CODE_LIMIT), ("city", CITY_LIMIT))
    }
    clocks = {
        name: _clock(fields, name, zone, log)
        for name in ("opens_at", "orders_close_at", "payments_close_at")
    }
    delivery_date = _delivery_date(fields, log)
    opens_at, orders_close_at, payments_close_at = clocks.values()
    if log.warnings or not (opens_at and orders_close_at and payments_close_at and delivery_date):
        return None
    try:
        timeline = Timeline(
            opens_at=opens_at,
            orders_close_at=orders_close_at,
            payments_close_at=payments_close_at,
            freeze_at=payments_close_at,
        )
    except ClocksOutOfOrder:
        log.add(CAMPAIGN_FILE, None, Finding.CAMPAIGN_CLOCKS_OUT_OF_ORDER)
        return None
    return BundleCampaign(
        code=texts["code"],
        city=texts["city"],
        timezone=zone.key,
        timeline=timeline,
        delivery_date=delivery_date,
    )


def _campaign_text(fields: Mapping[str, object], name: str, limit: int, log: ImportLog) -> str:
    value = campaign_text(fields, name)
    if not value or len(value) > limit or not value.isprintable():
        _unusable(fields, name, log)
    return value


def _zone(fields: Mapping[str, object], log: ImportLog) -> ZoneInfo:
    try:
        return ZoneInfo(campaign_text(fields, "timezone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _unusable(fields, "timezone", log)
        return ZoneInfo("Asia/Shanghai")


def _clock(
    fields: Mapping[str, object], name: str, zone: ZoneInfo, log: ImportLog
) -> datetime | None:
    text = campaign_text(fields, name)
    any_day = datetime(2000, 1, 1, tzinfo=zone)
    # A clock names its day itself; a bare time of day would be anybody's guess.
    value = moment(text, Window(any_day, any_day, zone)) if "-" in text else None
    if value is None:
        _unusable(fields, name, log)
    return value


def _delivery_date(fields: Mapping[str, object], log: ImportLog) -> date | None:
    try:
        return date.fromisoformat(campaign_text(fields, "delivery_date"))
    except ValueError:
        _unusable(fields, "delivery_date", log)
        return None


def _unusable(fields: Mapping[str, object], name: str, log: ImportLog) -> None:
    log.add(
        CAMPAIGN_FILE,
        None,
        Finding.CAMPAIGN_FIELD_UNUSABLE,
        column=name,
        value=excerpt(str(fields.get(name, ""))),
    )


def _check_distances(leaders: Sequence[BundleLeader], depot: Place, log: ImportLog) -> None:
    for leader in leaders:
        # A flat Earth is good enough to tell a neighbouring town from another province.
        east_deg = (leader.place.lng - depot.lng) * math.cos(math.radians(depot.lat))
        north_deg = leader.place.lat - depot.lat
        distance_km = round(math.hypot(east_deg, north_deg) * KM_PER_DEGREE)
        if distance_km > FAR_FROM_WAREHOUSE_KM:
            log.add(
                LEADERS_FILE,
                leader.row,
                Finding.WAREHOUSE_FAR,
                code=leader.code,
                distance_km=distance_km,
            )


def _in_file_order(warnings: Sequence[ImportWarning], raw: RawBundle) -> tuple[ImportWarning, ...]:
    """Sort by file and row, the whole-file findings last, so that a person can follow."""
    file_rank = {file: rank for rank, file in enumerate(raw.sheets)}
    return tuple(
        sorted(
            warnings,
            key=lambda warning: (
                file_rank.get(warning.file, -1),
                warning.row is None,
                warning.row or 0,
            ),
        )
    )
