"""The leader's home, and the way from it to every other page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.selectors.dashboard import leader_home
from leaders.http import LeaderRequest, leader_page


@require_GET
@leader_page
def home(request: LeaderRequest) -> HttpResponse:
    """Today at a glance: sales, arrivals, shortages and commission."""
    context = {"home": leader_home(request.leader, timezone.now())}
    return render(request, "fulfillment/leader/home.html", context)


@require_GET
@leader_page
def more(request: LeaderRequest) -> HttpResponse:
    """Every page that is no tab, by what it is about."""
    return render(request, "fulfillment/leader/more.html", {"leader": request.leader})
