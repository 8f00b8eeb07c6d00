"""Traffic by the hour as one matrix, for models that know no hours."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fulfillment.routing.problem import DEPOT_NODE, IntMatrix, RoutingProblem
from fulfillment.routing.rules import Traffic
from fulfillment.routing.schedule import Duty, schedule_duty


def driving_s(problem: RoutingProblem, duties: Iterable[Duty], places: Sequence[int]) -> IntMatrix:
    """Return driving times between the nodes of `places`, indexed as they are.

    Under traffic each way takes what the worst hour makes of it in which it is
    driven when `duties` leave that node; where they do not come, in which it
    could be. So the duties themselves are on time in these seconds too, unless
    their depot has departures in better hours and in worse.
    """
    base_s = problem.duration_s[np.ix_(places, places)]
    if problem.traffic is None or not base_s.any():
        return base_s
    longest_s = int(base_s.max())
    leaves_s = _departures_s(problem, duties)
    percents = np.array(
        [
            _worst_percent(problem.traffic, first_s, last_s + longest_s)
            for first_s, last_s in (leaves_s.get(node, _open_s(problem, node)) for node in places)
        ],
        dtype=np.int64,
    )
    rounded_up: IntMatrix = -(-base_s * percents[:, None] // 100)
    return rounded_up


def _departures_s(problem: RoutingProblem, duties: Iterable[Duty]) -> Mapping[int, tuple[int, int]]:
    """Return for each node the first and the last time that `duties` leave it."""
    found: dict[int, tuple[int, int]] = {}
    for duty in duties:
        driven = filter(None, duty.trips)
        for trip, nodes in zip(schedule_duty(problem, duty), driven, strict=True):
            ends_s = [trip.departs_s, *(stop.depart_s for stop in trip.stops)]
            pauses = {pause.after: pause.ends_s for pause in trip.breaks}
            for at, node in enumerate((DEPOT_NODE, *nodes)):
                leaves_s = max(ends_s[at], pauses.get(at, 0))
                first_s, last_s = found.get(node, (leaves_s, leaves_s))
                found[node] = min(first_s, leaves_s), max(last_s, leaves_s)
    return found


def _open_s(problem: RoutingProblem, node: int) -> tuple[int, int]:
    """Return when vehicles could leave a node that none is known to leave."""
    if node == DEPOT_NODE:
        starts_s = [vehicle.shift_start_s for vehicle in problem.vehicles]
        return min(starts_s), max(vehicle.latest_return_s for vehicle in problem.vehicles)
    stop = problem.stop_at(node)
    return stop.opens_s + stop.service_s, stop.closes_s + stop.service_s


def _worst_percent(traffic: Traffic, first_s: int, last_s: int) -> int:
    starts_s = [start_s for start_s, _ in traffic.percents]
    ends_s = [*starts_s[1:], last_s + 1]
    met = (
        percent
        for (start_s, percent), end_s in zip(traffic.percents, ends_s, strict=True)
        if start_s <= last_s and end_s > first_s
    )
    return max(met, default=traffic.percents[0][1])
