"""What suppliers ask on a day, and what goods cost when they were bought last."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from fulfillment.domain.supplier_terms import PriceTier, SupplierTerms
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
    SupplierOffer,
)


def offers_valid(on: date) -> QuerySet[SupplierOffer]:
    """Offers that can be bought from for a delivery day, the preferred supplier first."""
    return (
        SupplierOffer.objects.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            is_active=True,
            supplier__is_active=True,
        )
        .select_related("supplier", "sku")
        .prefetch_related("tiers")
        .order_by("sku__code", "rank", "supplier__code")
    )


def terms_of(offer: SupplierOffer) -> SupplierTerms:
    """An offer as the rules of buying read it."""
    return SupplierTerms(
        supplier_code=offer.supplier.code,
        sku_code=offer.sku.code,
        pack_factor=offer.pack_factor,
        unit_cost_fen=offer.cost_fen,
        rank=offer.rank,
        min_order_qty=offer.min_order_qty,
        tiers=tuple(PriceTier(tier.from_qty, tier.cost_fen) for tier in offer.tiers.all()),
    )


def terms_on(on: date) -> list[SupplierTerms]:
    """All terms that hold on a delivery day."""
    return [terms_of(offer) for offer in offers_valid(on)]


def minimums() -> dict[str, int]:
    """The least order in fen by supplier code; 0 for none."""
    return dict(Supplier.objects.values_list("code", "min_order_fen"))


def last_costs(run: CutoffRun, sku_ids: Collection[int]) -> dict[int, int]:
    """What a piece cost when it was bought last before a run, by SKU id, from whomever.

    Lines that came to nothing set no price. Goods that were never bought are missing.
    """
    bought = (
        PurchaseOrderLine.objects.filter(
            sku_id__in=sku_ids,
            ended_as="",
            purchase_order__run__campaign__delivery_date__lte=run.campaign.delivery_date,
        )
        .exclude(purchase_order__run=run)
        .exclude(purchase_order__state=PurchaseOrderState.CANCELLED)
        .order_by("sku_id", "-purchase_order__run__campaign__delivery_date", "-pk")
        .distinct("sku_id")
    )
    return dict(bought.values_list("sku_id", "unit_cost_fen"))
