"""The opening of a campaign: from here on residents see it and its terms are fixed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leaders.models.accounts import User
from orders.domain.cutoff import Phase
from orders.domain.lifecycle import CAMPAIGN_LIFECYCLE
from orders.domain.offer_rules import offer_faults
from orders.errors import (
    CampaignAlreadyClosing,
    CampaignNotDraft,
    CampaignWithoutOffers,
    OfferTermsInvalid,
)
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.services.price_log import campaign_prices_log
from orders.services.stock import stock_rows_create


@transaction.atomic
def campaign_open(
    *,
    campaign_id: int,
    now: datetime,
    actor: User | None = None,
    cost_by_sku: Mapping[int, int] | None = None,
) -> None:
    """Open a draft for orders, with a counter for everything that is capped.

    Prices that are new, or whose cost is, go into the price log. `cost_by_sku`
    is what a piece costs in fen, by SKU id; where it says nothing, the last
    known cost stays. Whether the prices may be asked at all is for
    `fulfillment.services.campaign_publish`, which knows the suppliers.

    Raises `CampaignWithoutOffers` if it sells nothing, `ClocksOutOfOrder` if
    its clocks leave no time to pay, `CampaignAlreadyClosing` if its last
    moment for orders is past, `OfferTermsInvalid` if an offer cannot be sold
    as it stands (`details` names the `offer`), and `CampaignNotDraft` if it
    was opened or cancelled before.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    offers = list(Offer.objects.filter(campaign=campaign).select_related("sku").order_by("pk"))
    if not offers:
        raise CampaignWithoutOffers("A campaign needs at least one offer.")
    if campaign.timeline.phase_at(now) not in (Phase.UPCOMING, Phase.ORDERING):
        raise CampaignAlreadyClosing("The campaign's last moment for orders is past.")
    _require_sellable(campaign, offers)
    changed = Campaign.objects.filter(
        pk=campaign_id, state__in=CAMPAIGN_LIFECYCLE.sources_of(CampaignState.OPEN)
    ).update(state=CampaignState.OPEN)
    if not changed:
        raise CampaignNotDraft("Only a draft can be opened.", state=campaign.state)
    stock_rows_create(campaign_id=campaign_id)
    campaign_prices_log(
        campaign=campaign, offers=offers, cost_by_sku=cost_by_sku or {}, actor=actor, now=now
    )


def _require_sellable(campaign: Campaign, offers: Sequence[Offer]) -> None:
    for offer in offers:
        faults = offer_faults(
            offer.limits, opens_at=campaign.opens_at, orders_close_at=campaign.orders_close_at
        )
        if faults:
            first = faults[0]
            raise OfferTermsInvalid(first.message, **first.details, offer=offer.sku.name)
