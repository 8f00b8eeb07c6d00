"""What a leader's residents bought, and what they have not paid for."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.views.campaign_choice import selling_campaign
from leaders.http import LeaderRequest, leader_page
from orders.models.campaigns import Campaign
from orders.selectors.leader_sales import (
    glance_of_leader,
    recent_sales_of_leader,
    returning_residents,
    sales_by_building,
    sales_by_hour,
    sales_by_sku,
)
from orders.selectors.unpaid import given_up_orders, unpaid_orders

RECENT_CAMPAIGNS = 14


@require_GET
@leader_page
def sales(request: LeaderRequest) -> HttpResponse:
    """One campaign's sales by hour, by SKU and by building."""
    campaign = selling_campaign(request, request.leader)
    context: dict[str, object] = {
        "campaign": campaign,
        "recent": recent_sales_of_leader(request.leader, RECENT_CAMPAIGNS),
    }
    if campaign:
        hours = sales_by_hour(request.leader, campaign)
        buildings = sales_by_building(request.leader, campaign)
        context |= {
            "glance": glance_of_leader(request.leader, campaign, timezone.now()),
            "hours": hours,
            "hour_most_fen": max((row.paid_fen for row in hours), default=0),
            "skus": sales_by_sku(request.leader, campaign),
            "buildings": buildings,
            "building_most": max((row.residents for row in buildings), default=0),
            "returning": returning_residents(request.leader, campaign),
        }
    return render(request, "fulfillment/leader/sales.html", context)


@require_GET
@leader_page
def unpaid(request: LeaderRequest) -> HttpResponse:
    """Who has not paid yet, who has run out of time, and what to tell them."""
    campaign = selling_campaign(request, request.leader)
    now = timezone.now()
    context: dict[str, object] = {"campaign": campaign, "now": now}
    if campaign:
        waiting = unpaid_orders(request.leader, campaign)
        given_up = [row for row in given_up_orders(request.leader, campaign) if not row.has_bought]
        is_selling = campaign.opens_at <= now < campaign.orders_close_at
        context |= {
            "waiting": waiting,
            "given_up": given_up,
            "waiting_fen": sum(row.total_fen for row in waiting),
            "last_call": _last_call(request, campaign, len(waiting) + len(given_up))
            if is_selling and (waiting or given_up)
            else "",
        }
    return render(request, "fulfillment/leader/unpaid.html", context)


def _last_call(request: LeaderRequest, campaign: Campaign, households: int) -> str:
    """What to post; a group is public, so it names nobody."""
    return _(
        "Last call! Orders close at %(time)s. %(orders)d orders of our group are not paid yet: "
        "%(orders_link)s\nOrdered, run out of time? Order again here: %(shop_link)s"
    ) % {
        "time": date_format(timezone.localtime(campaign.orders_close_at), "H:i"),
        "orders": households,
        "orders_link": urljoin(settings.SITE_URL, reverse("resident-orders")),
        "shop_link": urljoin(settings.SITE_URL, reverse("shop", args=[request.leader.code])),
    }
