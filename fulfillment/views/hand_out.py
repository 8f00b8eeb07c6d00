"""The leader's list for handing out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.domain.hand_out import HandOutSort
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.arrivals import arrivals_of_points
from fulfillment.selectors.hand_out import (
    hand_out_check,
    hand_out_groups,
    hand_out_lines,
)
from fulfillment.selectors.printing import newest_revisions
from fulfillment.views.campaign_choice import arriving_campaign
from leaders.http import LeaderRequest, leader_page


@require_GET
@leader_page
def hand_out(request: LeaderRequest) -> HttpResponse:
    """Who gets what, in the sort asked for by `?sort=`, with the check against the delivery."""
    sort = _asked_sort(request)
    campaign = arriving_campaign(request, request.leader)
    run = CutoffRun.objects.filter(campaign=campaign).first() if campaign else None
    lines = hand_out_lines(request.leader, run) if run else []
    context = {
        "campaign": campaign,
        "leader": request.leader,
        "sort": sort.value,
        "options": _options(request, sort),
        "groups": hand_out_groups(lines, sort),
        "pieces": sum(line.qty for line in lines),
        "orders_count": len({line.order_id for line in lines if line.qty}),
        "check": hand_out_check(request.leader, run, lines) if run and lines else None,
        "arrivals": arrivals_of_points(request.leader, run) if run else (),
        "papers": newest_revisions(request.user, run) if run else (),
    }
    return render(request, "fulfillment/leader/hand_out.html", context)


def _asked_sort(request: LeaderRequest) -> HandOutSort:
    asked = request.GET.get("sort", "")
    return HandOutSort(asked) if asked in set(HandOutSort) else HandOutSort.HOUSEHOLD


def _options(request: LeaderRequest, sort: HandOutSort) -> list[dict[str, object]]:
    """The switch between the three sorts, named by their levels."""
    kept = {"campaign": request.GET["campaign"]} if request.GET.get("campaign") else {}
    labels = {
        HandOutSort.HOUSEHOLD: _("Building, room"),
        HandOutSort.BUILDING: _("Building, product"),
        HandOutSort.PRODUCT: _("Product, building"),
    }
    return [
        {
            "label": label,
            "url": f"?{urlencode({**kept, 'sort': key.value})}",
            "is_current": key is sort,
        }
        for key, label in labels.items()
    ]
