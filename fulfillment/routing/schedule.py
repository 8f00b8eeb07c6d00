"""From sequences to times: duties become a plan with every clock reading in it.

Engines decide which vehicle visits which nodes in which order. This module
alone decides when, so every engine's plan keeps time by the same rules.

A vehicle's first departure is the latest that does not delay its last return,
because its hours are paid from then on: waiting in front of a closed door is
bought, waiting at home is not (`day_times.Day.best`). Later trips leave as soon
as the vehicle is reloaded, at the earliest so that it meets the first stop's
opening. Breaks go where they harm least (`break_placement`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fulfillment.routing.break_placement import place_breaks
from fulfillment.routing.day_rules import broken_by_sequence, closed_trips, opens_for_s
from fulfillment.routing.day_times import Day, Leg, LegKind, Times
from fulfillment.routing.plan import PlanCosts, PlannedTrip, RoutePlan
from fulfillment.routing.planned_trips import planned_trips
from fulfillment.routing.problem import DEPOT_NODE, UNBOUNDED_S, RoutingProblem, Vehicle
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.traffic import hours_of
from fulfillment.routing.unserved import explain_unserved
from fulfillment.routing.violations import ViolationCode

Trip = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """What one vehicle does: its position in the fleet and its trips as stop nodes."""

    vehicle: int
    trips: tuple[Trip, ...]

    @property
    def nodes(self) -> Trip:
        """All stop nodes of the duty, in order of visit."""
        return tuple(node for trip in self.trips for node in trip)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEvaluation:
    """One vehicle's day with its times, what it costs and which rules it breaks.

    `broken` names each rule once and is empty where the day keeps them all.
    """

    trips: tuple[PlannedTrip, ...]
    costs: PlanCosts
    broken: tuple[ViolationCode, ...]


def build_plan(problem: RoutingProblem, duties: Iterable[Duty]) -> RoutePlan:
    """Return the plan that drives `duties`; stops in none of them become unserved.

    Nothing is refused here: a duty that is late or overloaded gives a plan
    that is late or overloaded, and the checker says so.
    """
    trips: list[PlannedTrip] = []
    costs = PlanCosts()
    duration_s = 0
    driven = sorted((duty for duty in duties if duty.nodes), key=lambda duty: duty.vehicle)
    for duty in driven:
        vehicle = problem.vehicles[duty.vehicle]
        day = evaluate_duty(problem, duty)
        trips.extend(day.trips)
        costs = costs.plus(day.costs)
        duration_s += day.trips[-1].returns_s - _paid_from_s(vehicle, day.trips)
    served = {node for duty in driven for node in duty.nodes}
    return RoutePlan(
        trips=tuple(trips),
        unserved=explain_unserved(problem, [n for n in problem.nodes if n not in served]),
        distance_m=sum(trip.distance_m for trip in trips),
        duration_s=duration_s,
        cost_fen=costs.total_fen,
        costs=costs,
    )


def schedule_duty(problem: RoutingProblem, duty: Duty) -> tuple[PlannedTrip, ...]:
    """Return the duty's trips with all times; empty trips are left out."""
    return evaluate_duty(problem, duty).trips


def evaluate_duty(problem: RoutingProblem, duty: Duty) -> DutyEvaluation:
    """Return the duty's trips with all times, its costs and the rules it breaks.

    Empty trips are left out. Fixed trips are looked for among those of this
    vehicle; whether a stop is served twice or by nobody is not its matter.
    """
    driven = tuple(trip for trip in duty.trips if trip)
    broken = dict.fromkeys(broken_by_sequence(problem, duty.vehicle, driven))
    if not driven:
        return DutyEvaluation(trips=(), costs=PlanCosts(), broken=tuple(broken))
    vehicle = problem.vehicles[duty.vehicle]
    day = _day(problem, duty.vehicle, driven)
    free = day.best(vehicle.shift_start_s)
    times = _with_breaks(problem, duty.vehicle, driven, day, free)
    if times is None:
        times = free
        broken[ViolationCode.BREAK_MISSING] = None
    broken.update(dict.fromkeys(_late(times)))
    trips = planned_trips(problem, day, times)
    return DutyEvaluation(trips=trips, costs=_costs(vehicle, trips), broken=tuple(broken))


def duty_cost_fen(problem: RoutingProblem, duty: Duty) -> int | None:
    """Return what the duty costs, or None if it breaks a rule; quicker than all its times."""
    driven = tuple(trip for trip in duty.trips if trip)
    if next(broken_by_sequence(problem, duty.vehicle, driven), None) is not None:
        return None
    if not driven:
        return 0
    day = _day(problem, duty.vehicle, driven)
    free = day.best(day.vehicle.shift_start_s)
    if free.late_s:
        return None
    times = _with_breaks(problem, duty.vehicle, driven, day, free)
    return None if times is None or times.late_s else times.cost_fen


