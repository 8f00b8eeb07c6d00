"""What speaks against the purchase orders of a run."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.conf import settings

from fulfillment.domain.purchase_review import (
    Objection,
    ReviewedLine,
    ReviewedOrder,
    ReviewLimits,
    objections_to,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    SupplierOffer,
)
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from fulfillment.selectors.purchase_terms import last_costs

# What a supplier must hold to sell food; certificates belong to a batch.
LICENCES = (SupplierPaperKind.BUSINESS_LICENCE, SupplierPaperKind.FOOD_LICENCE)
# Whoever brought the goods needs no reminder any more.
ANSWERED = (
    PurchaseOrderState.CONFIRMED,
    PurchaseOrderState.CONFIRMED_SHORT,
    PurchaseOrderState.RECEIVED,
)


def objections_by_order(
    run: CutoffRun, orders: Sequence[PurchaseOrder], *, now: datetime
) -> dict[int, list[Objection]]:
    """What speaks against each of these orders of a run, by its id, the gravest first.

    Cancelled orders have nothing against them. The orders carry their supplier.
    """
    open_orders = [order for order in orders if order.state != PurchaseOrderState.CANCELLED]
    lines = _lines_by_order(open_orders)
    costs = last_costs(run, {line.sku_id for held in lines.values() for line in held})
    least = _least_orders(open_orders)
    licences = licences_held({order.supplier_id for order in open_orders})
    limits = ReviewLimits(
        on=run.campaign.delivery_date, now=now, price_jump_percent=settings.PRICE_JUMP_PERCENT
    )
    found: dict[int, list[Objection]] = {order.pk: [] for order in orders}
    for order in open_orders:
        reviewed = ReviewedOrder(
            amount_fen=order.amount_fen,
            min_order_fen=order.supplier.min_order_fen,
            lines=[
                ReviewedLine(
                    sku_code=line.sku.code,
                    need_qty=line.need_qty,
                    ordered_qty=line.ordered_qty,
                    unit_cost_fen=line.unit_cost_fen,
                    min_order_qty=least.get((order.supplier_id, line.sku_id), 0),
                    last_cost_fen=costs.get(line.sku_id),
                    confirmed_qty=line.confirmed_qty,
                )
                for line in lines[order.pk]
            ],
            licences=licences[order.supplier_id],
            confirm_by=order.confirm_by,
            is_confirmed=order.state in ANSWERED,
        )
        found[order.pk] = objections_to(reviewed, limits)
    return found


def licences_held(supplier_ids: Collection[int]) -> defaultdict[int, list[date | None]]:
    """The last day of each kind of licence by supplier id; None for one without an end.

    Of several papers of a kind the one that holds longest counts.
    """
    held: dict[tuple[int, str], date | None] = {}
    papers = SupplierPaper.objects.filter(supplier_id__in=supplier_ids, kind__in=LICENCES)
    for supplier_id, kind, expires_on in papers.order_by("pk").values_list(
        "supplier_id", "kind", "expires_on"
    ):
        key = (supplier_id, kind)
        if key not in held or _is_longer(expires_on, held[key]):
            held[key] = expires_on
    by_supplier: defaultdict[int, list[date | None]] = defaultdict(list)
    for (supplier_id, _kind), expires_on in sorted(held.items(), key=lambda item: item[0]):
        by_supplier[supplier_id].append(expires_on)
    return by_supplier


def _is_longer(one: date | None, other: date | None) -> bool:
    return other is not None and (one is None or one > other)


def _lines_by_order(
    orders: Sequence[PurchaseOrder],
) -> defaultdict[int, list[PurchaseOrderLine]]:
    lines: defaultdict[int, list[PurchaseOrderLine]] = defaultdict(list)
    standing = PurchaseOrderLine.objects.filter(purchase_order__in=orders, ended_as="")
    for line in standing.select_related("sku").order_by("sku__code"):
        lines[line.purchase_order_id].append(line)
    return lines


def _least_orders(orders: Sequence[PurchaseOrder]) -> dict[tuple[int, int], int]:
    offers = SupplierOffer.objects.filter(supplier__in={order.supplier_id for order in orders})
    return {
        (supplier_id, sku_id): least
        for supplier_id, sku_id, least in offers.values_list(
            "supplier_id", "sku_id", "min_order_qty"
        )
    }
