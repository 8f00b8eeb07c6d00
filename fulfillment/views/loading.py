"""The vehicle: totes onto it by scan or count, the signature, a tote found after it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.forms.loading import FoundForm, ScanForm, SignForm, StopCountForm
from fulfillment.forms.totes import CLASS_LABELS
from fulfillment.http import NightRequest, night_page
from fulfillment.models.delivery import Stop
from fulfillment.models.papers import Document, Paper
from fulfillment.selectors.dock import DockDrop, DockTote, DockTrip, dock_floor, dock_trip
from fulfillment.selectors.totes import PackedSku, drop_contents
from fulfillment.services.loading import (
    Scan,
    load_all,
    load_resign,
    load_sign,
    tote_load,
    tote_unload,
)
from fulfillment.services.papers import papers_refresh
from leaders.errors import DomainError
from leaders.models.accounts import Role

DEVICE_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a scan is told, big: in words, with an icon and a tone."""

    text: str
    icon: str
    tone: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTote:
    """A tote that is not on the vehicle, and its goods if they have to be named."""

    slot: DockDrop
    at: DockTote
    goods: tuple[PackedSku, ...]


@require_GET
@night_page(Role.DISPATCHER)
def trips(request: NightRequest) -> HttpResponse:
    """Every trip with how far its load is."""
    context = {"run": request.run, "trips": dock_floor(request.run).trips}
    return render(request, "fulfillment/night/loading/trips.html", context)


@require_http_methods(["GET", "POST"])
@night_page(Role.DISPATCHER)
def load_trip(request: NightRequest, pk: int) -> HttpResponse:
    """A trip's load in load order; a scan puts its tote on board and is answered here."""
    trip = _trip(request, pk)
    answer = None
    if request.method == "POST":
        answer = _scanned(request, trip, tote_load)
        trip = _trip(request, pk)
    return _page(request, trip, answer)


@require_POST
@night_page(Role.DISPATCHER)
def unload(request: NightRequest, pk: int) -> HttpResponse:
    """Take a scanned tote off the vehicle again."""
    answer = _scanned(request, _trip(request, pk), tote_unload)
    return _page(request, _trip(request, pk), answer)


