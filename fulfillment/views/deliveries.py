"""The leader receives: the code to show, the tap, the count by line, the result."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.forms.deliveries import CausesForm, FiguresForm, ReceivedForm
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.deliveries import (
    Delivery,
    DeliveryPart,
    deliveries_of_leader,
    delivery,
)
from fulfillment.selectors.handover import received_lines
from fulfillment.services.handover import received_tap
from fulfillment.services.handover_codes import handover_code
from fulfillment.services.handover_count import LeaderCount, handover_count
from leaders.errors import DomainError
from leaders.http import LeaderRequest, leader_page


@require_GET
@leader_page
def delivery_page(request: LeaderRequest, pk: int) -> HttpResponse:
    """Where one delivery stands, and what the leader can do about it now."""
    return _page(request, delivery(_drop(request, pk)))


@require_GET
@leader_page
def delivery_code(request: LeaderRequest, pk: int, stop_pk: int) -> HttpResponse:
    """The code alone, asked for again and again; once it is of no use, the page comes anew."""
    found = delivery(_drop(request, pk))
    part = next((part for part in found.parts if part.stop.pk == stop_pk), None)
    if part is None or not part.shows_code:
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
        return response
    context = {"delivery": found, "part": part, "code": _code(part)}
    return render(request, "fulfillment/deliveries/_code.html", context)


@require_POST
@leader_page
def delivery_received(request: LeaderRequest, pk: int, stop_pk: int) -> HttpResponse:
    """Say that the goods are there."""
    drop = _drop(request, pk)
    form = ReceivedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Count the totes and type how many there are."))
        return redirect("leader-delivery", drop.pk)
    try:
        handover = received_tap(
            stop_id=stop_pk,
            leader=request.leader,
            totes=form.cleaned_data["totes"],
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        if handover.state == HandoverState.PENDING:
            messages.success(request, _("Noted. It is complete once the driver has entered it."))
        else:
            messages.success(request, _("Noted. You can count the goods now."))
    return redirect("leader-delivery", drop.pk)


@require_http_methods(["GET", "POST"])
@leader_page
def delivery_count(request: LeaderRequest, pk: int) -> HttpResponse:
    """Figures first, then a reason for each that differs; no figure at all accepts everything."""
    found = delivery(_drop(request, pk))
    handover = found.counting
    if handover is None or not found.may_count(timezone.now()):
        messages.error(request, _("Differences to this delivery cannot be reported any more."))
        return redirect("leader-delivery", pk)
    lines = received_lines(handover)
    run = found.drop.wave.run
    figures = FiguresForm(request.POST or None, run=run, lines=lines)
    context = {"delivery": found, "form": figures, "now": timezone.now()}
    if not (figures.is_bound and figures.is_valid()):
        status = 422 if figures.is_bound else 200
        return render(request, "fulfillment/deliveries/count.html", context, status=status)
    if differing := figures.differing():
        return _causes(request, handover, figures, differing)
    refused = _enter(request, handover, LeaderCount(event_id=figures.cleaned_data["event"]))
    if refused is not None:
        messages.error(request, _(refused.message))
    return redirect("leader-delivery", pk)


def _causes(
    request: LeaderRequest, handover: Handover, figures: FiguresForm, differing: dict[int, int]
) -> HttpResponse:
    """Ask why goods differ, and send it all once that is said."""
    is_said = "why" in request.POST
    form = CausesForm(
        request.POST if is_said else None,
        request.FILES if is_said else None,
        differing=differing,
        lines=received_lines(handover, also=differing),
    )
    event = figures.cleaned_data["event"]
    if is_said and form.is_valid():
        refused = _enter(request, handover, form.count(event))
        if refused is None:
            return redirect("leader-delivery", handover.stop.drop_id)
        form.point_at(refused.details.get("sku_id"), _(refused.message))
    context = {"drop": handover.stop.drop, "form": form, "event": event}
    status = 422 if is_said else 200
    return render(request, "fulfillment/deliveries/causes.html", context, status=status)


def _enter(request: LeaderRequest, handover: Handover, counts: LeaderCount) -> DomainError | None:
    """Enter a count and say what came of it; a refusal is returned."""
    try:
        after = handover_count(
            handover_id=handover.pk, counts=counts, actor=request.user, now=timezone.now()
        )
    except DomainError as error:
        return error
    if after.state == HandoverState.ACCEPTED:
        messages.success(request, _("Everything is as delivered. Thank you!"))
    else:
        messages.success(request, _("The warehouse sees your differences now."))
    return None


def _page(request: LeaderRequest, found: Delivery) -> HttpResponse:
    now = timezone.now()
    context = {
        "delivery": found,
        "parts": [(part, _code(part) if part.shows_code else "") for part in found.parts],
        "may_count": found.may_count(now),
        "event": uuid4(),
        "now": now,
    }
    return render(request, "fulfillment/deliveries/delivery.html", context)


def _drop(request: LeaderRequest, pk: int) -> Drop:
    return get_object_or_404(deliveries_of_leader(request.leader), pk=pk)


def _code(part: DeliveryPart) -> str:
    return handover_code(part.stop, timezone.now())
