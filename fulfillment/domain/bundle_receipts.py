"""Understands ``receipts.csv``: what the dock counted, one row per article."""

from collections.abc import Mapping

from fulfillment.domain.bundle import BundleReceipt, BundleSku, Finding
from fulfillment.domain.bundle_cells import ImportLog, RowCells
from fulfillment.domain.bundle_format import (
    SKU_CODE_LIMIT,
    STOCK_LIMIT,
    SUPPLIER_CODE_LIMIT,
    Sheet,
)


def read_receipts(
    sheet: Sheet, *, sku_of_code: Mapping[str, BundleSku], log: ImportLog
) -> tuple[BundleReceipt, ...]:
    """Understand the receipts sheet.

    The accepted count decides who gets goods, so it is taken as it stands;
    where the three counts do not add up, the arrived count is put right and a
    warning says so. A second row for the same article is refused: adding it up
    could hand out pieces that nobody has.
    """
    found: dict[str, BundleReceipt] = {}
    for row in sheet.rows:
        cells = RowCells(log, sheet.file, row)
        receipt = _receipt(cells, sku_of_code)
        if cells.refused:
            continue
        first = found.setdefault(receipt.sku_code, receipt)
        if first is not receipt:
            cells.refuse(Finding.RECEIPT_REPEATED, code=receipt.sku_code, first_row=first.row)
    return tuple(found.values())


def _receipt(cells: RowCells, sku_of_code: Mapping[str, BundleSku]) -> BundleReceipt:
    sku_code = cells.code("sku_code", SKU_CODE_LIMIT)
    supplier_code = cells.code("supplier_code", SUPPLIER_CODE_LIMIT)
    arrived = cells.whole("arrived_qty", 0, STOCK_LIMIT)
    rejected = cells.whole("rejected_qty", 0, STOCK_LIMIT)
    accepted = cells.whole("accepted_qty", 0, STOCK_LIMIT)
    sku = sku_of_code.get(sku_code)
    if sku is None:
        if sku_code:
            cells.refuse(Finding.SKU_UNKNOWN, code=cells.short("sku_code"))
    elif not cells.refused:
        if supplier_code != sku.supplier_code:
            cells.warn(
                Finding.RECEIPT_OTHER_SUPPLIER,
                code=sku_code,
                listed=sku.supplier_code,
                found=supplier_code,
            )
            supplier_code = sku.supplier_code
        if arrived != rejected + accepted:
            cells.warn(
                Finding.RECEIPT_SUM_DIFFERS,
                code=sku_code,
                arrived=arrived,
                counted=rejected + accepted,
            )
    return BundleReceipt(
        row=cells.row.number,
        supplier_code=supplier_code,
        sku_code=sku_code,
        arrived_qty=rejected + accepted,
        rejected_qty=rejected,
        accepted_qty=accepted,
    )
