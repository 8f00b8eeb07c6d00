"""The driver's phone: the trips of the day, one trip, one stop."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.domain.driving import EventKind, Reported
from fulfillment.forms.driving import (
    EventForm,
    FailForm,
    HandOverForm,
    PictureForm,
    TripEventForm,
    UndoForm,
)
from fulfillment.http import (
    DriverRequest,
    TripRequest,
    driver_page,
    phone_worker,
    trip_page,
)
from fulfillment.models.driving import DriverEventOutcome, ProofKind
from fulfillment.selectors.driver_pages import StopPage, stop_page_of, trip_page_of
from fulfillment.selectors.driving import trips_of_day
from fulfillment.services.delivery_proofs import ProofDraft, proof_receive
from fulfillment.services.driving import EventAnswer, events_receive
from leaders.errors import DomainError

_PLAIN_FORMS: dict[str, type[EventForm]] = {
    EventKind.ARRIVE.value: EventForm,
    EventKind.NOTE.value: PictureForm,
    EventKind.FAIL.value: FailForm,
}
# What is done at a door.
KINDS = (*_PLAIN_FORMS, EventKind.UNDO.value, EventKind.HAND_OVER.value)


@require_GET
@driver_page
def trips(request: DriverRequest) -> HttpResponse:
    """The trips from today on, or those of the last day that had any."""
    context = {"trips": trips_of_day(request.user, timezone.localdate())}
    return render(request, "fulfillment/driving/trips.html", context)


@require_http_methods(["GET", "POST"])
@trip_page
def trip(request: TripRequest) -> HttpResponse:
    """One trip: the next stop large, the others in driving order; leaving and coming back."""
    form = TripEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind = EventKind(form.cleaned_data["kind"])
        answer = _report(request, _reported(form, kind, None))
        if answer.outcome != DriverEventOutcome.REFUSED:
            return redirect("driver-trip", request.trip.pk)
        form.add_error(None, answer.said)
    page = trip_page_of(request.trip)
    context = {"page": page, "trip": request.trip, "known": page.known, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/driving/trip.html", context, status=status)


@require_GET
@trip_page
def stop(request: TripRequest, stop_pk: int) -> HttpResponse:
    """One stop: the way there, and what is done at its door."""
    return _stop(request, _page(request, stop_pk), {})


@require_POST
@trip_page
def stop_event(request: TripRequest, stop_pk: int, kind: str) -> HttpResponse:
    """Report something of a stop from a phone without scripts."""
    page = _page(request, stop_pk)
    if kind not in KINDS:
        raise Http404
    form = _form(kind, page, request)
    if form.is_valid():
        try:
            _proof_keep(request, form, stop_pk)
            answer = _report(request, _reported(form, EventKind(kind), stop_pk))
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            if answer.outcome != DriverEventOutcome.REFUSED:
                return _onward(request, kind, stop_pk)
            form.add_error(None, answer.said)
    return _stop(request, page, {kind: form})


@require_GET
@driver_page
def worker(request: DriverRequest) -> HttpResponse:
    """The program that keeps these pages on the phone; its address gives it their scope."""
    return phone_worker()


def _form(kind: str, page: StopPage, request: TripRequest | None = None) -> EventForm:
    """The form of a kind, filled from a request; every form of a page has ids of its own."""
    data, files = (request.POST, request.FILES) if request else (None, None)
    names = f"{kind}_%s"
    if kind == EventKind.HAND_OVER:
        return HandOverForm(data, files, page=page, auto_id=names)
    if kind == EventKind.UNDO:
        ending = page.card.ending
        initial = {"event": ending.event_id if ending else None}
        return UndoForm(data, files, initial=initial, auto_id=names)
    return _PLAIN_FORMS[kind](data, files, auto_id=names)


def _page(request: TripRequest, stop_pk: int) -> StopPage:
    page = stop_page_of(request.trip, stop_pk)
    if page is None:
        raise Http404(_("This stop belongs to another trip."))
    return page


def _stop(request: TripRequest, page: StopPage, bound: dict[str, EventForm]) -> HttpResponse:
    context: dict[str, object] = {
        "page": page,
        "card": page.card,
        "trip": request.trip,
        "known": [str(event.event_id) for event in page.history],
    }
    context |= {kind: bound.get(kind) or _form(kind, page) for kind in KINDS}
    status = 422 if bound else 200
    return render(request, "fulfillment/driving/stop.html", context, status=status)


def _reported(form: EventForm, kind: EventKind, stop_pk: int | None) -> Reported:
    return Reported(
        event_id=form.cleaned_data["event_id"],
        kind=kind,
        stop_id=stop_pk,
        device_at=timezone.now(),
        body=form.body(),
    )


def _report(request: TripRequest, event: Reported) -> EventAnswer:
    return events_receive(
        driver=request.driver,
        trip_id=request.trip.pk,
        events=[event],
        actor=request.user,
        now=timezone.now(),
    )[0]


def _proof_keep(request: TripRequest, form: EventForm, stop_pk: int) -> None:
    photo = form.cleaned_data.get("photo")
    number = form.cleaned_data.get("proof")
    if not photo or not isinstance(number, UUID):
        return
    now = timezone.now()
    draft = ProofDraft(proof_id=number, kind=ProofKind.PHOTO, device_at=now, data=photo.read())
    proof_receive(
        trip_id=request.trip.pk, stop_id=stop_pk, draft=draft, actor=request.user, now=now
    )


def _onward(request: TripRequest, kind: str, stop_pk: int) -> HttpResponse:
    """After an ending back to the trip, where the next stop is; else stay at the door."""
    if kind in (EventKind.HAND_OVER, EventKind.FAIL):
        return redirect("driver-trip", request.trip.pk)
    if kind == EventKind.NOTE:
        messages.success(request, _("Kept."))
    return redirect("driver-stop", request.trip.pk, stop_pk)
