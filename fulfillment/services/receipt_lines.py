"""The rows behind a count: the count itself, its batch, its cases and what is owed for it.

Whoever calls holds the lock of the run (`day_guard`): which number a count has
in its receipt is read under it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.utils import timezone

from fulfillment.domain.receiving import own_batch_no
from fulfillment.errors import CaseDecided
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.receiving import Batch, GoodsReceipt, GoodsReceiptLine
from fulfillment.services.count_entries import CountEntry
from fulfillment.services.exceptions import CaseDraft, case_decide, case_open
from leaders.models.accounts import User
from orders.domain.ledger import goods_key, goods_received
from orders.domain.transfers import TransferDraft
from orders.services.ledger import transfer_reverse

NOTE_LENGTH = 200


def receipt_lines_store(
    *,
    receipt: GoodsReceipt,
    entries: Sequence[CountEntry],
    actor: User | None,
    now: datetime,
) -> list[GoodsReceiptLine]:
    """Add counts with their batches, and open a case for what is damaged, bad or too much."""
    rows = GoodsReceiptLine.objects.bulk_create(
        GoodsReceiptLine(
            receipt=receipt,
            purchase_line=entry.line,
            event_id=entry.event_id,
            packs=entry.count.packs or 0,
            loose_qty=entry.count.loose_qty,
            arrived_qty=entry.count.arrived_qty,
            rejected_qty=entry.count.rejected_qty,
            damaged_qty=entry.count.damaged_qty,
            excess_qty=entry.count.excess_qty,
            reject_note=entry.count.reject_note,
            weight_g=entry.count.weight_g,
            temperature_dc=entry.count.temperature_dc,
            photo=entry.photo_name,
            counted_at=now,
            counted_by=actor,
        )
        for entry in entries
    )
    Batch.objects.bulk_create(
        _batch(receipt, row, entry) for row, entry in zip(rows, entries, strict=True)
    )
    for entry in entries:
        for draft in _case_drafts(entry):
            case_open(run_id=receipt.purchase_order.run_id, draft=draft, actor=actor, now=now)
    return rows


def goods_owed(*, receipt: GoodsReceipt, rows: Sequence[GoodsReceiptLine]) -> list[TransferDraft]:
    """Return what is owed for counts that were just stored; worth nothing, owed nothing."""
    stored = Counter(
        GoodsReceiptLine.objects.filter(
            receipt=receipt, pk__lt=min((row.pk for row in rows), default=0)
        ).values_list("purchase_line_id", flat=True)
    )
    drafts = []
    for row in rows:
        stored[row.purchase_line_id] += 1
        amount_fen = _accepted(row) * row.purchase_line.unit_cost_fen
        if amount_fen:
            drafts.append(
                goods_received(
                    receipt_no=receipt.receipt_no,
                    sku_code=row.purchase_line.sku.code,
                    supplier_code=receipt.purchase_order.supplier.code,
                    amount_fen=amount_fen,
                    business_date=timezone.localdate(row.counted_at),
                    count_no=stored[row.purchase_line_id],
                )
            )
    return drafts


def goods_no_longer_owed(*, row: GoodsReceiptLine, business_date: date, now: datetime) -> None:
    """Reverse what was posted for a count that is taken back; safe to repeat."""
    if _accepted(row) * row.purchase_line.unit_cost_fen == 0:
        return
    earlier = GoodsReceiptLine.objects.filter(
        receipt_id=row.receipt_id, purchase_line_id=row.purchase_line_id, pk__lt=row.pk
    )
    key = goods_key(
        row.receipt.receipt_no, row.purchase_line.sku.code, count_no=earlier.count() + 1
    )
    transfer_reverse(idem_key=key, business_date=business_date, now=now)


def cases_withdraw(*, row: GoodsReceiptLine, reason: str, actor: User, now: datetime) -> None:
    """Settle the open cases of a count that is taken back: no pieces, nobody's loss.

    Raises `CaseDecided` if somebody has decided one of them: that decision is
    taken back first, where it was taken.
    """
    events = [_case_event(row.event_id, cause) for cause in Cause]
    cases = ExceptionCase.objects.filter(event_id__in=events).order_by("pk")
    if cases.filter(state=ExceptionCaseState.DECIDED).exists():
        raise CaseDecided(
            "It is decided already who bears what this count rejected; take that back first."
        )
    for case in cases:
        case_decide(case_id=case.pk, bearer=Bearer.OPERATOR, note=reason, actor=actor, now=now)
    cases.update(qty=0)


def _batch(receipt: GoodsReceipt, row: GoodsReceiptLine, entry: CountEntry) -> Batch:
    """Every count has a batch, so that its goods can be traced."""
    return Batch(
        receipt_line=row,
        batch_no=entry.count.batch_no or own_batch_no(receipt.receipt_no, entry.line.sku.code),
        origin=entry.count.origin or entry.line.sku.product.origin,
        certificate_no=entry.count.certificate_no,
        expires_on=entry.count.expires_on,
    )


def _case_drafts(entry: CountEntry) -> Iterator[CaseDraft]:
    """What of a count somebody has to bear; a photo goes with what it shows."""
    count = entry.count
    for cause, qty in (
        (Cause.DAMAGED, count.damaged_qty),
        (Cause.QUALITY, count.quality_qty),
        (Cause.OVER, count.excess_qty),
    ):
        if qty:
            yield CaseDraft(
                stage=Stage.RECEIVE,
                cause=cause,
                qty=qty,
                sku_id=entry.line.sku_id,
                purchase_line_id=entry.line.pk,
                note=count.reject_note[:NOTE_LENGTH],
                photo=None if cause is Cause.OVER else count.photo,
                event_id=_case_event(entry.event_id, cause),
            )


def _case_event(event_id: UUID, cause: Cause) -> UUID:
    """The event of a case follows from its count's: told twice, it is the same case."""
    return uuid5(event_id, cause.value)


def _accepted(row: GoodsReceiptLine) -> int:
    """Pieces accepted of a row that may not have been read back from the database yet."""
    return row.arrived_qty - row.rejected_qty
