"""Receiving: counts at the dock, and the moment they become final."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from fulfillment.domain.lifecycle import PURCHASE_ORDER_LIFECYCLE
from fulfillment.errors import ReceiptForUnknownLine, ReceivingClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import Batch, GoodsReceipt, GoodsReceiptLine
from fulfillment.selectors.receiving import is_counted, purchase_lines_uncounted
from leaders.models.accounts import User
from orders.domain.ledger import goods_received
from orders.services.ledger import transfers_post


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCount:
    """What was counted of one purchase line in one arrival."""

    purchase_line_id: int
    arrived_qty: int
    rejected_qty: int


@transaction.atomic
def receipt_record(
    *,
    purchase_order: PurchaseOrder,
    receipt_no: str,
    counts: Sequence[LineCount],
    actor: User | None,
    now: datetime,
) -> GoodsReceipt:
    """Record one arrival with its counts and what is owed for it.

    The receipt number makes it happen once: recording it again returns what is
    there. Raises `ReceivingClosed` once the counts of the run are final and
    `ReceiptForUnknownLine` for a line of another order.
    """
    if known := GoodsReceipt.objects.filter(receipt_no=receipt_no).first():
        return known
    run = CutoffRun.objects.select_for_update().get(pk=purchase_order.run_id)
    if run.receiving_closed_at is not None:
        raise ReceivingClosed(
            "The counts of this run are final.", closed_at=run.receiving_closed_at
        )
    lines = {line.pk: line for line in purchase_order.lines.select_related("sku__product")}
    if unknown := [count for count in counts if count.purchase_line_id not in lines]:
        raise ReceiptForUnknownLine(
            "A count is for a line of another purchase order.", lines=len(unknown)
        )
    receipt = GoodsReceipt.objects.create(
        receipt_no=receipt_no, purchase_order=purchase_order, received_at=now, received_by=actor
    )
    receipt_lines = GoodsReceiptLine.objects.bulk_create(
        GoodsReceiptLine(
            receipt=receipt,
            purchase_line=lines[count.purchase_line_id],
            arrived_qty=count.arrived_qty,
            rejected_qty=count.rejected_qty,
            counted_at=now,
            counted_by=actor,
        )
        for count in counts
    )
    _batches_open(receipt, receipt_lines, lines)
    _goods_owe(receipt, counts, lines)
    PurchaseOrder.objects.filter(
        pk=purchase_order.pk,
        state__in=PURCHASE_ORDER_LIFECYCLE.sources_of(PurchaseOrderState.RECEIVED),
    ).update(state=PurchaseOrderState.RECEIVED)
    return receipt


@transaction.atomic
def receiving_close(*, run: CutoffRun, now: datetime) -> None:
    """Make the counts of a run final; safe to repeat.

    A line nobody counted did not arrive: from here on it counts as zero.
    """
    CutoffRun.objects.filter(pk=run.pk, receiving_closed_at__isnull=True).update(
        receiving_closed_at=now
    )


@transaction.atomic
def receipts_record_as_ordered(
    *, purchase_order: PurchaseOrder, actor: User | None, now: datetime
) -> GoodsReceipt:
    """Record that everything still open on a purchase order arrived and was accepted."""
    open_lines = purchase_order.lines.filter(ended_as="").exclude(is_counted())
    arrivals = purchase_order.receipts.count()
    return receipt_record(
        purchase_order=purchase_order,
        receipt_no=receipt_no(purchase_order, arrival=arrivals + 1),
        counts=[
            LineCount(purchase_line_id=line.pk, arrived_qty=line.ordered_qty, rejected_qty=0)
            for line in open_lines
        ],
        actor=actor,
        now=now,
    )


def receipt_no(purchase_order: PurchaseOrder, *, arrival: int) -> str:
    """The number of the n-th arrival on a purchase order."""
    return f"{purchase_order.po_no}-G{arrival}"


def receiving_sum(*, run: CutoffRun) -> Mapping[str, int]:
    """Return the figures of the final counts."""
    totals = (
        GoodsReceiptLine.objects.standing()
        .filter(purchase_line__purchase_order__run=run)
        .aggregate(
            arrived=Sum("arrived_qty", default=0),
            rejected=Sum("rejected_qty", default=0),
            accepted=Sum("accepted_qty", default=0),
        )
    )
    return {
        "pieces_arrived": totals["arrived"],
        "pieces_rejected": totals["rejected"],
        "pieces_accepted": totals["accepted"],
        "lines_uncounted": purchase_lines_uncounted(run),
    }


def _batches_open(
    receipt: GoodsReceipt,
    receipt_lines: Sequence[GoodsReceiptLine],
    lines: Mapping[int, PurchaseOrderLine],
) -> None:
    """Give every counted line a batch, so that its goods can be traced."""
    Batch.objects.bulk_create(
        Batch(
            receipt_line=receipt_line,
            batch_no=f"{receipt.receipt_no}-{lines[receipt_line.purchase_line_id].sku.code}",
            origin=lines[receipt_line.purchase_line_id].sku.product.origin,
        )
        for receipt_line in receipt_lines
    )


def _goods_owe(
    receipt: GoodsReceipt, counts: Sequence[LineCount], lines: Mapping[int, PurchaseOrderLine]
) -> None:
    """Post what is owed to the supplier for the accepted pieces."""
    drafts = []
    for count in counts:
        line = lines[count.purchase_line_id]
        amount_fen = (count.arrived_qty - count.rejected_qty) * line.unit_cost_fen
        if amount_fen:
            drafts.append(
                goods_received(
                    receipt_no=receipt.receipt_no,
                    sku_code=line.sku.code,
                    supplier_code=receipt.purchase_order.supplier.code,
                    amount_fen=amount_fen,
                    business_date=timezone.localdate(receipt.received_at),
                )
            )
    transfers_post(drafts=drafts, now=receipt.received_at)
