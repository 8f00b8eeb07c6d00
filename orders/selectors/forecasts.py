"""What a campaign that still sells will have sold at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.conf import settings
from django.db.models import QuerySet

from orders.domain.demand_history import (
    ONE_SKU,
    STEPS,
    Miss,
    Outlook,
    PastCampaign,
    misses,
    of_weekday,
    outlook,
)
from orders.domain.forecast import Forecast, Window, forecast, naive
from orders.models.campaigns import SELLING_STATES, Campaign, Offer
from orders.selectors.demand_history import (
    LONGEST_WINDOW,
    history_of,
    pieces_by_step,
    weekday_of,
)

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuForecast:
    """One SKU: what is paid, expected, and was sold a week before.

    `forecast` is None without history, `last_week` where nothing was sold then.
    """

    offer: Offer
    sold: int
    forecast: Forecast | None
    last_week: int | None
    campaigns: int

    @property
    def final(self) -> int:
        """Pieces to reckon with: what is expected, or what is paid while nobody knows."""
        return self.forecast.final if self.forecast else self.sold


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildUpPoint:
    """Pieces at the end of a step: paid until then, or expected with its range."""

    at: datetime
    paid: int | None
    expected: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignForecast:
    """A campaign's demand at a moment, and what is expected at its end.

    `total` and `naive_final` are None without history; `misses` has how far
    forecasts of earlier campaigns were off, by step.
    """

    campaign: Campaign
    part: float
    sold: int
    total: Forecast | None
    naive_final: int | None
    last_week: int | None
    learnt_from: int
    is_of_weekday: bool
    skus: Sequence[SkuForecast]
    points: Sequence[BuildUpPoint]
    misses: Sequence[Miss]

    @property
    def sku_sum(self) -> int:
        """The forecasts of all SKUs together; each is drawn to a history of its own."""
        return sum(sku.final for sku in self.skus)


def campaigns_selling() -> QuerySet[Campaign]:
    """Campaigns that take orders or their money, the first to close first."""
    return Campaign.objects.filter(state__in=SELLING_STATES).order_by("orders_close_at", "code")


def is_forecast(campaign: Campaign) -> bool:
    """Whether a campaign is short enough to build up as a day does."""
    return campaign.payments_close_at - campaign.opens_at <= LONGEST_WINDOW


def campaign_forecast(campaign: Campaign, now: datetime) -> CampaignForecast:
    """Read a campaign's forecast in three queries, whatever it sold."""
    window = Window(campaign.opens_at, campaign.payments_close_at)
    paid = pieces_by_step(campaign)
    offers = list(
        Offer.objects.filter(campaign=campaign)
        .select_related("sku__product__category")
        .order_by("sku__code")
    )
    days = history_of(campaign.city, until=campaign.opens_at) if is_forecast(campaign) else []
    chosen, is_of_weekday = of_weekday([day.past for day in days], weekday_of(campaign.opens_at))
    shelf_of = {offer.sku.code: offer.sku.product.category.name for offer in offers}
    view = _View(
        window=window,
        now=now,
        by_step=[sum(pieces) for pieces in zip(*paid.values(), strict=True)] or [0] * STEPS,
        expected=outlook(chosen, shelf_of),
        week_before=[
            day.past for day in days if day.delivery_date == campaign.delivery_date - WEEK
        ],
    )
    skus = [view.sku(offer, sum(paid.get(offer.sku_id, ()))) for offer in offers]
    return CampaignForecast(
        campaign=campaign,
        part=view.part,
        sold=view.sold,
        total=view.total(),
        naive_final=naive(view.sold, view.share) if view.expected else None,
        last_week=sum(past.final for past in view.week_before) or None,
        learnt_from=view.expected.campaigns if view.expected else 0,
        is_of_weekday=is_of_weekday,
        skus=sorted(skus, key=lambda sku: (-sku.final, -sku.sold, sku.offer.sku.code)),
        points=view.points(),
        misses=misses(chosen),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A campaign's sales by step at a moment, beside what its history teaches."""

    window: Window
    now: datetime
    by_step: Sequence[int]
    expected: Outlook | None
    week_before: Sequence[PastCampaign]

    @property
    def part(self) -> float:
        return self.window.part_at(self.now)

    @property
    def sold(self) -> int:
        return sum(self.by_step)

    @property
    def share(self) -> float:
        return self.expected.curve.share_at(self.part) if self.expected else 0.0

    def total(self) -> Forecast | None:
        if self.expected is None:
            return None
        return forecast(
            self.sold,
            self.share,
            level=self.expected.level,
            steadiness=self.expected.steadiness,
        )

    def sku(self, offer: Offer, sold: int) -> SkuForecast:
        code = offer.sku.code
        last_week = sum(sum(past.pieces.get(code, ())) for past in self.week_before)
        if self.expected is None:
            return SkuForecast(
                offer=offer, sold=sold, forecast=None, last_week=last_week or None, campaigns=0
            )
        usual = self.expected.of_sku(code, offer.sku.product.category.name)
        # Who orders in the last second of a slot still has time to pay.
        paying = timedelta(minutes=settings.PAYMENT_MINUTES)
        slot = (
            self.window.part_at(offer.sells_from or self.window.opens_at),
            self.window.part_at(offer.sells_until + paying) if offer.sells_until else 1.0,
        )
        return SkuForecast(
            offer=offer,
            sold=sold,
            forecast=forecast(
                sold,
                usual.curve.share_at(self.part, slot),
                level=usual.level,
                steadiness=ONE_SKU.steadiness,
                cap=offer.stock_cap,
            ),
            last_week=last_week or None,
            campaigns=usual.campaigns,
        )

    def points(self) -> list[BuildUpPoint]:
        """The beginning, the end of each step, and the present moment."""
        length = self.window.closes_at - self.window.opens_at
        paid = [0, *accumulate(self.by_step)]
        parts = sorted({*(number / STEPS for number in range(STEPS + 1)), self.part})
        return [
            self._point(part, self.window.opens_at + length * part, paid[round(part * STEPS)])
            for part in parts
        ]

    def _point(self, part: float, at: datetime, paid: int) -> BuildUpPoint:
        total = self.total()
        if part < self.part or (total is None and part > self.part):
            seen = paid if part < self.part else None
            return BuildUpPoint(at=at, paid=seen, expected=None, low=None, high=None)
        begun = self.sold if part == self.part else None
        if total is None or self.expected is None:
            return BuildUpPoint(at=at, paid=begun, expected=None, low=None, high=None)
        left = 1 - self.share
        way = (self.expected.curve.share_at(part) - self.share) / left if left else 0.0
        low, final, high = (
            self.sold + round((end - self.sold) * way)
            for end in (total.low, total.final, total.high)
        )
        return BuildUpPoint(at=at, paid=begun, expected=final, low=low, high=high)
