"""The leader's pages about money: refunds for shortages, and commission."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fulfillment.selectors.leader_money import (
    commission_days_of_leader,
    commission_held_of_leader,
    short_lines_of_leader,
)
from fulfillment.views.campaign_choice import arriving_campaign
from leaders.http import LeaderRequest, leader_page
from leaders.selectors.commission_plans import plan_of_leader


@require_GET
@leader_page
def shortages(request: LeaderRequest) -> HttpResponse:
    """What did not come, whom it concerns and what went back to them."""
    campaign = arriving_campaign(request, request.leader)
    lines = short_lines_of_leader(request.leader, campaign) if campaign else ()
    context = {
        "campaign": campaign,
        "lines": lines,
        "pieces": sum(line.qty for line in lines),
        "orders_count": len({line.order_id for line in lines}),
        "refund_fen": sum(line.refund_fen for line in lines),
    }
    return render(request, "fulfillment/leader/shortages.html", context)


@require_GET
@leader_page
def commission(request: LeaderRequest) -> HttpResponse:
    """What the leader earned, campaign by campaign, and when it is released."""
    context = {
        "commission": commission_held_of_leader(request.leader),
        "days": commission_days_of_leader(request.leader),
        "plan": plan_of_leader(request.leader),
    }
    return render(request, "fulfillment/leader/commission.html", context)
