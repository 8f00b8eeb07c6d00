"""Purchase orders: exactly what was sold, in packs (以销定采)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from fulfillment.domain.lifecycle import PURCHASE_ORDER_LIFECYCLE
from fulfillment.domain.purchasing import Need, PurchaseProposal, SupplierTerms, propose
from fulfillment.errors import GoodsWithoutSupplier
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
    SupplierOffer,
)
from orders.models.catalogue import Sku
from orders.models.demand import DemandLine
from orders.services.campaigns import campaign_start_fulfilling


def purchase_orders_create(*, run: CutoffRun, now: datetime) -> Mapping[str, int]:
    """Create one purchase order per supplier from the frozen demand; return the figures.

    An order below its supplier's minimum is made all the same and says by how
    much: the buyer decides. Raises `GoodsWithoutSupplier` when something was
    sold that no active supplier offers.
    """
    needs = [
        Need(sku_code, qty)
        for sku_code, qty in DemandLine.objects.filter(
            snapshot__campaign_id=run.campaign_id
        ).values_list("offer__sku__code", "qty")
    ]
    plan = propose(needs, _terms(), _minimums())
    if plan.unsourced:
        raise GoodsWithoutSupplier(
            "No supplier offers what was sold.",
            sku_codes=[need.sku_code for need in plan.unsourced],
        )
    suppliers = Supplier.objects.in_bulk(
        [proposal.supplier_code for proposal in plan], field_name="code"
    )
    orders = PurchaseOrder.objects.bulk_create(
        PurchaseOrder(
            po_no=f"P-{run.campaign.code}-{proposal.supplier_code}",
            run=run,
            supplier=suppliers[proposal.supplier_code],
            amount_fen=proposal.amount_fen,
            min_order_gap_fen=proposal.min_order_gap_fen,
            created_at=now,
        )
        for proposal in plan
    )
    _lines_create(orders, list(plan))
    campaign_start_fulfilling(campaign_id=run.campaign_id)
    return {
        "purchase_orders": len(plan),
        "pieces_needed": sum(proposal.need_qty for proposal in plan),
        "pieces_purchased": sum(proposal.ordered_qty for proposal in plan),
        "pieces_surplus": sum(proposal.surplus_qty for proposal in plan),
        "amount_fen": sum(proposal.amount_fen for proposal in plan),
        "below_minimum": sum(proposal.min_order_gap_fen > 0 for proposal in plan),
    }


@transaction.atomic
def purchase_order_send(*, purchase_order: PurchaseOrder) -> bool:
    """Note that an order went to its supplier; return False if it had gone before."""
    changed = PurchaseOrder.objects.filter(
        pk=purchase_order.pk,
        state__in=PURCHASE_ORDER_LIFECYCLE.sources_of(PurchaseOrderState.SENT),
    ).update(state=PurchaseOrderState.SENT)
    return bool(changed)


def _terms() -> list[SupplierTerms]:
    offers = SupplierOffer.objects.filter(is_active=True, supplier__is_active=True)
    return [
        SupplierTerms(
            supplier_code=supplier_code,
            sku_code=sku_code,
            pack_factor=pack_factor,
            unit_cost_fen=cost_fen,
            rank=rank,
        )
        for supplier_code, sku_code, pack_factor, cost_fen, rank in offers.values_list(
            "supplier__code", "sku__code", "pack_factor", "cost_fen", "rank"
        )
    ]


def _minimums() -> dict[str, int]:
    return dict(Supplier.objects.values_list("code", "min_order_fen"))


def _lines_create(orders: list[PurchaseOrder], proposals: list[PurchaseProposal]) -> None:
    skus = Sku.objects.in_bulk(
        [line.sku_code for proposal in proposals for line in proposal.lines], field_name="code"
    )
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            purchase_order=order,
            sku=skus[line.sku_code],
            need_qty=line.need_qty,
            pack_factor=line.pack_factor,
            packs=line.packs,
            unit_cost_fen=line.unit_cost_fen,
        )
        for order, proposal in zip(orders, proposals, strict=True)
        for line in proposal.lines
    )
