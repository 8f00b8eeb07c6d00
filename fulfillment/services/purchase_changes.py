"""What a buyer changes about purchase orders: gives up, moves to another supplier, buys up.

Whatever is changed, the lines that were not moved and the leftovers used add
up to what was sold (the law `purchase_need`). A line that is given up brings
nothing, so its residents are refunded on the normal way of a shortage.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Sum

from fulfillment.domain.buying_up import OpenLine, packs_bought_up
from fulfillment.domain.lifecycle import PURCHASE_ORDER_LIFECYCLE
from fulfillment.domain.purchase_numbers import purchase_order_no
from fulfillment.domain.purchasing import line_for
from fulfillment.domain.supplier_terms import SupplierTerms
from fulfillment.errors import (
    NoOtherSupplier,
    PurchaseNeedsApproval,
    PurchaseOrderSettled,
    ReceivingClosed,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    LineEnd,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
    SupplierOffer,
)
from fulfillment.selectors.purchase_terms import offers_valid, terms_of
from fulfillment.selectors.receiving import is_counted
from fulfillment.services.purchasing import order_held, purchase_order_approve
from fulfillment.services.supplier_messages import supplier_tell
from leaders.models.accounts import User
from orders.models.outbox import Topic


@transaction.atomic
def purchase_lines_give_up(
    *, purchase_order: PurchaseOrder, line_ids: Collection[int], reason: str, now: datetime
) -> int:
    """Buy these lines from nobody; return how many of them were still bought.

    An order without lines is cancelled. Raises `PurchaseNeedsApproval` without
    a reason, `PurchaseOrderSettled` for goods that were counted, and
    `ReceivingClosed` and `DayClosed`.
    """
    order = order_held(purchase_order.pk)
    lines = _open_lines(order, line_ids)
    _end(order, lines, LineEnd.GIVEN_UP, reason, now)
    return len(lines)


@transaction.atomic
def purchase_line_move(
    *, purchase_line: PurchaseOrderLine, supplier: Supplier, reason: str, now: datetime
) -> PurchaseOrderLine | None:
    """Buy a line from another supplier; return the new line, None if it was moved before.

    What the first supplier has confirmed stays with it; only what is missing
    to the need moves. The new line stands on that supplier's order that was
    not sent yet, or on a further one. Raises `NoOtherSupplier` if the supplier
    offers nothing of the kind on that day, and what `purchase_lines_give_up` does.
    """
    order = order_held(purchase_line.purchase_order_id)
    lines = _open_lines(order, [purchase_line.pk])
    if not lines:
        return None
    (line,) = lines
    terms = _terms_elsewhere(order, line, supplier)
    kept_qty = line.confirmed_qty or 0
    missing_qty = line.need_qty - kept_qty
    if missing_qty < 1:
        raise PurchaseOrderSettled("The supplier has confirmed all that is needed.")
    if kept_qty:
        _reason_required(reason)
        line.need_qty = kept_qty
        line.packs = -(-kept_qty // line.pack_factor)
        line.ended_reason = reason.strip()
        line.save(update_fields=["need_qty", "packs", "ended_reason"])
        totals_store(order)
        _tell_change(order, line, now)
    else:
        _end(order, lines, LineEnd.MOVED, reason, now)
    bought = line_for(missing_qty, terms)
    target = _order_to_grow(order.run, supplier, line.sku_id, now)
    moved = PurchaseOrderLine.objects.create(
        purchase_order=target,
        sku_id=line.sku_id,
        need_qty=bought.need_qty,
        pack_factor=bought.pack_factor,
        packs=bought.packs,
        unit_cost_fen=bought.unit_cost_fen,
    )
    totals_store(target)
    return moved


@transaction.atomic
def purchase_order_buy_up(
    *, purchase_order: PurchaseOrder, reason: str, actor: User, now: datetime
) -> bool:
    """Order more packs until the supplier's minimums are met, and approve that.

    Returns False if the order was approved before. Raises
    `PurchaseNeedsApproval` without a reason: the surplus lies on the shelf and
    somebody answers for it; `PurchaseTermsNotUsable` if no number of packs
    gets there, and what an approval raises.
    """
    _reason_required(reason)
    order = order_held(purchase_order.pk)
    if order.approved_at is not None:
        return False
    if order.state != PurchaseOrderState.DRAFT:
        raise PurchaseOrderSettled("This order can no longer be approved.", state=order.state)
    lines = {line.pk: line for line in order.lines.filter(ended_as="").select_related("sku")}
    grown = _open_terms(order, lines.values())
    packs = packs_bought_up(grown, min_order_fen=order.supplier.min_order_fen)
    for open_line in grown:
        line = lines[open_line.line_key]
        line.packs = packs[line.pk]
        line.unit_cost_fen = open_line.terms.unit_cost_at(line.packs * line.pack_factor)
    PurchaseOrderLine.objects.bulk_update(lines.values(), ["packs", "unit_cost_fen"])
    totals_store(order)
    return purchase_order_approve(purchase_order=order, actor=actor, note=reason, now=now)


def totals_store(order: PurchaseOrder) -> None:
    """Store what the lines still bought cost, and what that misses to the minimum."""
    amount_fen = order.lines.filter(ended_as="").aggregate(fen=Sum("amount_fen", default=0))["fen"]
    gap_fen = max(0, order.supplier.min_order_fen - amount_fen)
    PurchaseOrder.objects.filter(pk=order.pk).update(
        amount_fen=amount_fen, min_order_gap_fen=gap_fen
    )


def _open_lines(order: PurchaseOrder, line_ids: Collection[int]) -> list[PurchaseOrderLine]:
    """The lines of an order that are still bought and not counted; refuses what is settled."""
    if order.run.receiving_closed_at is not None:
        raise ReceivingClosed(
            "The counts of this run are final.", closed_at=order.run.receiving_closed_at
        )
    wanted = order.lines.filter(pk__in=line_ids, ended_as="")
    if wanted.filter(is_counted()).exists():
        raise PurchaseOrderSettled("These goods have been counted already.")
    return list(wanted.select_related("sku").order_by("pk"))


def _end(
    order: PurchaseOrder,
    lines: Collection[PurchaseOrderLine],
    end: LineEnd,
    reason: str,
    now: datetime,
) -> None:
    """End lines for a reason; an order that has none left is cancelled."""
    _reason_required(reason)
    if not lines:
        return
    PurchaseOrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        ended_as=end, ended_reason=reason.strip()
    )
    totals_store(order)
    if not order.lines.filter(ended_as="").exists():
        cancelled = PurchaseOrderState.CANCELLED
        PurchaseOrder.objects.filter(
            pk=order.pk, state__in=PURCHASE_ORDER_LIFECYCLE.sources_of(cancelled)
        ).update(state=cancelled, min_order_gap_fen=0)
    for line in lines:
        _tell_change(order, line, now)


def _tell_change(order: PurchaseOrder, line: PurchaseOrderLine, now: datetime) -> None:
    """Tell a supplier that knows of the order that it looks different now."""
    if order.approved_at is not None:
        key = f"{order.po_no}:{line.pk}:{line.need_qty}"
        supplier_tell(
            purchase_order=order, topic=Topic.PURCHASE_ORDER, key=key, now=now, is_change=True
        )


def _reason_required(reason: str) -> None:
    if not reason.strip():
        raise PurchaseNeedsApproval("Say why.")


def _terms_elsewhere(
    order: PurchaseOrder, line: PurchaseOrderLine, supplier: Supplier
) -> SupplierTerms:
    offers = offers_valid(order.run.campaign.delivery_date).exclude(supplier_id=order.supplier_id)
    offer = offers.filter(supplier=supplier, sku_id=line.sku_id).first()
    if offer is None:
        raise NoOtherSupplier(
            "This supplier does not offer these goods on that day.", supplier=supplier.code
        )
    return terms_of(offer)


def _order_to_grow(run: CutoffRun, supplier: Supplier, sku_id: int, now: datetime) -> PurchaseOrder:
    """The supplier's order that was not sent yet and lacks these goods, or a new one."""
    orders = PurchaseOrder.objects.filter(run=run, supplier=supplier)
    growing = (
        orders.filter(state=PurchaseOrderState.DRAFT)
        .exclude(lines__sku_id=sku_id)
        .select_related("supplier")
        .order_by("seq")
        .first()
    )
    if growing is not None:
        return growing
    seq = (orders.aggregate(last=Max("seq", default=0))["last"]) + 1
    return PurchaseOrder.objects.create(
        po_no=purchase_order_no(run.campaign.code, supplier.code, seq),
        run=run,
        supplier=supplier,
        seq=seq,
        amount_fen=0,
        created_at=now,
    )


def _open_terms(order: PurchaseOrder, lines: Collection[PurchaseOrderLine]) -> list[OpenLine]:
    """The lines with what the supplier asks today, in the packs they were proposed in."""
    offers = {
        offer.sku_id: terms_of(offer)
        for offer in SupplierOffer.objects.filter(supplier_id=order.supplier_id)
        .select_related("supplier", "sku")
        .prefetch_related("tiers")
    }
    grown = []
    for line in lines:
        known = offers.get(line.sku_id)
        terms = SupplierTerms(
            supplier_code=order.supplier.code,
            sku_code=line.sku.code,
            pack_factor=line.pack_factor,
            unit_cost_fen=line.unit_cost_fen,
            min_order_qty=known.min_order_qty if known else 0,
            tiers=known.tiers if known else (),
        )
        grown.append(
            OpenLine(line_key=line.pk, need_qty=line.need_qty, packs=line.packs, terms=terms)
        )
    return grown
