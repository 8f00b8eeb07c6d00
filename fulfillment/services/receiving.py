"""Receiving: counts at the dock, and the moment they become final."""

import itertools
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from fulfillment.domain.lifecycle import PURCHASE_ORDER_LIFECYCLE
from fulfillment.domain.receiving import LineCount, in_packs
from fulfillment.errors import (
    CountInUse,
    CountNotPossible,
    ReceiptForUnknownLine,
    ReceivingClosed,
)
from fulfillment.models.allocation import AllocationCause
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceipt, GoodsReceiptLine, ReceiptLineVoid
from fulfillment.selectors.receiving import (
    accepted_by_sku,
    is_counted,
    purchase_lines_uncounted,
)
from fulfillment.selectors.sorting import sown_by_point_and_sku
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.count_entries import (
    CountEntry,
    count_entry,
    count_known,
    expected_of_line,
    photo_kept,
)
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.receipt_lines import (
    cases_withdraw,
    goods_no_longer_owed,
    goods_owed,
    receipt_lines_store,
)
from leaders.models.accounts import User
from leaders.services.photos import photo_file
from orders.services.ledger import transfers_post


def count_record(
    *,
    purchase_order: PurchaseOrder,
    count: LineCount,
    event_id: UUID,
    actor: User,
    now: datetime,
) -> GoodsReceiptLine:
    """Store what was counted of one line and what is owed for it, once per event.

    Good pieces beyond what is still open are rejected as too many: nothing is
    accepted beyond what was ordered. The first count of an order opens its
    arrival. After the dock has closed the SKU is shared out again.

    Raises
    ------
    CountNotPossible, CountNegative
        If the figures contradict each other, or the event is known with others.
    ReceiptForUnknownLine
        If the line belongs to another purchase order.
    PurchaseOrderSettled
        If the order was cancelled.
    PhotoRefused
        If the photo is none.
    DayClosed
        After the day.
    """
    photo = photo_file(count.photo) if count.photo else None
    with ExitStack() as undo, transaction.atomic():
        run = run_open_locked(purchase_order.run_id)
        if known := count_known(event_id, count):
            return known
        entry = count_entry(purchase_order, count, event_id)
        receipt = _arrival(purchase_order, is_new=count.is_new_arrival, actor=actor, now=now)
        entry = replace(entry, photo_name=photo_kept(photo, undo))
        (row,) = receipt_lines_store(receipt=receipt, entries=[entry], actor=actor, now=now)
        _receive(purchase_order)
        _share_again(run, row, actor=actor, now=now)
        transfers_post(drafts=goods_owed(receipt=receipt, rows=[row]), now=now)
        undo.pop_all()
    return row


@transaction.atomic
def count_void(
    *, receipt_line: GoodsReceiptLine, reason: str, actor: User, now: datetime
) -> ReceiptLineVoid:
    """Take a count back: it leaves every sum, and nothing is owed for it any more.

    Raises
    ------
    CountNotPossible
        If it is taken back already, or nobody says why.
    CountInUse
        If its goods are sorted already.
    CaseDecided
        If somebody has decided who bears what it rejected.
    DayClosed
        After the day.
    """
    run = run_open_locked(receipt_line.receipt.purchase_order.run_id)
    void = _take_back(receipt_line, reason, actor, now)
    _require_sown_kept(run, receipt_line)
    _share_again(run, receipt_line, actor=actor, now=now, reason=reason)
    goods_no_longer_owed(row=receipt_line, business_date=timezone.localdate(now), now=now)
    return void


def count_correct(
    *,
    receipt_line: GoodsReceiptLine,
    count: LineCount,
    event_id: UUID,
    reason: str,
    actor: User,
    now: datetime,
) -> GoodsReceiptLine:
    """Take a count back and store the right one in its place, in one go and once per event.

    Between the two nobody's share is touched: the goods are shared out again
    from the right count only. The photo stays unless there is a new one.
    Raises what `count_record` and `count_void` raise.
    """
    photo = photo_file(count.photo) if count.photo else None
    receipt = receipt_line.receipt
    with ExitStack() as undo, transaction.atomic():
        run = run_open_locked(receipt.purchase_order.run_id)
        if known := count_known(event_id, count):
            return known
        _take_back(receipt_line, reason, actor, now)
        entry = count_entry(receipt.purchase_order, count, event_id)
        photo_name = photo_kept(photo, undo) or receipt_line.photo.name or ""
        entry = replace(entry, photo_name=photo_name)
        (row,) = receipt_lines_store(receipt=receipt, entries=[entry], actor=actor, now=now)
        _require_sown_kept(run, row)
        _receive(receipt.purchase_order)
        _share_again(run, row, actor=actor, now=now, reason=reason)
        goods_no_longer_owed(row=receipt_line, business_date=timezone.localdate(now), now=now)
        transfers_post(drafts=goods_owed(receipt=receipt, rows=[row]), now=now)
        undo.pop_all()
    return row


