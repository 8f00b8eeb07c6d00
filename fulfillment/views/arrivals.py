"""The leader tells the residents that their goods are there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.arrivals import point_arrival
from fulfillment.selectors.leader_arrivals import drops_of_leader
from fulfillment.services.arrivals import arrival_announce
from fulfillment.views.campaign_choice import arriving_campaign
from leaders.http import LeaderRequest, leader_page


@require_http_methods(["GET", "POST"])
@leader_page
def arrival(request: LeaderRequest, pk: int) -> HttpResponse:
    """Ask before residents are told; tell them on POST."""
    run = get_object_or_404(
        CutoffRun.objects.select_related("campaign"),
        campaign=arriving_campaign(request, request.leader),
    )
    drops = drops_of_leader(request.leader, run).select_related("pickup_point")
    point = get_object_or_404(drops, pickup_point=pk).pickup_point
    if request.method == "POST":
        told = arrival_announce(
            pickup_point_id=point.pk,
            campaign_id=run.campaign_id,
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(
            request, _("Residents of %(orders)d orders are told now.") % {"orders": told}
        )
        return redirect(f"{reverse('leader-hand-out')}?campaign={run.campaign.code}")
    context = {"campaign": run.campaign, "arrival": point_arrival(point, run)}
    return render(request, "fulfillment/leader/arrival.html", context)
