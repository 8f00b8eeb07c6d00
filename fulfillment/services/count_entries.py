"""A count on its way into the rows: known already, or checked against its purchase line.

Whoever calls holds the lock of the run (`day_guard`): how much of a line is
still open is read under it.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Sum

from fulfillment.domain.receiving import LineCount, expected_pieces, in_packs, without_excess
from fulfillment.errors import CountNotPossible, PurchaseOrderSettled, ReceiptForUnknownLine
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceiptLine

FOLDER = "receipts"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountEntry:
    """A count ready to be stored; `photo_name` is where its photo lies, '' for none."""

    event_id: UUID
    line: PurchaseOrderLine
    count: LineCount
    photo_name: str = ""


def count_known(event_id: UUID, count: LineCount) -> GoodsReceiptLine | None:
    """Return the count of this event if it is stored.

    Raises `CountNotPossible` if it is stored with other figures.
    """
    row = GoodsReceiptLine.objects.select_related("batch").filter(event_id=event_id).first()
    if row is not None and not _says(row, count):
        raise CountNotPossible(
            "This count is stored with other figures; correct it there.", event_id=str(event_id)
        )
    return row


def _says(row: GoodsReceiptLine, count: LineCount) -> bool:
    """Whether a row stores this count; surplus and batch number may have been added to it."""
    same = (
        (row.purchase_line_id, count.purchase_line_id),
        (row.arrived_qty, count.arrived_qty),
        (row.packs, row.packs if count.packs is None else count.packs),
        (row.rejected_qty - row.excess_qty, count.rejected_qty - count.excess_qty),
        (row.damaged_qty, count.damaged_qty),
        (row.weight_g, count.weight_g),
        (row.temperature_dc, count.temperature_dc),
        (row.batch.batch_no, count.batch_no or row.batch.batch_no),
        (row.batch.certificate_no, count.certificate_no),
        (row.batch.expires_on, count.expires_on),
    )
    return all(stored == told for stored, told in same)


def count_entry(purchase_order: PurchaseOrder, count: LineCount, event_id: UUID) -> CountEntry:
    """Return the count as it will be stored: checked, and its surplus rejected.

    Raises
    ------
    CountNotPossible, CountNegative
        If the figures contradict each other.
    ReceiptForUnknownLine
        If the line belongs to another purchase order.
    PurchaseOrderSettled
        If the order was cancelled.
    """
    if purchase_order.state == PurchaseOrderState.CANCELLED:
        raise PurchaseOrderSettled("This order was cancelled; nothing is received on it.")
    line = (
        purchase_order.lines.select_related("sku__product")
        .filter(pk=count.purchase_line_id)
        .first()
    )
    if line is None:
        raise ReceiptForUnknownLine("A count is for a line of another purchase order.", lines=1)
    limit = line.ordered_qty if count.takes_unconfirmed else expected_of_line(line)
    checked = in_packs(count, pack_factor=line.pack_factor)
    open_qty = max(limit - _accepted_of_line(line.pk), 0)
    return CountEntry(
        event_id=event_id, line=line, count=without_excess(checked, open_qty=open_qty)
    )


def expected_of_line(line: PurchaseOrderLine) -> int:
    """Pieces the supplier should bring on a line."""
    return expected_pieces(
        ordered_qty=line.ordered_qty,
        confirmed_qty=line.confirmed_qty,
        is_ended=bool(line.ended_as),
    )


def photo_kept(photo: "ContentFile[bytes] | None", undo: ExitStack) -> str:
    """Put the photo into the storage and return its name; `undo` takes it away again."""
    if photo is None:
        return ""
    name = default_storage.save(f"{FOLDER}/{photo.name}", photo)
    undo.callback(default_storage.delete, name)
    return name


def _accepted_of_line(line_id: int) -> int:
    """Pieces of a purchase line accepted by counts that stand."""
    counted = GoodsReceiptLine.objects.standing().filter(purchase_line_id=line_id)
    pieces: int = counted.aggregate(pieces=Sum("accepted_qty", default=0))["pieces"]
    return pieces
