"""What the warehouse and the dispatcher see of the handovers of a night."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.http import NightRequest, night_page
from fulfillment.models.handover import Handover
from fulfillment.selectors.handover_list import Shown, handover_figures, handover_rows
from fulfillment.services.handover import handover_release
from leaders.errors import DomainError
from leaders.models.accounts import Role


@require_GET
@night_page(Role.DISPATCHER)
def handover_list(request: NightRequest) -> HttpResponse:
    """Every stop and its handover; `?show=` picks a part."""
    asked = request.GET.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    rows = handover_rows(request.run)
    address = reverse("handovers", args=[request.run.campaign.code])
    labels = {
        Shown.ALL: _("All"),
        Shown.OPEN: _("Not entered yet"),
        Shown.TO_RELEASE: _("To release"),
        Shown.DISPUTED: _("Differences"),
        Shown.NOT_DELIVERED: _("Not delivered"),
    }
    context = {
        "run": request.run,
        "figures": handover_figures(rows),
        "rows": [row for row in rows if shown in row.parts],
        "options": [
            {"label": label, "url": f"{address}?show={part}", "is_current": part is shown}
            for part, label in labels.items()
        ],
    }
    return render(request, "fulfillment/night/handovers/list.html", context)


@require_POST
@night_page(Role.DISPATCHER)
def release(request: NightRequest, pk: int) -> HttpResponse:
    """Approve that a driver left goods without the leader."""
    handover = get_object_or_404(Handover, pk=pk, stop__trip__delivery_run__cutoff_run=request.run)
    try:
        handover_release(handover_id=handover.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, _("Released."))
    return redirect(f"{reverse('handovers', args=[request.run.campaign.code])}?show=to_release")
