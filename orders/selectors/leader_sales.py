"""What a leader sells: at a glance, by hour, by SKU and by building."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Concat, TruncHour

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderLine
from orders.selectors.demand import DEMANDED_STATES
from orders.selectors.orders import campaigns_visible

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

# One door is one household; who gave no room is one by themselves.
_HOUSEHOLD = Case(
    When(order__room="", then=Concat(Value("resident "), Cast("order__resident", CharField()))),
    default=Concat(
        Cast("order__pickup_point", CharField()),
        Value(" "),
        "order__building",
        Value(" "),
        "order__room",
    ),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What a leader's residents paid for."""

    households: int
    orders: int
    pieces: int
    paid_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A campaign's sales beside those of the same weekday a week before, by the same hour.

    `before` is None where nothing was sold then.
    """

    now: Sales
    before: Sales | None

    @property
    def more_fen(self) -> int:
        """By how much more was paid than a week before; less than nothing where it was less."""
        return self.now.paid_fen - (self.before.paid_fen if self.before else 0)


class CampaignSales(NamedTuple):
    """What was paid for in one campaign."""

    code: str
    delivery_date: date
    orders: int
    pieces: int
    paid_fen: int


class HourSales(NamedTuple):
    """What was paid for in the hour from `at` on."""

    at: datetime
    orders: int
    pieces: int
    paid_fen: int


class SkuSales(NamedTuple):
    """What was paid for of one SKU."""

    code: str
    name: str
    unit: str
    orders: int
    pieces: int
    paid_fen: int


class BuildingSales(NamedTuple):
    """Residents of one building who ordered."""

    building: str
    residents: int
    orders: int
    pieces: int
    paid_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """How many of a campaign's residents had bought from the leader before."""

    residents: int
    returning: int

    @property
    def percent(self) -> int:
        """Those in a hundred who came back, rounded down; 0 without residents."""
        return self.returning * 100 // self.residents if self.residents else 0


def lines_sold(leader: Leader) -> QuerySet[OrderLine]:
    """The lines that the leader's residents paid for."""
    return OrderLine.objects.filter(
        order__leader=leader, order__state__in=DEMANDED_STATES, is_void=False
    )


def glance_of_leader(leader: Leader, campaign: Campaign, now: datetime) -> Glance:
    """A campaign's sales, and a week before until the same moment, in one query."""
    week_before = Q(delivery_date=campaign.delivery_date - WEEK)
    campaigns = campaigns_visible().filter(Q(pk=campaign.pk) | week_before).order_by()
    is_now = Q(order__campaign=campaign)
    is_before = ~is_now & Q(order__paid_at__lte=now - WEEK)
    figures = (
        lines_sold(leader)
        .filter(order__campaign__in=campaigns.values("pk"))
        .annotate(household=_HOUSEHOLD)
        .aggregate(**_figures("now", is_now), **_figures("before", is_before))
    )
    sales = {
        when: Sales(
            households=figures[f"{when}_households"],
            orders=figures[f"{when}_orders"],
            pieces=figures[f"{when}_pieces"],
            paid_fen=figures[f"{when}_paid_fen"],
        )
        for when in ("now", "before")
    }
    return Glance(now=sales["now"], before=sales["before"] if sales["before"].orders else None)


def recent_sales_of_leader(leader: Leader, limit: int) -> list[CampaignSales]:
    """The last campaigns in which the leader sold something, the newest first."""
    rows = (
        lines_sold(leader)
        .values(code=F("order__campaign__code"), day=F("order__campaign__delivery_date"))
        .annotate(
            orders=Count("order", distinct=True),
            pieces=Sum("qty"),
            paid_fen=Sum("amount_fen"),
        )
        .order_by("-order__campaign__opens_at", "code")
        .values_list("code", "day", "orders", "pieces", "paid_fen")[:limit]
    )
    return [CampaignSales._make(row) for row in rows]


def sales_by_hour(leader: Leader, campaign: Campaign) -> list[HourSales]:
    """The hours in which something was sold, in their order.

    Within a day the hours between them are there too; a presale of several
    days would be mostly nights.
    """
    rows = (
        lines_sold(leader)
        .filter(order__campaign=campaign)
        .values(at=TruncHour("order__paid_at"))
        .annotate(
            orders=Count("order", distinct=True),
            pieces=Sum("qty"),
            paid_fen=Sum("amount_fen"),
        )
        .order_by("at")
        .values_list("at", "orders", "pieces", "paid_fen")
    )
    return _without_gaps([HourSales._make(row) for row in rows])


def sales_by_sku(leader: Leader, campaign: Campaign) -> list[SkuSales]:
    """Every SKU that was sold, the one with most money first."""
    rows = (
        lines_sold(leader)
        .filter(order__campaign=campaign)
        .values("sku__code", "sku_name", "unit")
        .annotate(
            orders=Count("order", distinct=True),
            pieces=Sum("qty"),
            paid_fen=Sum("amount_fen"),
        )
        .order_by("-paid_fen", "sku__code", "sku_name")
        .values_list("sku__code", "sku_name", "unit", "orders", "pieces", "paid_fen")
    )
    return [SkuSales._make(row) for row in rows]


def sales_by_building(leader: Leader, campaign: Campaign) -> list[BuildingSales]:
    """Every building that ordered; who named none comes as an empty one."""
    rows = (
        lines_sold(leader)
        .filter(order__campaign=campaign)
        .values(building=F("order__building"))
        .annotate(
            residents=Count("order__resident", distinct=True),
            orders=Count("order", distinct=True),
            pieces=Sum("qty"),
            paid_fen=Sum("amount_fen"),
        )
        .order_by("-paid_fen", "building")
        .values_list("building", "residents", "orders", "pieces", "paid_fen")
    )
    return [BuildingSales._make(row) for row in rows]


def returning_residents(leader: Leader, campaign: Campaign) -> Returning:
    """Who of a campaign's residents had paid for an earlier campaign of the leader."""
    own = Order.objects.filter(leader=leader, state__in=DEMANDED_STATES)
    earlier = own.filter(campaign__opens_at__lt=campaign.opens_at).values("resident")
    figures = own.filter(campaign=campaign).aggregate(
        residents=Count("resident", distinct=True),
        returning=Count("resident", distinct=True, filter=Q(resident__in=earlier)),
    )
    return Returning(**figures)


def _figures(when: str, condition: Q) -> dict[str, Count | Sum]:
    return {
        f"{when}_households": Count("household", filter=condition, distinct=True),
        f"{when}_orders": Count("order", filter=condition, distinct=True),
        f"{when}_pieces": Sum("qty", filter=condition, default=0, output_field=IntegerField()),
        f"{when}_paid_fen": Sum("amount_fen", filter=condition, default=0),
    }


def _without_gaps(rows: Sequence[HourSales]) -> list[HourSales]:
    if not rows or rows[-1].at - rows[0].at > DAY:
        return list(rows)
    found = {row.at: row for row in rows}
    hours = (rows[-1].at - rows[0].at) // HOUR
    every = [rows[0].at + HOUR * number for number in range(hours + 1)]
    return [found.get(at) or HourSales(at, 0, 0, 0) for at in every]
