"""Who may open the pages of a night or of a trip, and which night or trip it is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Driver, Trip
from fulfillment.selectors.driving import driver_of_user, trips_visible
from fulfillment.selectors.runs import runs_newest_first
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


class NightRequest(UserRequest):
    """A request about one night; `run` is the cut-off run of the campaign in the address."""

    run: CutoffRun


class DriverRequest(UserRequest):
    """A request to the driver's pages; `driver` is nobody where staff look on or help."""

    driver: Driver | None


class TripRequest(DriverRequest):
    """A request about one trip that the log-in may see."""

    trip: Trip


P = ParamSpec("P")
DriverView = Callable[Concatenate[DriverRequest, P], HttpResponseBase]
TripView = Callable[Concatenate[TripRequest, P], HttpResponseBase]
Route = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
TripRoute = Callable[Concatenate[HttpRequest, int, P], HttpResponseBase]
NightView = Callable[Concatenate[NightRequest, P], HttpResponseBase]
NightRoute = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def night_page(*roles: Role) -> Callable[[NightView[P]], NightRoute[P]]:
    """Open a view of `/warehouse/<campaign code>/…` to the warehouse and to these roles."""

    def decorate(view: NightView[P]) -> NightRoute[P]:
        @role_required(Role.WAREHOUSE, *roles)
        @wraps(view)
        def guarded(
            request: UserRequest, /, code: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            night_request = cast(NightRequest, request)
            night_request.run = get_object_or_404(runs_newest_first(), campaign__code=code)
            return view(night_request, *args, **kwargs)

        return cast(NightRoute[P], guarded)

    return decorate


def driver_page(view: DriverView[P]) -> Route[P]:
    """Open a view to drivers, and to the warehouse and dispatchers who help them."""

    @role_required(Role.DRIVER, Role.DISPATCHER, Role.WAREHOUSE)
    @wraps(view)
    def guarded(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        driver = driver_of_user(request.user)
        if driver is None and request.user.role == Role.DRIVER and not request.user.is_superuser:
            raise PermissionDenied(_("This log-in does not belong to a driver."))
        driver_request = cast(DriverRequest, request)
        driver_request.driver = driver
        return view(driver_request, *args, **kwargs)

    return guarded


def trip_page(view: TripView[P]) -> TripRoute[P]:
    """Open a view of `/drive/trips/<pk>/…`: drivers see published trips of their own only."""

    @driver_page
    @wraps(view)
    def guarded(
        request: DriverRequest, /, pk: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        trip_request = cast(TripRequest, request)
        trip_request.trip = get_object_or_404(trips_visible(request.user), pk=pk)
        return view(trip_request, *args, **kwargs)

    return cast(TripRoute[P], guarded)


def phone_worker() -> HttpResponse:
    """The program that keeps pages on a phone; the address it is served at gives it its scope."""
    program = settings.BASE_DIR / "static" / "js" / "phone_worker.js"
    return HttpResponse(program.read_bytes(), content_type="text/javascript")
