"""The leader's own orders."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.selectors.leader_orders import (
    grouped_by_building,
    grouped_by_resident,
    order_of_leader,
    order_rows_of_leader,
)
from fulfillment.views.campaign_choice import selling_campaign
from leaders.http import LeaderRequest, leader_page

GROUPINGS = {"building": grouped_by_building, "resident": grouped_by_resident}


@require_GET
@leader_page
def order_list(request: LeaderRequest) -> HttpResponse:
    """The orders of a campaign by building or by resident, all or those searched for."""
    campaign = selling_campaign(request, request.leader)
    query = request.GET.get("q", "").strip()
    by = request.GET.get("by", "")
    by = by if by in GROUPINGS else "building"
    rows = order_rows_of_leader(request.leader, campaign, query) if campaign else []
    context = {
        "campaign": campaign,
        "query": query,
        "by": by,
        "options": _options(request, by),
        "groups": GROUPINGS[by](rows),
        "orders_count": len(rows),
        "pieces": sum(row.pieces for row in rows),
        "total_fen": sum(row.total_fen for row in rows),
    }
    page = "_order_groups.html" if request.htmx else "order_list.html"
    response = render(request, f"orders/{page}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@leader_page
def order_page(request: LeaderRequest, pk: int) -> HttpResponse:
    """One order with its lines and what became of them."""
    detail = order_of_leader(request.leader, pk)
    if detail is None:
        raise Http404(_("You have no such order."))
    return render(request, "orders/order.html", {"detail": detail, "order": detail.order})


def _options(request: LeaderRequest, by: str) -> list[dict[str, object]]:
    """The switch between the groupings, keeping the search."""
    kept = {name: request.GET[name] for name in ("campaign", "q") if request.GET.get(name)}
    labels = {"building": _("By building"), "resident": _("By resident")}
    return [
        {"label": label, "url": f"?{urlencode({**kept, 'by': key})}", "is_current": key == by}
        for key, label in labels.items()
    ]
