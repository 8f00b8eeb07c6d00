"""A small problem around a change, so that a plan in use is changed only near it.

Stops that nobody drives (added late, or left by a van that broke down) go to
the routes close by or to vehicles that stay at home. All other routes leave
the problem and are put back untouched.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem
from fulfillment.routing.schedule import Duty, evaluate_duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """Part of a problem, and the way back.

    Parameters
    ----------
    problem
        The vehicles that may change and what they drive, with the loose stops.
    start
        Their duties as they are, on this problem.
    nodes, vehicles
        The node and the position in the whole problem of each of this one's.
    kept
        The duties of all other vehicles, on the whole problem.
    """

    problem: RoutingProblem
    start: tuple[Duty, ...]
    nodes: tuple[int, ...]
    vehicles: tuple[int, ...]
    kept: tuple[Duty, ...]

    def restore(self, duties: Iterable[Duty]) -> tuple[Duty, ...]:
        """Return the duties of the whole problem: those kept and these."""
        back = [
            Duty(
                self.vehicles[duty.vehicle],
                tuple(tuple(self.nodes[node - 1] for node in trip) for trip in duty.trips),
            )
            for duty in duties
        ]
        return tuple(sorted([*self.kept, *back], key=lambda duty: duty.vehicle))


def focus_on(
    problem: RoutingProblem,
    duties: Sequence[Duty],
    changed: Collection[int],
    neighbours: int,
) -> Focus:
    """Return the part of `problem` that a change concerns.

    Parameters
    ----------
    duties
        The plan in use, without what is gone.
    changed
        Positions of vehicles whose duties are to be looked at in any case.
    neighbours
        How many more routes may change: those that come closest to a stop in
        no duty. A duty that breaks a rule already is left alone, and changes
        by hand only.
    """
    driven = {duty.vehicle: duty for duty in duties if duty.nodes}
    loose = [node for node in problem.nodes if node not in _nodes(driven.values())]
    sound = {
        vehicle
        for vehicle, duty in driven.items()
        if vehicle in changed or not evaluate_duty(problem, duty).broken
    }
    idle = {vehicle for vehicle in range(len(problem.vehicles)) if vehicle not in driven}
    near = _nearest(problem, [driven[vehicle] for vehicle in sound], loose)
    free = sorted(idle | (sound & set(changed)) | set(near[:neighbours]))
    return part_of(problem, driven, loose, free)


def _nodes(duties: Iterable[Duty]) -> set[int]:
    return {node for duty in duties for node in duty.nodes}


def _nearest(problem: RoutingProblem, duties: Sequence[Duty], loose: Sequence[int]) -> list[int]:
    """Vehicles by the way from the loose stops to the closest of theirs, the nearest first."""
    if not loose:
        return []
    away = {
        duty.vehicle: int(problem.distance_m[np.ix_(loose, duty.nodes)].min()) for duty in duties
    }
    return sorted(away, key=lambda vehicle: (away[vehicle], vehicle))


def part_of(
    problem: RoutingProblem, driven: Mapping[int, Duty], loose: Sequence[int], free: Sequence[int]
) -> Focus:
    """Return the part of `problem` with the vehicles `free`, their duties and the stops `loose`.

    `driven` holds the duties in use by vehicle; `loose` are in none of them.
    """
    position = {vehicle: at for at, vehicle in enumerate(free)}
    inside = _nodes(duty for vehicle, duty in driven.items() if vehicle in position)
    nodes = sorted(inside | set(loose))
    place = {node: at for at, node in enumerate(nodes, start=1)}
    rows = [DEPOT_NODE, *nodes]
    part = replace(
        problem,
        stops=tuple(problem.stop_at(node) for node in nodes),
        vehicles=tuple(problem.vehicles[vehicle] for vehicle in free),
        distance_m=problem.distance_m[np.ix_(rows, rows)],
        duration_s=problem.duration_s[np.ix_(rows, rows)],
        fixed=tuple(
            replace(
                fixed,
                vehicle=position[fixed.vehicle],
                nodes=tuple(place[node] for node in fixed.nodes),
            )
            for fixed in problem.fixed
            if fixed.vehicle in position and set(fixed.nodes) <= place.keys()
        ),
        forbidden_pairs=frozenset(
            (place[here], place[there])
            for here, there in problem.forbidden_pairs
            if here in place and there in place
        ),
    )
    return Focus(
        problem=part,
        start=tuple(
            Duty(
                position[vehicle],
                tuple(tuple(place[node] for node in trip) for trip in driven[vehicle].trips),
            )
            for vehicle in free
            if vehicle in driven
        ),
        nodes=tuple(nodes),
        vehicles=tuple(free),
        kept=tuple(duty for vehicle, duty in driven.items() if vehicle not in position),
    )
