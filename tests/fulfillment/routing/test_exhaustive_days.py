"""The scheduler against every departure by the minute and every place for a break."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings

from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break
from fulfillment.routing.schedule import Duty, Trip, duty_cost_fen
from tests.fulfillment.routing.builders import MINUTE_S
from tests.fulfillment.routing.rich_problems import rich_duties


@settings(deadline=None, max_examples=60)
@given(rich_duties(max_stops=4))
def test_no_departure_and_no_place_for_a_break_is_better(
    drawn: tuple[RoutingProblem, tuple[Duty, ...]],
) -> None:
    problem, duties = drawn
    # Everything then happens on the minute.
    problem = without_trucks_and_traffic(problem)
    for position, duty in enumerate(duties):
        trip = next((trip for trip in duty.trips if trip), ())
        if not trip:
            continue
        cost_fen = duty_cost_fen(problem, Duty(position, (trip,)))

        assert cost_fen == min(days_fen(problem, position, trip), default=None)


def without_trucks_and_traffic(problem: RoutingProblem) -> RoutingProblem:
    """Return the problem in whole minutes, with vans that hold everything and one break at most.

    No other rules are left.
    """
    return replace(
        problem,
        stops=tuple(
            replace(
                stop,
                prefers_until_s=stop.prefers_until_s // MINUTE_S * MINUTE_S,
                vehicle_keys=None,
                largest_size=None,
            )
            for stop in problem.stops
        ),
        vehicles=tuple(
            replace(
                vehicle,
                size=1,
                capacity_g=10**9,
                capacity_totes=10**9,
                capacity_ml=10**9,
                capacity_cold_totes=10**9,
                breaks=vehicle.breaks[:1],
            )
            for vehicle in problem.vehicles
        ),
        fixed=(),
        forbidden_pairs=frozenset(),
        traffic=None,
    )


def days_fen(problem: RoutingProblem, position: int, trip: Trip) -> Iterator[int]:
    """Yield the cost of every day of one trip that keeps the rules."""
    vehicle = problem.vehicles[position]
    latest_s = vehicle.latest_return_s
    for departs_s in range(vehicle.shift_start_s, latest_s, MINUTE_S):
        for spot in range(-1, 2 * len(trip) + 1):
            day = drive(problem, position, trip, departs_s, spot)
            if day is None or day[0] > latest_s:
                continue
            returns_s, lateness_fen = day
            metres = sum(
                int(problem.distance_m[here, there])
                for here, there in zip((0, *trip), (*trip, 0), strict=True)
            )
            cost_fen = vehicle.cost_fen(metres, returns_s - departs_s)
            yield cost_fen + vehicle.overtime_fen(returns_s) + lateness_fen


def drive(
    problem: RoutingProblem, position: int, trip: Trip, departs_s: int, spot: int
) -> tuple[int, int] | None:
    """Return the last return and the lateness, or None where a rule is broken.

    The break is taken nowhere for spot -1, before the departure for 0, and then
    before and after each unloading.
    """
    vehicle = problem.vehicles[position]
    rest = vehicle.breaks[0] if vehicle.breaks else None
    if rest is None and spot >= 0:
        return None
    if rest is not None and spot == 0:
        rests_s = max(rest.from_s, vehicle.shift_start_s)
        if rests_s + rest.duration_s > departs_s:
            return None
    now_s, at, lateness_fen = departs_s, 0, 0
    for number, node in enumerate(trip):
        stop = problem.stop_at(node)
        now_s += int(problem.duration_s[at, node])
        for before in (True, False):
            if spot == 2 * number + (1 if before else 2):
                taken_s = rested_s(rest, now_s)
                if taken_s is None:
                    return None
                now_s = taken_s
            if before:
                now_s = max(now_s, stop.opens_s)
                if now_s > stop.closes_s:
                    return None
                lateness_fen += stop.lateness_fen(now_s)
                now_s += stop.service_s
        at = node
    now_s += int(problem.duration_s[at, 0])
    is_due = rest is not None and departs_s < rest.until_s < now_s
    return None if is_due and spot < 0 else (now_s, lateness_fen)


def rested_s(rest: Break | None, now_s: int) -> int | None:
    """Return when a break that may begin now ends."""
    if rest is None or now_s > rest.until_s:
        return None
    return max(now_s, rest.from_s) + rest.duration_s
