"""What we know of a resident, and whose group they order in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leaders.errors import DomainError
from orders.forms import ReceiverForm
from orders.http import ResidentRequest, resident_page, shop_remember
from orders.selectors.legal import privacy_version_to_agree
from orders.selectors.resident_orders import bindings_of_resident
from orders.selectors.storefront import leader_by_code, points_open_of
from orders.services.residents import (
    resident_address_keep,
    resident_change_leader,
    resident_privacy_agree,
)


@require_http_methods(["GET", "POST"])
@resident_page
def profile(request: ResidentRequest) -> HttpResponse:
    """Name and door for the next order, the leader, and the way out."""
    resident = request.resident
    form = ReceiverForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        resident_address_keep(resident=resident, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("resident-profile")
    context = {
        "leader": resident.leader,
        "resident": resident,
        "form": form or ReceiverForm.of_resident(resident),
        "points": points_open_of(resident.leader),
        "bindings": bindings_of_resident(resident),
        "new_privacy": privacy_version_to_agree(resident.privacy_version, timezone.now()),
    }
    status = 422 if form is not None else 200
    return render(request, "orders/me/profile.html", context, status=status)


@require_POST
@resident_page
def agree(request: ResidentRequest) -> HttpResponse:
    """Agree to the privacy notice in force, if it is still the version that was shown."""
    now = timezone.now()
    version = privacy_version_to_agree(request.resident.privacy_version, now)
    if version and request.POST.get("version") == version:
        resident_privacy_agree(resident=request.resident, version=version, now=now)
        messages.success(request, _("Saved."))
    return redirect("resident-profile")


@require_http_methods(["GET", "POST"])
@resident_page
def change_leader(request: ResidentRequest, leader_code: str) -> HttpResponse:
    """Ask once more, then order in another leader's group from now on."""
    leader = leader_by_code(leader_code)
    if leader is None:
        raise Http404(_("There is no such shop."))
    if leader == request.resident.leader:
        return redirect("shop", leader.code)
    if request.method == "POST":
        try:
            resident_change_leader(resident=request.resident, leader=leader, now=timezone.now())
        except DomainError as error:
            messages.warning(request, _(error.message))
            return redirect("resident-profile")
        shop_remember(request.session, leader.code)
        messages.success(request, _("Done. You order here from now on."))
        return redirect("shop", leader.code)
    context = {
        "leader": request.resident.leader,
        "new_leader": leader,
        "points": points_open_of(leader),
    }
    return render(request, "orders/me/change_leader.html", context)
