"""The public page for people who want to become leaders."""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leaders.errors import (
    ApplicationAlreadyOpen,
    ApplicationClosed,
    DomainError,
    GeocodingUnavailable,
    InviteCodeRefused,
)
from leaders.forms.application import LeaderApplicationForm
from leaders.http import client_ip, is_too_often
from leaders.integrations.geocoding import FoundPlace
from leaders.selectors.landmarks import landmarks
from leaders.services.application_links import application_address, application_token
from leaders.services.applications import application_submit
from leaders.services.place_search import has_place_search, places_find

HOUR_S = 3600
# By address; a mobile operator puts many phones behind one.
APPLICATIONS_PER_HOUR = 60
SEARCHES_PER_HOUR = 60
SESSION_KEY = "application_token"
# Where the form says what the service refused; the rest stands above it.
FIELD_OF: dict[type[DomainError], str] = {
    ApplicationAlreadyOpen: "phone",
    ApplicationClosed: "phone",
    InviteCodeRefused: "invite_code",
}


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Show the form, look for its address, and file what was filled in."""
    if request.method == "GET":
        invite = request.GET.get("invite", "")[:12]
        return _page(request, LeaderApplicationForm(initial={"invite_code": invite}))
    if "find" in request.POST:
        return _searched(request)
    form = LeaderApplicationForm(request.POST)
    if is_too_often("apply", client_ip(request), most=APPLICATIONS_PER_HOUR, period_s=HOUR_S):
        form.add_error(None, _("Too many applications from here. Please try again in an hour."))
        return _page(request, form, status=429)
    if form.is_valid():
        try:
            application = application_submit(details=form.details, now=timezone.now())
        except DomainError as error:
            form.add_error(FIELD_OF.get(type(error)), error.message)
        else:
            request.session[SESSION_KEY] = application_token(application)
            return redirect("apply-done")
    return _page(request, form, status=422)


@require_GET
def apply_done(request: HttpRequest) -> HttpResponse:
    """Say that the application has arrived, and give its link to keep."""
    token = request.session.get(SESSION_KEY)
    context = {"token": token, "address": application_address(token) if token else ""}
    response = render(request, "leaders/apply/done.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
def apply_places(request: HttpRequest) -> HttpResponse:
    """The places an address may mean, for the script of the form."""
    places, message = _find(request, request.POST.dict())
    found = [
        {"label": found.label, "lng": found.place.lng, "lat": found.place.lat} for found in places
    ]
    response = JsonResponse({"places": found, "message": message})
    add_never_cache_headers(response)
    return response


@require_GET
def apply_landmarks(request: HttpRequest) -> HttpResponse:
    """What the map shows beside the pin: communities by name."""
    if is_too_often("landmarks", client_ip(request), most=SEARCHES_PER_HOUR, period_s=HOUR_S):
        return JsonResponse({"landmarks": []}, status=429)
    return JsonResponse({"landmarks": [asdict(landmark) for landmark in landmarks()]})


def _searched(request: HttpRequest) -> HttpResponse:
    """The form as it was filled in so far, with the places of its address to choose from."""
    given = request.POST.dict()
    places, message = _find(request, given)
    form = LeaderApplicationForm(initial=given)
    return _page(request, form, places=places, message=message)


def _find(request: HttpRequest, given: dict[str, str]) -> tuple[tuple[FoundPlace, ...], str]:
    """What was found for the address given, and what there is to say if it is nothing."""
    district, address = given.get("district", ""), given.get("address", "")
    if not address.strip():
        return (), _("Please write the address first.")
    if is_too_often("places", client_ip(request), most=SEARCHES_PER_HOUR, period_s=HOUR_S):
        return (), _("Too many searches from here. Please use the phone's position instead.")
    named = address if district in address else f"{district}{address}"
    try:
        places = places_find(address=named)
    except GeocodingUnavailable as error:
        return (), error.message
    if not places:
        return (), _("Nobody knows this address. Please write it in full, with the street.")
    return places, ""


def _page(
    request: HttpRequest,
    form: LeaderApplicationForm,
    *,
    places: tuple[FoundPlace, ...] = (),
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "places": places,
        "message": message,
        "can_search": has_place_search(),
        "tiles": settings.MAP_TILE_URL,
        "attribution": settings.MAP_TILE_ATTRIBUTION,
        "token": request.session.get(SESSION_KEY),
    }
    response = render(request, "leaders/apply/apply.html", context, status=status)
    add_never_cache_headers(response)
    return response
