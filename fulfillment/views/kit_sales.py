"""Which sale and which good a page of the selling kit is about."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from fulfillment.domain.selling_kit import KitGoods, KitSale
from fulfillment.selectors.kit import selling_kit
from leaders.models.leaders import Leader


def sale_or_404(leader: Leader, code: str, now: datetime) -> KitSale:
    """A sale that takes orders at this moment, as this leader's group knows it."""
    sale = selling_kit(leader, now).sale(code)
    if sale is None:
        raise Http404(_("This sale takes no orders."))
    return sale


def goods_or_404(sale: KitSale, offer_id: int) -> KitGoods:
    """One of the goods that can be bought in a sale."""
    for goods in sale.goods:
        if goods.offer_id == offer_id:
            return goods
    raise Http404(_("These goods are not on sale."))
