"""Closed trips out of the problem, so that no engine can touch what is loaded.

A closed trip is loaded, on the road or done. Nothing about it can change, so
its stops leave the matrices and its vehicle goes on from where the trip ends:
fewer trips, no second fixed cost, hours and overtime running on
(`Vehicle.back_s`), and only those breaks that it has not taken. What is fixed
but open, a prefix that more stops may follow, stays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fulfillment.routing.plan import PlannedBreak, PlannedTrip
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Stop, Vehicle
from fulfillment.routing.rules import Break, FixedTrip
from fulfillment.routing.schedule import Duty, Trip, schedule_duty


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPart:
    """What is left to plan, and the way back to the whole.

    Parameters
    ----------
    problem
        The problem without its closed trips.
    nodes
        The node in the whole problem of each stop of this one, node 1 first.
    vehicles
        The position in the whole fleet of each vehicle of this one.
    closed
        The closed trips in order, by position in the whole fleet.
    """

    problem: RoutingProblem
    nodes: tuple[int, ...]
    vehicles: tuple[int, ...]
    closed: Mapping[int, tuple[Trip, ...]]

    def restore(self, duties: Iterable[Duty]) -> tuple[Duty, ...]:
        """Return the duties of the whole problem: the closed trips, then these."""
        trips = dict(self.closed)
        for duty in duties:
            position = self.vehicles[duty.vehicle]
            named = tuple(tuple(self.nodes[node - 1] for node in trip) for trip in duty.trips)
            trips[position] = (*trips.get(position, ()), *named)
        return tuple(Duty(position, trips[position]) for position in sorted(trips))

    def reduce(self, duties: Iterable[Duty]) -> tuple[Duty, ...]:
        """Return the part of the whole problem's duties that is still open."""
        positions = {position: at for at, position in enumerate(self.vehicles)}
        places = {node: at for at, node in enumerate(self.nodes, start=1)}
        reduced = []
        for duty in duties:
            left = (tuple(places[n] for n in trip if n in places) for trip in duty.trips)
            trips = tuple(filter(None, left))
            if trips and duty.vehicle in positions:
                reduced.append(Duty(positions[duty.vehicle], trips))
        return tuple(reduced)


def open_part(problem: RoutingProblem) -> OpenPart:
    """Return `problem` without its closed trips.

    Costs and clocks of the rest are exact where the closed trips say when they
    depart; where the scheduler is to choose, they leave as they would if
    nothing followed. A vehicle with no trip or no time left is not part of the
    fleet any more, and stops fixed to it can be served by nobody.

    Raises
    ------
    ValueError
        If a vehicle has a closed trip after one that is not.
    """
    closed = _closed_trips(problem)
    gone = {node for trips in closed.values() for trip in trips for node in trip}
    nodes = tuple(node for node in problem.nodes if node not in gone)
    fleet = {
        position: vehicle
        for position, vehicle in enumerate(problem.vehicles)
        if position not in closed
    }
    for position, trips in closed.items():
        rest = _rest_of_day(problem, Duty(position, trips))
        if rest is not None:
            fleet[position] = rest
    vehicles = tuple(sorted(fleet))
    kept = [DEPOT_NODE, *nodes]
    reduced = replace(
        problem,
        stops=tuple(_still_served(problem, node, fleet) for node in nodes),
        vehicles=tuple(fleet[position] for position in vehicles),
        distance_m=problem.distance_m[np.ix_(kept, kept)],
        duration_s=problem.duration_s[np.ix_(kept, kept)],
        fixed=_open_fixed(problem, closed, nodes, vehicles),
        forbidden_pairs=_open_pairs(problem, nodes),
    )
    return OpenPart(problem=reduced, nodes=nodes, vehicles=vehicles, closed=closed)


def _closed_trips(problem: RoutingProblem) -> dict[int, tuple[Trip, ...]]:
    closed: dict[int, tuple[Trip, ...]] = {}
    for fixed in sorted(problem.fixed, key=lambda fixed: (fixed.vehicle, fixed.trip)):
        if not fixed.is_closed or not fixed.nodes:
            continue
        before = closed.get(fixed.vehicle, ())
        if fixed.trip != len(before) + 1:
            raise ValueError("A closed trip follows one that is not closed.")
        closed[fixed.vehicle] = (*before, fixed.nodes)
    return closed


def _rest_of_day(problem: RoutingProblem, done: Duty) -> Vehicle | None:
    """Return the vehicle as it is after its closed trips, or None if its day is over."""
    vehicle = problem.vehicles[done.vehicle]
    driven = schedule_duty(problem, done)
    back_s = driven[-1].returns_s
    starts_s = back_s + vehicle.reload_s
    left = vehicle.max_trips - len(done.trips)
    if left < 1 or starts_s > vehicle.latest_return_s:
        return None
    return replace(
        vehicle,
        fixed_cost_fen=0,
        shift_start_s=starts_s,
        max_trips=left,
        back_s=back_s,
        breaks=tuple(_breaks_left(vehicle.breaks, driven)),
    )


def _breaks_left(breaks: Sequence[Break], driven: Sequence[PlannedTrip]) -> Iterator[Break]:
    """Yield the breaks that fall due after the closed trips, if the vehicle goes on."""
    out_s, back_s = driven[0].departs_s, driven[-1].returns_s
    taken = [pause for trip in driven for pause in trip.breaks]
    for due in breaks:
        if due.until_s <= out_s or due.until_s < back_s or _is_taken(due, taken):
            continue
        # One that must begin the moment it is back finds it away.
        yield replace(due, until_s=max(due.until_s, back_s + 1))


def _is_taken(due: Break, taken: Sequence[PlannedBreak]) -> bool:
    return any(
        due.from_s <= pause.starts_s <= due.until_s
        and pause.ends_s - pause.starts_s >= due.duration_s
        for pause in taken
    )


def _still_served(problem: RoutingProblem, node: int, fleet: Mapping[int, Vehicle]) -> Stop:
    stop = problem.stop_at(node)
    lost = any(node in fixed.nodes and fixed.vehicle not in fleet for fixed in problem.fixed)
    return replace(stop, vehicle_keys=frozenset()) if lost else stop


def _open_fixed(
    problem: RoutingProblem,
    closed: Mapping[int, tuple[Trip, ...]],
    nodes: Sequence[int],
    vehicles: Sequence[int],
) -> tuple[FixedTrip, ...]:
    places = {node: at for at, node in enumerate(nodes, start=1)}
    return tuple(
        replace(
            fixed,
            vehicle=vehicles.index(fixed.vehicle),
            trip=fixed.trip - len(closed.get(fixed.vehicle, ())),
            nodes=tuple(places[node] for node in fixed.nodes),
        )
        for fixed in problem.fixed
        if fixed.nodes and not fixed.is_closed and fixed.vehicle in vehicles
    )


def _open_pairs(problem: RoutingProblem, nodes: Sequence[int]) -> frozenset[tuple[int, int]]:
    """Return the pairs of open stops; a closed stop shares no trip with an open one."""
    places = {node: at for at, node in enumerate(nodes, start=1)}
    return frozenset(
        (places[here], places[there])
        for here, there in problem.forbidden_pairs
        if here in places and there in places
    )
