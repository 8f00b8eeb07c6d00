"""Campaigns that are over, with what they sold at which hour."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.catalogue import Sku
from orders.models.demand import DemandSnapshot
from orders.models.orders import OrderState
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory, OrderLineFactory

# A Tuesday in Shanghai, 7:00 to 23:01.
OPENS_AT = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)


def campaign_on(days_before: int = 0, *, state: CampaignState = CampaignState.OPEN) -> Campaign:
    """The usual campaign so many days before the 10th of March."""
    back = timedelta(days=days_before)
    campaign: Campaign = CampaignFactory.create(
        state=state,
        opens_at=OPENS_AT - back,
        orders_close_at=OPENS_AT + timedelta(hours=15, minutes=58) - back,
        payments_close_at=OPENS_AT + timedelta(hours=16) - back,
        freeze_at=OPENS_AT + timedelta(hours=16, minutes=2) - back,
        delivery_date=date(2026, 3, 11) - back,
    )
    return campaign


def sell(campaign: Campaign, sku: Sku, pieces_by_hour: Mapping[int, int]) -> Offer:
    """Let so many pieces be paid in the middle of each hour after the opening."""
    offer: Offer = Offer.objects.filter(campaign=campaign, sku=sku).first() or OfferFactory.create(
        campaign=campaign, sku=sku
    )
    for hour, pieces in pieces_by_hour.items():
        paid_at = campaign.opens_at + timedelta(hours=hour, minutes=30)
        order = OrderFactory.create(
            campaign=campaign,
            state=OrderState.PAID if campaign.state == CampaignState.OPEN else OrderState.COMPLETED,
            placed_at=paid_at,
            paid_at=paid_at,
        )
        OrderLineFactory.create(order=order, offer=offer, qty=pieces)
    return offer


def past_campaign(days_before: int, sold: Mapping[Sku, Mapping[int, int]]) -> Campaign:
    """A campaign that is over and sold these pieces by hour; nothing was learnt from it."""
    campaign = campaign_on(days_before, state=CampaignState.DONE)
    for sku, pieces_by_hour in sold.items():
        sell(campaign, sku, pieces_by_hour)
    DemandSnapshot.objects.create(
        campaign=campaign,
        lines_hash="0" * 64,
        orders=1,
        lines=1,
        pieces=sum(sum(hours.values()) for hours in sold.values()),
        paid_fen=100,
        frozen_at=campaign.freeze_at,
    )
    return campaign
