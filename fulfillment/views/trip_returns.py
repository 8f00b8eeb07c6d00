"""A vehicle is back: its papers typed in, stop by stop or all at once."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.forms.trip_returns import RestForm, StopForm
from fulfillment.http import NightRequest, night_page
from fulfillment.selectors.dock import DockDrop, DockTrip, dock_trip
from fulfillment.selectors.totes import drop_contents
from fulfillment.services.trip_returns import trip_return_enter, trip_return_rest
from leaders.errors import DomainError
from leaders.models.accounts import Role


@require_http_methods(["GET", "POST"])
@night_page(Role.DISPATCHER)
def trip_return(request: NightRequest, pk: int) -> HttpResponse:
    """All stops of a trip; one press enters the open ones as delivered."""
    trip = _trip(request, pk)
    still_open = [drop.stop.pk for drop in trip.drops if drop.stop and drop.handover is None]
    form = RestForm(request.POST or None, stop_ids=still_open)
    if request.method == "POST" and form.is_valid():
        try:
            trip_return_rest(
                trip_id=pk,
                empties=form.empties(),
                empties_in=form.cleaned_data["empties_in"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("%(route)s is entered.") % {"route": trip.trip})
            return redirect("trip-return", request.run.campaign.code, pk)
    context = {
        "run": request.run,
        "trip": trip,
        "form": form,
        "rows": [
            (drop, form.empties_field(drop.stop.pk) if drop.stop else None) for drop in trip.drops
        ],
        "back_url": reverse("loading", args=[request.run.campaign.code]),
        "back_label": _("Load"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/returns/trip.html", context, status=status)


@require_http_methods(["GET", "POST"])
@night_page(Role.DISPATCHER)
def stop_return(request: NightRequest, pk: int, stop_pk: int) -> HttpResponse:
    """One stop with a difference: result, totes, empties, goods not handed over."""
    trip = _trip(request, pk)
    slot = next((drop for drop in trip.drops if drop.stop and drop.stop.pk == stop_pk), None)
    if slot is None:
        raise Http404(_("This stop belongs to another trip."))
    totes = slot.on_board
    form = StopForm(
        request.POST or None,
        initial=_entered(slot),
        tote_ids=[at.tote.pk for at in totes],
        goods=drop_contents(slot.drop),
    )
    if request.method == "POST" and form.is_valid():
        try:
            trip_return_enter(
                trip_id=pk,
                stops=[form.result(stop_pk)],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            words = {"slot": slot.drop.slot_code}
            messages.success(request, _("Slot %(slot)s is entered.") % words)
            return redirect("trip-return", request.run.campaign.code, pk)
    context = {
        "run": request.run,
        "trip": trip,
        "slot": slot,
        "form": form,
        "totes": [(at, form.fate_field(at.tote.pk)) for at in totes],
        "back_url": reverse("trip-return", args=[request.run.campaign.code, pk]),
        "back_label": str(trip.trip),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/returns/stop.html", context, status=status)


def _trip(request: NightRequest, pk: int) -> DockTrip:
    trip = dock_trip(request.run, pk)
    if trip is None:
        raise Http404(_("This trip is of another night."))
    return trip


def _entered(slot: DockDrop) -> dict[str, object]:
    """What is entered of a stop already, so that only more is typed."""
    if slot.handover is None or slot.stop is None:
        return {}
    return {
        "state": slot.stop.state,
        "empties": slot.handover.empties_returned,
        "note": slot.handover.note,
    }
