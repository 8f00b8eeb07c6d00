"""Drafts that may be opened: their goods have a cost and a licensed supplier."""

from datetime import UTC, datetime

from fulfillment.models.purchasing import Supplier
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.catalogue import PriceLog, Sku
from orders.models.demand import DemandLine, DemandSnapshot
from tests.factories.fulfillment import SupplierFactory, SupplierOfferFactory, WarehouseFactory
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory
from tests.factories.purchasing import SupplierPaperFactory

# The evening before the campaigns of the factory open.
EVENING = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def draft(**terms: object) -> Campaign:
    """A draft of 10 March without lines, in a city that a warehouse serves."""
    WarehouseFactory.create()
    campaign: Campaign = CampaignFactory.create(state=CampaignState.DRAFT, **terms)
    return campaign


def licensed() -> Supplier:
    """A supplier with a food licence."""
    supplier: Supplier = SupplierFactory.create()
    SupplierPaperFactory.create(supplier=supplier)
    return supplier


def line(
    campaign: Campaign, *, price_fen: int = 600, cost_fen: int | None = 400, **terms: object
) -> Offer:
    """A line that bears its cost (4.20 landed at 40 fen a kilogram) with a sensible limit."""
    terms.setdefault("per_resident_limit", 20)
    terms.setdefault("sku", SkuFactory.create())
    offer: Offer = OfferFactory.create(campaign=campaign, price_fen=price_fen, **terms)
    if cost_fen is not None:
        SupplierOfferFactory.create(sku=offer.sku, supplier=licensed(), cost_fen=cost_fen)
    return offer


def logged(sku: Sku, price_fen: int, at: datetime, cost_fen: int | None = 400) -> PriceLog:
    """A price of the log."""
    return PriceLog.objects.create(
        sku=sku, price_fen=price_fen, cost_fen=cost_fen, reason="campaign C0", valid_from=at
    )


def sold(offer: Offer, qty: int) -> None:
    """What the frozen demand of an offer's campaign says of it."""
    snapshot, _made = DemandSnapshot.objects.get_or_create(
        campaign=offer.campaign,
        defaults={
            "lines_hash": "0" * 64,
            "orders": 1,
            "lines": 1,
            "pieces": qty,
            "paid_fen": qty * offer.price_fen,
            "frozen_at": offer.campaign.freeze_at,
        },
    )
    DemandLine.objects.create(snapshot=snapshot, offer=offer, qty=qty)
