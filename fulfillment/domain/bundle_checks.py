"""Looks at an understood day as a whole and warns; it changes and drops nothing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from fulfillment.domain.bundle import (
    BundleLine,
    BundleOrder,
    BundleReceipt,
    BundleSku,
    Finding,
)
from fulfillment.domain.bundle_cells import ImportLog
from fulfillment.domain.bundle_format import ORDERS_FILE, RECEIPTS_FILE
from orders.domain.cutoff import Timeline


def check_clocks(timeline: Timeline, orders: Sequence[BundleOrder], log: ImportLog) -> None:
    """Warn about orders placed or paid outside the campaign's clocks."""
    for order in orders:
        if not timeline.opens_at <= order.placed_at <= timeline.orders_close_at:
            _about(order, log, Finding.PLACED_OUTSIDE_WINDOW)
        if order.paid_at < order.placed_at:
            _about(order, log, Finding.PAID_BEFORE_PLACED)
        if order.paid_at > timeline.payments_close_at:
            _about(order, log, Finding.PAID_AFTER_CLOSE)


def check_residents(orders: Sequence[BundleOrder], log: ImportLog) -> None:
    """Warn once per resident whose name, phone or door differs between orders."""
    first_orders: dict[str, BundleOrder] = {}
    warned: set[str] = set()
    for order in orders:
        first = first_orders.setdefault(order.resident_code, order)
        if order.resident_code not in warned and _person(order) != _person(first):
            warned.add(order.resident_code)
            log.add(
                ORDERS_FILE,
                order.row,
                Finding.RESIDENT_DETAILS_DIFFER,
                code=order.resident_code,
                first_row=first.row,
            )


def check_caps(
    orders: Sequence[BundleOrder], sku_of_code: Mapping[str, BundleSku], log: ImportLog
) -> None:
    """Warn about every line that breaks a stock cap or a limit per resident.

    Lines are counted in the order in which they were paid; a line is named
    when the total up to and including it lies above the limit.
    """
    sold_of_sku: dict[str, int] = defaultdict(int)
    bought: dict[tuple[str, str], int] = defaultdict(int)
    for order, line in _lines_as_paid(orders):
        sku = sku_of_code[line.sku_code]
        sold_of_sku[sku.code] += line.qty
        bought[order.resident_code, sku.code] += line.qty
        if sku.stock_cap is not None and sold_of_sku[sku.code] > sku.stock_cap:
            log.add(
                ORDERS_FILE,
                line.row,
                Finding.STOCK_CAP_EXCEEDED,
                order_no=order.order_no,
                code=sku.code,
                total=sold_of_sku[sku.code],
                limit=sku.stock_cap,
            )
        total = bought[order.resident_code, sku.code]
        if sku.per_resident_limit is not None and total > sku.per_resident_limit:
            log.add(
                ORDERS_FILE,
                line.row,
                Finding.RESIDENT_LIMIT_EXCEEDED,
                order_no=order.order_no,
                code=sku.code,
                resident=order.resident_code,
                total=total,
                limit=sku.per_resident_limit,
            )


def check_receipts(
    orders: Sequence[BundleOrder], receipts: Sequence[BundleReceipt], log: ImportLog
) -> None:
    """Warn about every article that was sold and of which nothing was counted.

    Such an article counts as not arrived, and its buyers get their money back.
    """
    sold_of_sku: dict[str, int] = defaultdict(int)
    for order in orders:
        for line in order.lines:
            sold_of_sku[line.sku_code] += line.qty
    counted = {receipt.sku_code for receipt in receipts}
    for code in sorted(sold_of_sku.keys() - counted):
        log.add(RECEIPTS_FILE, None, Finding.RECEIPT_MISSING, code=code, qty=sold_of_sku[code])


def _lines_as_paid(orders: Sequence[BundleOrder]) -> Iterator[tuple[BundleOrder, BundleLine]]:
    for order in sorted(orders, key=lambda order: (order.paid_at, order.order_no)):
        for line in order.lines:
            yield order, line


def _person(order: BundleOrder) -> tuple[str, str, str, str]:
    return order.resident_name, order.resident_phone, order.building, order.room


def _about(order: BundleOrder, log: ImportLog, finding: Finding) -> None:
    log.add(ORDERS_FILE, order.row, finding, order_no=order.order_no)