def _with_breaks(
    problem: RoutingProblem, vehicle: int, trips: Sequence[Trip], day: Day, free: Times
) -> Times | None:
    """Return the times with every break that can still be taken, or None if one has no room.

    What was missed on closed trips nobody can make good.
    """
    times = place_breaks(day, free)
    closed = closed_trips(problem, vehicle, trips) if problem.fixed else {}
    if times is not None or not closed:
        return times
    homes = zip(day.legs, free.readings, strict=True)
    back_s = [reading.arrive_s for leg, reading in homes if leg.kind is LegKind.HOME][max(closed)]
    left = tuple(due for due in day.vehicle.breaks if due.until_s >= back_s)
    return place_breaks(replace(day, vehicle=replace(day.vehicle, breaks=left)), free)


def _paid_from_s(vehicle: Vehicle, trips: Sequence[PlannedTrip]) -> int:
    return trips[0].departs_s if vehicle.back_s is None else vehicle.back_s


def _costs(vehicle: Vehicle, trips: Sequence[PlannedTrip]) -> PlanCosts:
    metres = sum(trip.distance_m for trip in trips)
    returns_s = trips[-1].returns_s
    seconds = returns_s - _paid_from_s(vehicle, trips)
    distance_fen = vehicle.cost_fen(metres, 0) - vehicle.fixed_cost_fen
    return PlanCosts(
        fixed_fen=vehicle.fixed_cost_fen,
        distance_fen=distance_fen,
        hours_fen=vehicle.cost_fen(metres, seconds) - vehicle.fixed_cost_fen - distance_fen,
        overtime_fen=vehicle.overtime_fen(returns_s),
        lateness_fen=sum(stop.lateness_fen for trip in trips for stop in trip.stops),
    )


def _late(times: Times) -> Iterator[ViolationCode]:
    if not times.late_s:
        return
    codes = {
        LegKind.VISIT: ViolationCode.AFTER_CLOSING,
        LegKind.HOME: ViolationCode.AFTER_SHIFT,
        LegKind.GIVEN_DEPARTURE: ViolationCode.RELOAD_TOO_SHORT,
    }
    for leg, reading in zip(times.legs, times.readings, strict=True):
        if leg.is_late(reading):
            yield codes[leg.kind]


def _day(problem: RoutingProblem, position: int, trips: Sequence[Trip]) -> Day:
    vehicle = problem.vehicles[position]
    closed = closed_trips(problem, position, trips) if problem.fixed else {}
    legs: list[Leg] = []
    metres = 0
    if vehicle.back_s is not None:
        legs.append(Leg(LegKind.RELOAD, service_s=vehicle.reload_s))
    for place, trip in enumerate(trips):
        fixed = closed.get(place)
        if fixed is not None and fixed.departs_s is not None:
            # Only an open trip before it can still be made to return in time.
            may_slip = place == 0 or place - 1 in closed
            due_s = UNBOUNDED_S if may_slip else fixed.departs_s
            legs.append(Leg(LegKind.GIVEN_DEPARTURE, opens_s=fixed.departs_s, closes_s=due_s))
        at = DEPOT_NODE
        for node in trip:
            legs.append(_visit(problem, vehicle, at, node, fixed))
            metres += int(problem.distance_m[at, node])
            at = node
        metres += int(problem.distance_m[at, DEPOT_NODE])
        is_last = place + 1 == len(trips)
        binds = is_last and fixed is None
        legs.append(
            Leg(
                LegKind.HOME,
                drive_s=int(problem.duration_s[at, DEPOT_NODE]),
                closes_s=vehicle.latest_return_s if binds else UNBOUNDED_S,
                service_s=0 if is_last else vehicle.reload_s,
            )
        )
    hours = None if problem.traffic is None else hours_of(problem.traffic)
    return Day(vehicle=vehicle, legs=tuple(legs), metres=metres, hours=hours)


def _visit(
    problem: RoutingProblem, vehicle: Vehicle, at: int, node: int, fixed: FixedTrip | None
) -> Leg:
    stop = problem.stop_at(node)
    return Leg(
        LegKind.VISIT,
        node=node,
        drive_s=int(problem.duration_s[at, node]),
        opens_s=opens_for_s(vehicle, stop),
        closes_s=stop.closes_s if fixed is None else UNBOUNDED_S,
        service_s=stop.service_s,
        stop=stop if stop.lateness_fen_per_hour else None,
    )
