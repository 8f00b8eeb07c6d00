"""Who sells for a leader, and for whom a leader sells (帮卖)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leaders.errors import ResaleAgreedAlready, ResalePartnerUnknown, ResaleRateTooHigh
from leaders.http import LeaderRequest, leader_page
from leaders.selectors.resales import (
    resales_between,
    resales_made_by,
    resales_offered_to,
)
from leaders.services.resales import resale_agree, resale_end
from orders.forms import ResaleForm
from orders.selectors.resales import orders_resold

SHOWN_MOST = 50


@require_http_methods(["GET", "POST"])
@leader_page
def resales(request: LeaderRequest) -> HttpResponse:
    """Both sides of a leader's agreements; a POST lets one more leader sell."""
    form = ResaleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resale_agree(
                owner=request.leader,
                reseller_code=form.cleaned_data["reseller"],
                rate_bp=form.rate_bp,
                actor=request.user,
                now=timezone.now(),
            )
        except (ResaleAgreedAlready, ResalePartnerUnknown) as error:
            form.add_error("reseller", _(error.message))
        except ResaleRateTooHigh as error:
            form.add_error("rate", _(error.message))
        else:
            return redirect("leader-resales")
    sold = orders_resold(request.leader)
    made = resales_made_by(request.leader)[:SHOWN_MOST]
    context = {
        "form": form,
        "made": [(row, sold.get((row.owner_id, row.reseller_id), 0)) for row in made],
        "offered": [
            (row, sold.get((row.owner_id, row.reseller_id), 0))
            for row in resales_offered_to(request.leader)[:SHOWN_MOST]
        ],
    }
    return render(request, "orders/leader/resales.html", context)


@require_POST
@leader_page
def end(request: LeaderRequest, pk: int) -> HttpResponse:
    """End an agreement from either side."""
    resale = get_object_or_404(resales_between(request.leader), pk=pk)
    ended = resale_end(
        leader=request.leader, resale_id=resale.pk, actor=request.user, now=timezone.now()
    )
    if ended:
        messages.success(request, _("Ended. What was sold before stays as agreed."))
    return redirect("leader-resales")
