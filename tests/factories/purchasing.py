"""Rows of buying: leftovers on the shelf, papers of suppliers, tiers of a price."""

from datetime import UTC, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.models.purchasing import PriceTier
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from tests.factories.fulfillment import CutoffRunFactory, SupplierFactory, SupplierOfferFactory
from tests.factories.orders import SkuFactory


class LeftoverMovementFactory(DjangoModelFactory[LeftoverMovement]):
    """Five pieces of yesterday's on the shelf."""

    class Meta:
        model = LeftoverMovement

    origin_run = SubFactory(CutoffRunFactory)
    sku = SubFactory(SkuFactory)
    kind = LeftoverKind.KEPT
    qty = 5
    at = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)


class PriceTierFactory(DjangoModelFactory[PriceTier]):
    """3.60 yuan a piece from 50 pieces on."""

    class Meta:
        model = PriceTier

    offer = SubFactory(SupplierOfferFactory)
    from_qty = 50
    cost_fen = 360


class SupplierPaperFactory(DjangoModelFactory[SupplierPaper]):
    """A food licence without an end."""

    class Meta:
        model = SupplierPaper

    supplier = SubFactory(SupplierFactory)
    kind = SupplierPaperKind.FOOD_LICENCE
    number = "JY14101000000001"
    uploaded_at = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
