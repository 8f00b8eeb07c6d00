"""Opening a campaign."""

from datetime import timedelta

import pytest

from orders.errors import (
    CampaignAlreadyClosing,
    CampaignNotDraft,
    CampaignWithoutOffers,
    ClocksOutOfOrder,
    OfferTermsInvalid,
)
from orders.models.campaigns import CampaignState
from orders.models.stock import OfferStock
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


def test_what_is_capped_has_its_counters_from_the_opening_on() -> None:
    capped = OfferFactory.create(campaign__state=CampaignState.DRAFT, stock_cap=10, stock_buckets=4)
    OfferFactory.create(campaign=capped.campaign)

    campaign_open(campaign_id=capped.campaign.pk, now=capped.campaign.opens_at)

    rows = OfferStock.objects.values_list("offer", "bucket", "cap_qty", "reserved_qty")
    assert list(rows) == [
        (capped.pk, 0, 3, 0),
        (capped.pk, 1, 3, 0),
        (capped.pk, 2, 2, 0),
        (capped.pk, 3, 2, 0),
    ]


def test_a_draft_with_an_offer_that_cannot_be_sold_stays_closed_and_names_it() -> None:
    offer = OfferFactory.create(campaign__state=CampaignState.DRAFT, stock_cap=3, min_group_qty=4)

    with pytest.raises(OfferTermsInvalid) as refusal:
        campaign_open(campaign_id=offer.campaign.pk, now=offer.campaign.opens_at)

    assert refusal.value.details == {"field": "min_group_qty", "offer": offer.sku.name}
    assert not OfferStock.objects.exists()
