"""Campaigns and orders as the acting leader may see them."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from leaders.models.leaders import Leader
from orders.models.campaigns import SELLING_STATES, Campaign, CampaignState
from orders.models.orders import Order
from orders.selectors.cities import sold_by
from orders.selectors.demand import DEMANDED_STATES

HIDDEN_STATES = (CampaignState.DRAFT, CampaignState.CANCELLED)
# A search for digits of a phone number names its end.
PHONE_TAIL = 4


class CampaignClock(NamedTuple):
    """One clock of a campaign as a leader reads it."""

    label: str
    at: datetime
    is_past: bool
    is_next: bool


def campaigns_visible() -> QuerySet[Campaign]:
    """Campaigns that leaders know of, the newest first."""
    return Campaign.objects.exclude(state__in=HIDDEN_STATES).order_by("-opens_at", "-pk")


def campaign_in_focus(leader: Leader) -> Campaign | None:
    """The campaign a leader sells now: of those open the first to arrive, else the newest.

    A presale may be open beside the daily sale; what arrives first comes first.
    """
    arrives = Case(When(state__in=SELLING_STATES, then=F("delivery_date")))
    sold = campaigns_visible().filter(sold_by(leader.pk))
    return sold.order_by(arrives.asc(nulls_last=True), "-opens_at", "-pk").first()


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