@transaction.atomic
def receipt_record(
    *,
    purchase_order: PurchaseOrder,
    receipt_no: str,
    counts: Sequence[LineCount],
    actor: User | None,
    now: datetime,
) -> GoodsReceipt:
    """Record one arrival with its counts, taken as they stand, and what is owed for it.

    The receipt number makes it happen once: recording it again returns what is
    there. Raises `ReceivingClosed` once the dock is closed,
    `ReceiptForUnknownLine` for a line of another order and `CountNotPossible`
    for figures that contradict each other.
    """
    run = run_open_locked(purchase_order.run_id)
    if known := GoodsReceipt.objects.filter(receipt_no=receipt_no).first():
        return known
    if run.receiving_closed_at is not None:
        raise ReceivingClosed(
            "Receiving is closed; what comes late is counted line by line.",
            closed_at=run.receiving_closed_at,
        )
    lines = {line.pk: line for line in purchase_order.lines.select_related("sku__product")}
    if unknown := [count for count in counts if count.purchase_line_id not in lines]:
        raise ReceiptForUnknownLine(
            "A count is for a line of another purchase order.", lines=len(unknown)
        )
    entries = [
        CountEntry(
            event_id=uuid4(),
            line=(line := lines[count.purchase_line_id]),
            count=in_packs(count, pack_factor=line.pack_factor),
        )
        for count in counts
    ]
    receipt = GoodsReceipt.objects.create(
        receipt_no=receipt_no, purchase_order=purchase_order, received_at=now, received_by=actor
    )
    rows = receipt_lines_store(receipt=receipt, entries=entries, actor=actor, now=now)
    _receive(purchase_order)
    transfers_post(drafts=goods_owed(receipt=receipt, rows=rows), now=now)
    return receipt


@transaction.atomic
def receipts_record_as_ordered(
    *, purchase_order: PurchaseOrder, actor: User | None, now: datetime
) -> GoodsReceipt:
    """Record that everything nobody has counted yet arrived as promised and was accepted.

    Raises `CountNotPossible` where nothing is left to count, and what
    `receipt_record` raises.
    """
    run_open_locked(purchase_order.run_id)
    open_lines = list(purchase_order.lines.filter(ended_as="").exclude(is_counted()))
    if not open_lines:
        raise CountNotPossible("Nothing of this order is left to count.")
    return receipt_record(
        purchase_order=purchase_order,
        receipt_no=_next_receipt_no(purchase_order),
        counts=[
            LineCount(purchase_line_id=line.pk, arrived_qty=expected_of_line(line))
            for line in open_lines
        ],
        actor=actor,
        now=now,
    )


@transaction.atomic
def receiving_close(*, run: CutoffRun, now: datetime) -> None:
    """Make the counts of a run final; safe to repeat.

    A line nobody counted did not arrive: from here on it counts as zero. What
    is counted later is shared out again.
    """
    CutoffRun.objects.filter(pk=run.pk, receiving_closed_at__isnull=True).update(
        receiving_closed_at=now
    )


def receipt_no(purchase_order: PurchaseOrder, *, arrival: int) -> str:
    """The number of the n-th arrival on a purchase order."""
    return f"{purchase_order.po_no}-G{arrival}"


def receiving_sum(*, run: CutoffRun) -> Mapping[str, int]:
    """Return the figures of the counts that stand."""
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


def _arrival(
    purchase_order: PurchaseOrder, *, is_new: bool, actor: User, now: datetime
) -> GoodsReceipt:
    """The arrival that is being counted: the newest, or a new one for another truck."""
    newest = purchase_order.receipts.order_by("-pk").first()
    if newest is not None and not is_new:
        return newest
    return GoodsReceipt.objects.create(
        receipt_no=_next_receipt_no(purchase_order),
        purchase_order=purchase_order,
        received_at=now,
        received_by=actor,
    )


def _next_receipt_no(purchase_order: PurchaseOrder) -> str:
    taken = set(purchase_order.receipts.values_list("receipt_no", flat=True))
    numbers = (
        receipt_no(purchase_order, arrival=arrival) for arrival in itertools.count(len(taken) + 1)
    )
    return next(number for number in numbers if number not in taken)


def _receive(purchase_order: PurchaseOrder) -> None:
    """Call an order received once every line that is still bought has a count."""
    if purchase_order.lines.filter(ended_as="").exclude(is_counted()).exists():
        return
    PurchaseOrder.objects.filter(
        pk=purchase_order.pk,
        state__in=PURCHASE_ORDER_LIFECYCLE.sources_of(PurchaseOrderState.RECEIVED),
    ).update(state=PurchaseOrderState.RECEIVED)


def _take_back(
    receipt_line: GoodsReceiptLine, reason: str, actor: User, now: datetime
) -> ReceiptLineVoid:
    if not reason.strip():
        raise CountNotPossible("Say why the count is taken back.")
    void, is_new = ReceiptLineVoid.objects.get_or_create(
        receipt_line=receipt_line,
        defaults={"reason": reason.strip(), "voided_at": now, "voided_by": actor},
    )
    if not is_new:
        raise CountNotPossible("This count is taken back already.")
    cases_withdraw(row=receipt_line, reason=reason.strip(), actor=actor, now=now)
    return void


def _require_sown_kept(run: CutoffRun, row: GoodsReceiptLine) -> None:
    """Refuse to take away goods that lie in the slots already."""
    sku_id = row.purchase_line.sku_id
    sown = sum(
        pieces
        for (_point, sown_id), pieces in sown_by_point_and_sku(run).items()
        if sown_id == sku_id
    )
    left = accepted_by_sku(run).get(sku_id, 0)
    if left < sown:
        raise CountInUse(
            "More of it is sorted already than would be left; take that out of the slots first.",
            sorted=sown,
            left=left,
        )


def _share_again(
    run: CutoffRun, row: GoodsReceiptLine, *, actor: User, now: datetime, reason: str = ""
) -> None:
    """After the dock has closed, let the SKU of a count be shared out anew."""
    if run.receiving_closed_at is None:
        return
    allocation_rerun(
        run=run,
        sku_id=row.purchase_line.sku_id,
        cause=AllocationCause.RECOUNT,
        reason=reason,
        actor=actor,
        now=now,
    )
