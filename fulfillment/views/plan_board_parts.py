"""The parts of the board's page, for the page itself and for a script that replaces some."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from fulfillment.domain.timeline import PlannedTour, PlannedVisit, Timeline, fleet_timeline
from fulfillment.models.delivery import DeliveryRun
from fulfillment.selectors.plan_board import draft_step
from fulfillment.selectors.plan_board_view import BoardDay, BoardStop, BoardTrip, BoardView
from fulfillment.selectors.plan_wording import violation_words
from leaders.http import UserRequest

FOLDER = "fulfillment/board"


def page_context(delivery_run: DeliveryRun, board: BoardView) -> dict[str, Any]:
    """What every template of the board is given."""
    return {
        "delivery_run": delivery_run,
        "board": board,
        "step": draft_step(board.draft),
        "faults": board.faults,
    }


def board_parts(
    request: UserRequest,
    delivery_run: DeliveryRun,
    board: BoardView,
    vehicles: Collection[str] | None = None,
) -> dict[str, Any]:
    """The verdict and those parts of the page that have changed, by their ids.

    Without `vehicles` the days of all of them are included. Figures are fen
    and WGS-84 degrees.
    """
    context = page_context(delivery_run, board)
    days = [day for day in board.days if vehicles is None or day.vehicle.code in vehicles]

    def part(template: str, **more: object) -> str:
        return render_to_string(f"{FOLDER}/{template}.html", {**context, **more}, request)

    html = {
        "board-head": part("_head"),
        "board-faults": part("_faults"),
        "board-unserved": part("_unserved"),
        **{f"day-{day.vehicle.code}": part("_day", day=day) for day in days},
    }
    if request.GET.get("timeline"):
        timeline = render_to_string(
            "fulfillment/delivery/_timeline.html", {"timeline": board_timeline(board)}, request
        )
        html["board-timeline"] = f'<div id="board-timeline">{timeline}</div>'
    return {
        "step": context["step"],
        "verdict": _verdict(board),
        "html": html,
        "map": board_map(delivery_run, board, days),
    }


def board_timeline(board: BoardView) -> Timeline:
    """One lane per vehicle that drives, in the order of the board."""
    lanes = [
        (day.vehicle.code, [_tour(trip) for trip in day.trips]) for day in board.days if day.trips
    ]
    return fleet_timeline(lanes, timedelta(minutes=settings.RELOAD_MINUTES))


def _tour(trip: BoardTrip) -> PlannedTour:
    return PlannedTour(
        route_no=trip.colour_no,
        departs_at=trip.departs_at,
        returns_at=trip.returns_at,
        visits=tuple(
            PlannedVisit(
                title=stop.name,
                arrive_at=stop.times.arrive_at,
                start_at=stop.times.start_at,
                depart_at=stop.times.depart_at,
            )
            for stop in trip.stops
            if stop.times is not None
        ),
    )


def _verdict(board: BoardView) -> dict[str, Any]:
    verdict = board.verdict
    return {
        "is_acceptable": verdict.is_acceptable,
        "cost_fen": verdict.cost_fen,
        "delta_fen": verdict.delta_fen,
        "lateness_fen": verdict.lateness_fen,
        "late_stops": verdict.late_stops,
        "moved_stops": verdict.moved_stops,
        "violations": [
            {"code": broken.code, "subject": broken.subject, "text": violation_words(broken)}
            for broken in verdict.violations
        ],
    }


def board_map(
    delivery_run: DeliveryRun, board: BoardView, days: Iterable[BoardDay]
) -> dict[str, Any]:
    """What the map draws of these days, and every stop on no trip; places are WGS-84 degrees."""
    warehouse = delivery_run.warehouse
    return {
        "warehouse": {"name": warehouse.name, "lng": warehouse.lng, "lat": warehouse.lat},
        "days": {
            day.vehicle.code: [
                {
                    "label": trip.label,
                    "colour_no": trip.colour_no,
                    "stops": [_mark(stop) for stop in trip.stops],
                }
                for trip in day.trips
            ]
            for day in days
        },
        "unserved": [_mark(stop) for stop in board.unserved],
    }


def _mark(stop: BoardStop) -> dict[str, Any]:
    point = stop.drop.pickup_point
    return {
        "key": stop.key,
        "name": stop.name,
        "position": stop.position,
        "lng": point.lng,
        "lat": point.lat,
    }
