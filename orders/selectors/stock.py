"""What is left of capped offers."""

from collections.abc import Iterable

from django.db.models import F, Sum

from orders.models.stock import OfferStock


def stock_left(*, offer_ids: Iterable[int]) -> dict[int, int]:
    """Pieces left of each capped offer among these; one without a cap is not in it."""
    return dict(
        OfferStock.objects.filter(offer_id__in=offer_ids)
        .order_by()
        .values_list("offer_id")
        .annotate(left_qty=Sum(F("cap_qty") - F("reserved_qty")))
    )
