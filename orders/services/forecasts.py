"""Learns how demand builds up, from campaigns that are over."""

from datetime import datetime
from statistics import fmean

from django.db import transaction

from orders.domain.demand_history import STEPS, WEEKDAYS_MIN, PastCampaign, curve_of, misses
from orders.models.campaigns import Campaign, Offer
from orders.models.forecasts import DemandCurve, SkuBuildUp
from orders.selectors.demand_history import (
    HISTORY,
    campaigns_to_learn,
    history_of,
    pieces_by_step,
)

# Each reads every line of a campaign once; what waits is learnt at the next look.
CAMPAIGNS_AT_ONCE = 3


def demand_curves_learn(*, now: datetime) -> int:
    """Keep how the newest unlearnt campaigns built up, and draw their cities' curves again.

    Returns how many were learnt. What has grown too old is forgotten.
    """
    campaigns = list(campaigns_to_learn(now)[:CAMPAIGNS_AT_ONCE])
    for campaign in campaigns:
        _learn(campaign, now)
    if campaigns:
        SkuBuildUp.objects.filter(campaign__payments_close_at__lt=now - HISTORY).delete()
    return len(campaigns)


@transaction.atomic
def _learn(campaign: Campaign, now: datetime) -> None:
    pieces = pieces_by_step(campaign)
    terms = {offer.sku_id: offer for offer in Offer.objects.filter(campaign=campaign)}
    SkuBuildUp.objects.bulk_create(
        [
            SkuBuildUp(
                campaign=campaign,
                sku_id=sku_id,
                pieces_by_step=by_step,
                is_bounded=_is_bounded(terms[sku_id], sum(by_step)),
            )
            for sku_id, by_step in sorted(pieces.items())
        ],
        ignore_conflicts=True,
    )
    _curves_draw(campaign.city, now)


def _is_bounded(offer: Offer, sold: int) -> bool:
    is_slot = offer.sells_from is not None or offer.sells_until is not None
    return is_slot or (offer.stock_cap is not None and sold >= offer.stock_cap)


def _curves_draw(city: str, now: datetime) -> None:
    """Write one curve for every day of the week, and one for each weekday with enough of them."""
    past = [day.past for day in history_of(city, until=now)]
    weekdays: list[tuple[int | None, list[PastCampaign]]] = [(None, past)]
    for weekday in sorted({campaign.weekday for campaign in past}):
        same = [campaign for campaign in past if campaign.weekday == weekday]
        if len(same) >= WEEKDAYS_MIN:
            weekdays.append((weekday, same))
    DemandCurve.objects.bulk_create(
        [curve for weekday, days in weekdays if (curve := _curve(city, weekday, days, now))],
        update_conflicts=True,
        unique_fields=["city", "weekday"],
        update_fields=["shares_bp", "days", "error_bp", "learnt_at"],
    )
    kept = [weekday for weekday, _days in weekdays if weekday is not None]
    stale = DemandCurve.objects.filter(city=city, weekday__isnull=False)
    stale.exclude(weekday__in=kept).delete()


def _curve(
    city: str, weekday: int | None, days: list[PastCampaign], now: datetime
) -> DemandCurve | None:
    by_step = [campaign.by_step for campaign in days]
    curve = curve_of([sum(pieces) for pieces in zip(*by_step, strict=True)] or [0] * STEPS)
    if curve is None:
        return None
    errors = [miss.ours_bp for miss in misses(days)]
    return DemandCurve(
        city=city,
        weekday=weekday,
        shares_bp=list(curve.shares_bp),
        days=len(days),
        error_bp=round(fmean(errors)) if errors else None,
        learnt_at=now,
    )
