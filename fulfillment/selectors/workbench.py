"""The start page of the buyers' bench: what sells, what is prepared, what waits for a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from fulfillment.selectors.campaign_pricing import CampaignPricing, OfferPricing, campaign_priced
from orders.domain.price_rules import PriceRule
from orders.models.campaigns import SELLING_STATES, Campaign, CampaignState
from orders.models.orders import Order
from orders.models.stock import OfferStock
from orders.selectors.demand import DEMANDED_STATES

DRAFTS_SHOWN = 8
CAMPAIGNS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line below cost that a second buyer has to look at."""

    campaign: Campaign
    priced: OfferPricing


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """Everything on the start page; drafts are in order of their opening."""

    selling: Sequence[Campaign]
    drafts: Sequence[CampaignPricing]
    waiting: Sequence[WaitingLine]


def workbench(now: datetime) -> Workbench:
    """The bench at a moment."""
    drafts = Campaign.objects.filter(state=CampaignState.DRAFT, orders_close_at__gt=now)
    priced = [
        campaign_priced(campaign, now=now)
        for campaign in drafts.order_by("opens_at", "pk")[:DRAFTS_SHOWN]
    ]
    return Workbench(
        selling=tuple(campaigns_selling()),
        drafts=tuple(priced),
        waiting=tuple(
            WaitingLine(pricing.campaign, line)
            for pricing in priced
            for line in pricing.offers
            if any(fault.rule is PriceRule.BELOW_COST_UNAPPROVED for fault in line.faults)
        ),
    )


def campaigns_selling() -> QuerySet[Campaign]:
    """Campaigns that take orders or their money, with `order_count`, `paid_fen` and stock.

    `reserved_qty` and `cap_qty` speak of the capped offers only; None without any.
    """
    paid = Order.objects.filter(campaign=OuterRef("pk"), state__in=DEMANDED_STATES)
    stock = OfferStock.objects.filter(offer__campaign=OuterRef("pk"))
    return (
        Campaign.objects.filter(state__in=SELLING_STATES)
        .annotate(
            order_count=_total(paid, "campaign", Count("pk")),
            paid_fen=_total(paid, "campaign", Sum("total_fen")),
            reserved_qty=_total(stock, "offer__campaign", Sum("reserved_qty")),
            cap_qty=_total(stock, "offer__campaign", Sum("cap_qty")),
        )
        .order_by("orders_close_at", "pk")
    )


def campaigns_newest() -> QuerySet[Campaign]:
    """Campaigns to choose from, the newest first, with `offer_count`."""
    return Campaign.objects.annotate(offer_count=Count("offers")).order_by("-opens_at", "-pk")[
        :CAMPAIGNS_SHOWN
    ]


def campaign_to_copy() -> Campaign | None:
    """The newest campaign that sold something, which tomorrow's is likely to resemble."""
    sold = Campaign.objects.exclude(state=CampaignState.CANCELLED).filter(offers__isnull=False)
    return sold.order_by("-opens_at", "-pk").first()


def code_free(day: datetime) -> str:
    """A code nobody has used for a campaign of the operator's day at this moment."""
    stem = f"C{timezone.localdate(day):%Y%m%d}"
    taken = set(Campaign.objects.filter(code__startswith=stem).values_list("code", flat=True))
    codes = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 2)))
    return next(code for code in codes if code not in taken)


def _total(rows: QuerySet[Any], key: str, figure: Any) -> Subquery:
    """One figure over the rows that belong to each row of the outer query."""
    grouped = rows.order_by().values(key).annotate(figure=figure).values("figure")
    return Subquery(grouped, output_field=IntegerField())
