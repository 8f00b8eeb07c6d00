"""The one way from a draft to residents: rules of prices, licences, then the opening."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.selectors.campaign_pricing import campaign_priced
from fulfillment.selectors.hubs import hub_of
from fulfillment.selectors.price_words import campaign_blocks
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.models.campaigns import Campaign, CampaignState
from orders.price_errors import CampaignNotPublishable
from orders.services.campaign_opening import campaign_open


@transaction.atomic
def campaign_publish(*, campaign_id: int, actor: User, now: datetime) -> None:
    """Open a draft whose prices may be asked and whose goods may be bought.

    Warnings do not hold it up; how many there were is written down. Raises
    `CampaignNotPublishable` with every fault of every line in
    `details["lines"]`, `WarehouseUnclear` if no one warehouse serves the
    campaign's city, and whatever `campaign_open` refuses.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    pricing = campaign_priced(campaign, now=now)
    if campaign.state == CampaignState.DRAFT and (lines := campaign_blocks(pricing)):
        raise CampaignNotPublishable(
            _("This campaign cannot be opened as it stands."), lines=tuple(lines)
        )
    hub_of(campaign)
    campaign_open(campaign_id=campaign_id, now=now, actor=actor, cost_by_sku=pricing.cost_by_sku)
    audit(
        action="campaign.published",
        about=campaign,
        actor=actor,
        now=now,
        facts={
            "offers": len(pricing.offers),
            "below_cost": sum(priced.is_below_cost for priced in pricing.offers),
            "warnings": pricing.warnings,
        },
    )
