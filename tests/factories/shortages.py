"""What changes a supply after it was shared out: late counts, losses, sorted pieces."""

from datetime import datetime

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, Stage
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.sorting import SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortTask
from orders.models.catalogue import Sku


def sku_of(code: str) -> Sku:
    """The SKU of this code."""
    return Sku.objects.get(code=code)


def arrive(run: CutoffRun, sku_code: str, qty: int, *, at: datetime) -> GoodsReceiptLine:
    """Count more accepted pieces of a SKU on its purchase line, without sharing them out."""
    line = PurchaseOrderLine.objects.get(purchase_order__run=run, sku__code=sku_code)
    receipt = line.purchase_order.receipts.first()
    assert receipt is not None
    return GoodsReceiptLine.objects.create(
        receipt=receipt, purchase_line=line, arrived_qty=qty, loose_qty=qty, counted_at=at
    )


def lose(run: CutoffRun, sku_code: str, qty: int, *, at: datetime) -> ExceptionCase:
    """Find pieces of a SKU missing or spoilt in sorting, without sharing again."""
    return ExceptionCase.objects.create(
        run=run,
        stage=Stage.SORT,
        cause=Cause.DAMAGED,
        sku=sku_of(sku_code),
        qty=qty,
        proposed_bearer=Bearer.WAREHOUSE,
        found_at=at,
    )


def sow(run: CutoffRun, sku_code: str, point_code: str, qty: int, *, at: datetime) -> SortEvent:
    """Put pieces of a SKU into a point's slot."""
    return SortEvent.objects.create(
        sort_task=SortTask.objects.get(wave__run=run, sku__code=sku_code),
        stage=SortStage.SLOT,
        drop=Drop.objects.get(wave__run=run, pickup_point__code=point_code),
        qty=qty,
        at=at,
    )
