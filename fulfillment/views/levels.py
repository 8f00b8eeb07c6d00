"""A leader's level, and who sells how much of it all."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.selectors.levels import level_history, level_standing
from leaders.http import LeaderRequest, leader_page
from leaders.selectors.commission_plans import plan_of_leader

HISTORY_ROWS = 24


@require_GET
@leader_page
def level(request: LeaderRequest) -> HttpResponse:
    """My figures of 30 days against my level and the next, the rule in words, the history."""
    history = list(level_history(request.leader)[:HISTORY_ROWS])
    context = {
        "standing": level_standing(request.leader, timezone.now()),
        "plan": plan_of_leader(request.leader),
        "has_own_plan": request.leader.commission_plan_id is not None,
        "history": history,
        "notice": next((review for review in history if review.is_open), None),
    }
    return render(request, "fulfillment/leader/level.html", context)
