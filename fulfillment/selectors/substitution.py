"""What may be given instead of what is short, and to whom."""

from typing import NamedTuple

from django.db.models import Sum

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.allocation import supply_by_sku
from orders.models.campaigns import Offer
from orders.models.catalogue import Sku


class SubstituteChoice(NamedTuple):
    """A SKU with spare pieces that may be given instead of another."""

    sku_id: int
    code: str
    name: str
    price_fen: int
    spare_qty: int


def substitute_offered(run: CutoffRun, short_sku_id: int, substitute_sku_id: int) -> int | None:
    """The price of a possible substitute; None if it is no other SKU of the category on sale."""
    short = Sku.objects.select_related("product").get(pk=short_sku_id)
    offer = (
        Offer.objects.filter(
            campaign_id=run.campaign_id,
            sku_id=substitute_sku_id,
            sku__product__category_id=short.product.category_id,
        )
        .exclude(sku_id=short_sku_id)
        .first()
    )
    return None if offer is None else offer.price_fen


def consenting_line_prices(run: CutoffRun, sku_id: int) -> dict[int, int]:
    """Allocation → unit price in fen, of lines of a SKU whose order accepts substitutes."""
    return dict(
        Allocation.objects.filter(
            run=run, order_line__sku_id=sku_id, order_line__order__accepts_substitutes=True
        ).values_list("pk", "order_line__unit_price_fen")
    )


def substitute_choices(run: CutoffRun, sku_id: int) -> list[SubstituteChoice]:
    """What could be given instead of a SKU: same category, no cheaper, spare; dearest last."""
    sku = Sku.objects.select_related("product").get(pk=sku_id)
    own = Offer.objects.filter(campaign_id=run.campaign_id, sku_id=sku_id).first()
    supply = supply_by_sku(run)
    used = dict(
        Allocation.objects.filter(run=run)
        .order_by()
        .values_list("order_line__sku_id")
        .annotate(pieces=Sum("allocated_qty"))
    )
    offers = (
        Offer.objects.filter(
            campaign_id=run.campaign_id,
            sku__product__category_id=sku.product.category_id,
            price_fen__gte=own.price_fen if own else 0,
        )
        .exclude(sku_id=sku_id)
        .order_by("price_fen", "sku__code")
        .values_list("sku_id", "sku__code", "sku__name", "price_fen")
    )
    return [
        SubstituteChoice(*offer, spare_qty=spare)
        for offer in offers
        if (spare := supply[offer[0]] - used.get(offer[0], 0)) > 0
    ]
