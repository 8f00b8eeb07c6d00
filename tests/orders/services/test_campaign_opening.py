"""Opening a campaign."""

from datetime import timedelta

import pytest

from orders.errors import (
    CampaignAlreadyClosing,
    CampaignNotDraft,
    CampaignWithoutOffers,
    ClocksOutOfOrder,
)
from orders.models.campaigns import CampaignState
from orders.services.campaign_opening import campaign_open
from tests.factories.orders import CampaignFactory, OfferFactory

pytestmark = pytest.mark.django_db


def test_a_draft_with_an_offer_opens() -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT)
    campaign = offer.campaign

    campaign_open(campaign_id=campaign.pk, now=campaign.opens_at)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_a_draft_without_offers_stays_closed() -> None:
    campaign = CampaignFactory.create(state=CampaignState.DRAFT)

    with pytest.raises(CampaignWithoutOffers):
        campaign_open(campaign_id=campaign.pk, now=campaign.opens_at)


def test_a_draft_whose_time_is_past_stays_closed() -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT)
    campaign = offer.campaign

    with pytest.raises(CampaignAlreadyClosing):
        campaign_open(campaign_id=campaign.pk, now=campaign.orders_close_at)

    campaign_open(campaign_id=campaign.pk, now=campaign.orders_close_at - timedelta(seconds=1))


@pytest.mark.parametrize("state", [CampaignState.OPEN, CampaignState.CANCELLED])
def test_only_drafts_open(state: CampaignState) -> None:
    offer = OfferFactory.create(campaign__state=state)

    with pytest.raises(CampaignNotDraft):
        campaign_open(campaign_id=offer.campaign.pk, now=offer.campaign.opens_at)


def test_a_draft_that_leaves_no_time_to_pay_stays_closed() -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT)
    campaign = offer.campaign
    campaign.payments_close_at = campaign.orders_close_at + timedelta(seconds=119)
    campaign.save()

    with pytest.raises(ClocksOutOfOrder, match="2 minutes"):
        campaign_open(campaign_id=campaign.pk, now=campaign.opens_at)
