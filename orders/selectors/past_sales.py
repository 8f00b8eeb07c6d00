"""What was sold of goods before, from the frozen demand of past campaigns."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from orders.models.campaigns import Campaign
from orders.models.demand import DemandLine

PAST_SALES_SHOWN = 3
# Older prices say nothing about today; it also bounds what is read.
PAST_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSale:
    """What one campaign sold of a SKU at its price."""

    campaign_code: str
    delivery_date: date
    price_fen: int
    qty: int


def past_sales(sku_ids: Collection[int], before: datetime) -> dict[int, list[PastSale]]:
    """The last prices of each SKU with what they sold, the newest first."""
    begin = before - timedelta(days=PAST_DAYS)
    rows = (
        DemandLine.objects.filter(
            offer__sku_id__in=sku_ids,
            offer__campaign__opens_at__lt=before,
            offer__campaign__opens_at__gte=begin,
        )
        .annotate(
            nth=Window(
                RowNumber(),
                partition_by=F("offer__sku_id"),
                order_by=[F("offer__campaign__opens_at").desc(), F("pk").desc()],
            )
        )
        .filter(nth__lte=PAST_SALES_SHOWN)
        .select_related("offer__campaign")
        .order_by("offer__sku_id", "nth")
    )
    found: dict[int, list[PastSale]] = {}
    for row in rows:
        found.setdefault(row.offer.sku_id, []).append(
            PastSale(
                campaign_code=row.offer.campaign.code,
                delivery_date=row.offer.campaign.delivery_date,
                price_fen=row.offer.price_fen,
                qty=row.qty,
            )
        )
    return found


def last_quantities(campaign: Campaign) -> dict[int, int]:
    """Pieces by SKU id that the last frozen campaign of the same city sold before this one."""
    last = (
        Campaign.objects.filter(
            city=campaign.city, opens_at__lt=campaign.opens_at, demand__isnull=False
        )
        .order_by("-opens_at", "-pk")
        .first()
    )
    if last is None:
        return {}
    lines = DemandLine.objects.filter(snapshot__campaign=last)
    return dict(lines.values_list("offer__sku_id", "qty"))
