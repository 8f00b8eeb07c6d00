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
from fulfillment.services.arrivals import arrival_announce
from fulfillment.views.campaign_choice import arriving_campaign
from leaders.http import LeaderRequest, leader_page
from leaders.models.pickup_points import PickupPoint


@require_http_methods(["GET", "POST"])
@leader_page
def arrival(request: LeaderRequest, pk: int) -> HttpResponse:
    """Ask before residents are told; tell them on POST."""
    point = get_object_or_404(PickupPoint, pk=pk, leader=request.leader)
    run = get_object_or_404(
        CutoffRun.objects.select_related("campaign"),
        campaign=arriving_campaign(request, request.leader),
    )
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