@require_POST
@night_page(Role.DISPATCHER)
def load_stop(request: NightRequest, pk: int, stop_pk: int) -> HttpResponse:
    """Put all totes of a slot on board because somebody counted them there."""
    trip = _trip(request, pk)
    stop = get_object_or_404(Stop.objects.select_related("drop"), pk=stop_pk, trip_id=pk)
    form = StopCountForm(request.POST)
    if not form.is_valid():
        return _page(request, trip, _refused(_("Type how many totes you counted.")))
    try:
        loaded = load_all(
            stop_id=stop.pk,
            count=form.cleaned_data["count"],
            event_key=form.cleaned_data["event_id"],
            device=_device(request),
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        return _page(request, _trip(request, pk), _refused(_(error.message)))
    words = _("%(slot)s complete: %(count)d on board") % {
        "slot": stop.drop.slot_code,
        "count": loaded,
    }
    return _page(request, _trip(request, pk), Answer(text=words, icon="check", tone="good"))


@require_http_methods(["GET", "POST"])
@night_page(Role.DISPATCHER)
def sign(request: NightRequest, pk: int) -> HttpResponse:
    """The driver's signature; missing totes ask for a reason and for their goods."""
    trip = _trip(request, pk)
    missing = _missing(trip)
    form = SignForm(
        request.POST or None,
        is_complete=not missing,
        asked={row.at.tote.pk: {sku.sku_id: sku.pieces for sku in row.goods} for row in missing},
    )
    if request.method == "POST" and form.is_valid():
        try:
            load_sign(
                trip_id=pk,
                driver_name=form.cleaned_data["driver_name"],
                missing=form.missing(),
                event_key=form.cleaned_data["event_id"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("%(route)s is signed for.") % {"route": trip.trip})
            return redirect("load-trip", request.run.campaign.code, pk)
    context = {
        "run": request.run,
        "trip": trip,
        "form": form,
        "missing": [(row, form.pieces_fields(row.at.tote.pk)) for row in missing],
        "names": {sku.sku_id: sku for row in missing for sku in row.goods},
        "back_url": reverse("load-trip", args=[request.run.campaign.code, pk]),
        "back_label": str(trip.trip),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/loading/sign.html", context, status=status)


@require_POST
@night_page(Role.DISPATCHER)
def found(request: NightRequest, pk: int) -> HttpResponse:
    """Load a missing tote that turned up, and sign again."""
    form = FoundForm(request.POST)
    if not form.is_valid():
        return _page(request, _trip(request, pk), _refused(_("Scan or type the tote's code.")))
    try:
        load_resign(
            trip_id=_trip(request, pk).trip.pk,
            code=form.cleaned_data["code"],
            driver_name=form.cleaned_data["driver_name"],
            event_id=form.cleaned_data["event_id"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        return _page(request, _trip(request, pk), _refused(_(error.message)))
    done = Answer(text=_("Found, loaded and signed for."), icon="check", tone="good")
    return _page(request, _trip(request, pk), done)


@require_POST
@night_page(Role.DISPATCHER)
def load_papers(request: NightRequest, pk: int) -> HttpResponseBase:
    """Print the trip's load sheet and route sheet as things stand, and open the load sheet."""
    route = str(_trip(request, pk).trip)
    papers_refresh(
        run=request.run,
        documents=[Document.LOAD_SHEET, Document.ROUTE_SHEET],
        scopes=[route],
        actor=request.user,
        now=timezone.now(),
    )
    paper = (
        Paper.objects.filter(run=request.run, document=Document.LOAD_SHEET, scope=route)
        .order_by("-revision")
        .first()
    )
    if paper is None:
        raise Http404(_("This trip has no load sheet."))
    return redirect("paper-download", paper.pk)


def _trip(request: NightRequest, pk: int) -> DockTrip:
    trip = dock_trip(request.run, pk)
    if trip is None:
        raise Http404(_("This trip is of another night."))
    return trip


def _page(request: NightRequest, trip: DockTrip, answer: Answer | None) -> HttpResponse:
    context = {
        "run": request.run,
        "trip": trip,
        "answer": answer,
        "event_id": uuid4(),
        "stop_keys": {drop.drop.pk: uuid4() for drop in trip.drops},
        "is_missing": bool(trip.missing),
        "back_url": reverse("loading", args=[request.run.campaign.code]),
        "back_label": _("Load"),
    }
    status = 409 if answer is not None and answer.tone == "bad" else 200
    return render(request, "fulfillment/night/loading/trip.html", context, status=status)


def _scanned(request: NightRequest, trip: DockTrip, move: Callable[..., Scan]) -> Answer:
    """Move the scanned tote; say what happened, or what the code is instead."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _refused(_("Scan or type the tote's code."))
    try:
        scan = move(
            trip_id=trip.trip.pk,
            code=form.cleaned_data["code"],
            event_id=form.cleaned_data["event_id"],
            device=_device(request),
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        return _refused(_(error.message))
    words = {
        "slot": scan.slot,
        "storage": str(CLASS_LABELS[scan.storage]),
        "loaded": scan.loaded,
        "sealed": scan.sealed,
    }
    counts = _("%(loaded)d of %(sealed)d on board") % words
    if move is tote_unload:
        text = _("Off again: %(slot)s %(storage)s") % words
        return Answer(text=text, icon="back", tone="plain", hint=counts)
    if not scan.is_new:
        text = _("Already loaded: %(slot)s %(storage)s") % words
        return Answer(text=text, icon="check", tone="plain", hint=counts)
    text = _("%(slot)s %(storage)s") % words
    return Answer(text=text, icon="check", tone="good", hint=counts)


def _refused(text: str) -> Answer:
    return Answer(text=text, icon="alert", tone="bad")


def _missing(trip: DockTrip) -> list[MissingTote]:
    """Sealed totes off the vehicle; goods are asked for where a class has several totes.

    Not for a tote that goes with another part of its drop.
    """
    rows = []
    for slot in trip.missing:
        held = drop_contents(slot.drop)
        for at in slot.waiting:
            of_class = [other for other in slot.packed if other.tote.storage == at.tote.storage]
            goods = tuple(sku for sku in held if sku.storage == at.tote.storage)
            is_asked = len(of_class) > 1 and not slot.goes_on
            rows.append(MissingTote(slot=slot, at=at, goods=goods if is_asked else ()))
    return rows


def _device(request: NightRequest) -> str:
    return request.headers.get("user-agent", "")[:DEVICE_LENGTH]
