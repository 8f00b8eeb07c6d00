"""How campaigns sold over their windows: those that are over, and one that still sells."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Sum,
    Value,
)
from django.utils import timezone

from orders.domain.demand_history import STEPS, PastCampaign
from orders.models.campaigns import Campaign, CampaignState
from orders.models.forecasts import SkuBuildUp
from orders.models.orders import OrderLine
from orders.selectors.demand import DEMANDED_STATES

# Presales of several days build up in another way, and are neither learnt from nor forecast.
LONGEST_WINDOW = timedelta(hours=30)
# Tastes and prices move on: what is older says nothing about tomorrow.
HISTORY = timedelta(days=60)
CAMPAIGNS_KEPT_IN_MIND = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryDay:
    """A campaign that is over, with the day its goods came."""

    code: str
    delivery_date: date
    past: PastCampaign


def pieces_by_step(campaign: Campaign) -> Mapping[int, list[int]]:
    """A campaign's paid pieces by SKU id and step of its window, in one query.

    A payment in the very second of the clock still counts, in the last step.
    """
    length = campaign.payments_close_at - campaign.opens_at
    ends = [campaign.opens_at + length * number / STEPS for number in range(1, STEPS)]
    rows = (
        OrderLine.objects.filter(
            order__campaign=campaign,
            order__state__in=DEMANDED_STATES,
            order__paid_at__isnull=False,
            is_void=False,
        )
        .order_by()
        # Moments are compared as they are; seconds of each would be computed line by line.
        .annotate(
            step=Func(
                F("order__paid_at"),
                Value(ends, output_field=ArrayField(DateTimeField())),
                function="width_bucket",
                output_field=IntegerField(),
            )
        )
        .values_list("sku_id", "step")
        .annotate(pieces=Sum("qty"))
    )
    found: dict[int, list[int]] = {}
    for sku_id, step, pieces in rows:
        found.setdefault(sku_id, [0] * STEPS)[step] = pieces
    return found


def campaigns_to_learn(now: datetime) -> QuerySet[Campaign]:
    """Campaigns that sold something within a day, are over and were not learnt from yet."""
    return Campaign.objects.filter(
        state__in=[CampaignState.FROZEN, CampaignState.FULFILLING, CampaignState.DONE],
        demand__pieces__gt=0,
        payments_close_at__gte=now - HISTORY,
        payments_close_at__lte=F("opens_at") + LONGEST_WINDOW,
        build_ups__isnull=True,
    ).order_by("-payments_close_at", "pk")


def history_of(city: str, *, until: datetime) -> list[HistoryDay]:
    """The campaigns of a city that were learnt from and ended by then, the newest first."""
    newest = (
        Campaign.objects.filter(
            city=city,
            payments_close_at__gte=until - HISTORY,
            payments_close_at__lte=until,
        )
        .filter(Exists(SkuBuildUp.objects.filter(campaign=OuterRef("pk"))))
        .order_by("-payments_close_at", "pk")
        .values("pk")[:CAMPAIGNS_KEPT_IN_MIND]
    )
    rows = (
        SkuBuildUp.objects.filter(campaign__in=newest)
        .order_by("-campaign__payments_close_at", "campaign", "sku")
        .values_list(
            "campaign__code",
            "campaign__opens_at",
            "campaign__delivery_date",
            "sku__code",
            "pieces_by_step",
            "is_bounded",
        )
    )
    clocks: dict[str, tuple[datetime, date]] = {}
    pieces: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
    bounded: defaultdict[str, set[str]] = defaultdict(set)
    for code, opens_at, delivery_date, sku_code, by_step, is_bounded in rows:
        clocks[code] = (opens_at, delivery_date)
        pieces[code][sku_code] = by_step
        if is_bounded:
            bounded[code].add(sku_code)
    return [
        HistoryDay(
            code=code,
            delivery_date=delivery_date,
            past=PastCampaign(
                weekday=weekday_of(opens_at),
                pieces=pieces[code],
                bounded=frozenset(bounded[code]),
            ),
        )
        for code, (opens_at, delivery_date) in clocks.items()
    ]


def weekday_of(opens_at: datetime) -> int:
    """The local weekday a campaign sells on; Monday is 0."""
    return timezone.localtime(opens_at).weekday()
