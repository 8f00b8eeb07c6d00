"""Which campaign a leader's page is about."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from fulfillment.selectors.leader_arrivals import newest_run_of_leader
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.selectors.orders import campaign_in_focus, campaigns_visible


def selling_campaign(request: HttpRequest, leader: Leader) -> Campaign | None:
    """The campaign asked for by `?campaign=`, else the one on sale; 404 for an unknown code."""
    return _asked_for(request) or campaign_in_focus(leader)


def arriving_campaign(request: HttpRequest, leader: Leader) -> Campaign | None:
    """The campaign asked for, else the newest that brings goods here, else the one on sale."""
    asked_for = _asked_for(request)
    if asked_for:
        return asked_for
    run = newest_run_of_leader(leader)
    return run.campaign if run else campaign_in_focus(leader)


def _asked_for(request: HttpRequest) -> Campaign | None:
    code = request.GET.get("campaign", "")
    return get_object_or_404(campaigns_visible(), code=code) if code else None
