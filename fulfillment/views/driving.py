"""The driver's phone: the trips of the day, one trip, one stop."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.http import DriverRequest, TripRequest, driver_page, trip_page
from fulfillment.selectors.driving import stops_of_trip, trips_of_day


@require_GET
@driver_page
def trips(request: DriverRequest) -> HttpResponse:
    """The trips from today on, or those of the last day that had any."""
    context = {"trips": trips_of_day(request.user, timezone.localdate())}
    return render(request, "fulfillment/driving/trips.html", context)


@require_GET
@trip_page
def trip(request: TripRequest) -> HttpResponse:
    """One trip: its stops in driving order."""
    context = {"trip": request.trip, "stops": stops_of_trip(request.trip)}
    return render(request, "fulfillment/driving/trip.html", context)
