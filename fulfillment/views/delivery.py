"""The dispatcher's pages: delivery runs, and one plan with map and timeline."""

from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.domain.timeline import PlannedTour, PlannedVisit, Timeline, fleet_timeline
from fulfillment.selectors.delivery_views import (
    PlanView,
    TripView,
    delivery_runs_listed,
    plan_view,
)
from fulfillment.selectors.plan_compare import cost_causes
from fulfillment.selectors.plan_desk import (
    delivery_runs_beside,
    first_drafts_listed,
    linehauls_listed,
)
from fulfillment.selectors.plan_shares import plan_shares
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

RUNS_PER_PAGE = 30
# More tables than this are a page nobody scrolls through; they start folded.
TRIPS_OPEN_MAX = 6


@require_GET
@role_required(Role.DISPATCHER)
def route_plan_list(request: UserRequest) -> HttpResponse:
    """Every delivery run with its figures, and the first plans that are being searched for."""
    page = Paginator(delivery_runs_listed(), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "first_drafts": first_drafts_listed()}
    return render(request, "fulfillment/delivery/route_plan_list.html", context)


@require_GET
@role_required(Role.DISPATCHER)
def route_plan(request: UserRequest, run_no: str) -> HttpResponse:
    """One plan: figures, map, timeline and stops; `?trip=` shows a single trip."""
    run = get_object_or_404(delivery_runs_listed(), run_no=run_no)
    plan = plan_view(run)
    shares = plan_shares(plan)
    chosen = _trip_asked_for(request, plan)
    trips = (chosen,) if chosen else plan.trips
    context = {
        "plan": plan,
        "chosen": chosen,
        "trips": trips,
        "are_trips_open": len(trips) <= TRIPS_OPEN_MAX,
        "timeline": _timeline(plan),
        "beside": delivery_runs_beside(run),
        "linehauls": linehauls_listed(run.cutoff_run),
        "shares": shares.shares,
        "causes": cost_causes(None, shares.costs),
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "fulfillment/delivery/route_plan.html", context)


def _trip_asked_for(request: UserRequest, plan: PlanView) -> TripView | None:
    asked = request.GET.get("trip", "")
    return next((trip for trip in plan.trips if str(trip.trip.route_no) == asked), None)


def _timeline(plan: PlanView) -> Timeline:
    """One lane per vehicle, in the order of their first departures."""
    by_vehicle = sorted(plan.trips, key=lambda view: (view.vehicle.code, view.trip.trip_no))
    lanes = [
        (code, [_tour(view) for view in views])
        for code, views in groupby(by_vehicle, key=lambda view: view.vehicle.code)
    ]
    lanes.sort(key=lambda lane: (lane[1][0].departs_at, lane[0]))
    return fleet_timeline(lanes, timedelta(minutes=settings.RELOAD_MINUTES))


def _tour(view: TripView) -> PlannedTour:
    local = timezone.localtime
    return PlannedTour(
        route_no=view.trip.route_no,
        departs_at=local(view.trip.departs_at),
        returns_at=local(view.trip.returns_at),
        visits=tuple(
            PlannedVisit(
                title=f"{stop.slot_code} {stop.point.name}",
                arrive_at=local(stop.stop.arrive_at),
                start_at=local(stop.stop.start_at),
                depart_at=local(stop.stop.depart_at),
            )
            for stop in view.stops
        ),
    )
