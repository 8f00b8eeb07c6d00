"""The leader's own data, to read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from leaders.http import LeaderRequest, leader_page
from leaders.selectors.agreements import agreement_in_force, consent_of_leader
from leaders.selectors.commission_plans import plan_of_leader
from leaders.selectors.pickup_points import pickup_points_of_leader


@require_GET
@leader_page
def profile(request: LeaderRequest) -> HttpResponse:
    """Who I am here, where goods land and what I earn."""
    agreement = agreement_in_force(timezone.now())
    context = {
        "leader": request.leader,
        "agreement": agreement,
        "is_signed": agreement is not None and consent_of_leader(request.leader, agreement),
        "plan": plan_of_leader(request.leader),
        "points": pickup_points_of_leader(request.leader),
    }
    return render(request, "leaders/profile/profile.html", context)
