"""Campaigns and orders as the acting leader may see them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from leaders.models.leaders import Leader
from orders.models.campaigns import SELLING_STATES, Campaign, CampaignState
from orders.models.orders import Order, OrderLine
from orders.selectors.demand import DEMANDED_STATES

HIDDEN_STATES = (CampaignState.DRAFT, CampaignState.CANCELLED)
# A search for digits of a phone number names its end.
PHONE_TAIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What a leader's residents paid for in one campaign."""

    orders: int
    residents: int
    pieces: int
    paid_fen: int


class CampaignClock(NamedTuple):
    """One clock of a campaign as a leader reads it."""

    label: str
    at: datetime
    is_past: bool
    is_next: bool


class CampaignSales(NamedTuple):
    """The same figures beside the campaign they belong to."""

    code: str
    delivery_date: date
    orders: int
    pieces: int
    paid_fen: int


def campaigns_visible() -> QuerySet[Campaign]:
    """Campaigns that leaders know of, the newest first."""
    return Campaign.objects.exclude(state__in=HIDDEN_STATES).order_by("-opens_at", "-pk")


def campaign_in_focus() -> Campaign | None:
    """The campaign a leader sells now: of those open the first to arrive, else the newest.

    A presale may be open beside the daily sale; what arrives first comes first.
    """
    arrives = Case(When(state__in=SELLING_STATES, then=F("delivery_date")))
    return campaigns_visible().order_by(arrives.asc(nulls_last=True), "-opens_at", "-pk").first()


def campaign_clocks(campaign: Campaign, now: datetime) -> tuple[CampaignClock, ...]:
    """The clocks of a campaign in their order; at most one is the next to strike."""
    clocks = (
        (_("Orders open"), campaign.opens_at),
        (_("Orders close"), campaign.orders_close_at),
        (_("Payments close"), campaign.payments_close_at),
        (_("List is frozen"), campaign.freeze_at),
    )
    next_at = min((at for _label, at in clocks if at > now), default=None)
    return tuple(CampaignClock(label, at, at <= now, at == next_at) for label, at in clocks)


def orders_of_leader(leader: Leader) -> QuerySet[Order]:
    """The leader's own orders that were paid in time."""
    return Order.objects.filter(leader=leader, state__in=DEMANDED_STATES)


def orders_found(orders: QuerySet[Order], query: str) -> QuerySet[Order]:
    """The orders whose pickup number, name or last digits of the phone match."""
    text = query.strip()
    if not text:
        return orders
    match = Q(resident_name__icontains=text) | Q(order_no__iexact=text)
    if text.isascii() and text.isdigit():
        if len(text) == PHONE_TAIL:
            match |= Q(resident_phone__endswith=text)
        if len(text) <= PHONE_TAIL:
            match |= Q(pickup_no=int(text))
    return orders.filter(match)


def sales_of_leader(leader: Leader, campaign: Campaign) -> Sales:
    """One campaign's figures of a leader, in one query."""
    figures = (
        _lines_of_leader(leader)
        .filter(order__campaign=campaign)
        .aggregate(
            orders=Count("order", distinct=True),
            residents=Count("order__resident", distinct=True),
            pieces=Sum("qty", default=0),
            paid_fen=Sum("amount_fen", default=0),
        )
    )
    return Sales(**figures)


def recent_sales_of_leader(leader: Leader, limit: int) -> list[CampaignSales]:
    """The last campaigns in which the leader sold something, the newest first."""
    rows = (
        _lines_of_leader(leader)
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


def _lines_of_leader(leader: Leader) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(
        order__leader=leader, order__state__in=DEMANDED_STATES, is_void=False
    )
