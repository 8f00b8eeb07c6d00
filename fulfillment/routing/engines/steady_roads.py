"""Traffic by the hour as matrices, for models that know no hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.plan import PlannedTrip
from fulfillment.routing.problem import DEPOT_NODE, IntMatrix, RoutingProblem
from fulfillment.routing.rules import Traffic
from fulfillment.routing.schedule import Duty
from fulfillment.routing.traffic import hours_of

# Of a vehicle's first departure: the reloads share the other row of the depot.
_FIRST = -1


class SteadyRoads:
    """Driving times between the nodes of `places`, as they are when `duties` drive.

    Every way takes as long as it does for a vehicle that leaves a stop when
    `duties` do; so the duties themselves are on time in these seconds, and
    others nearly. A stop in none of them is left in the worst of its hours.

    Attributes
    ----------
    seconds
        Indexed as `places`; the depot's rows are for reloads and for vehicles
        that `duties` leave at home.
    first_s
        Vehicle -> its own row for the first way from the depot; empty without
        traffic.
    """

    def __init__(self, judge: Judge, duties: Sequence[Duty], places: Sequence[int]) -> None:
        problem = judge.problem
        base_s: IntMatrix = problem.duration_s[np.ix_(places, places)]
        self.seconds = base_s
        self.first_s: dict[int, IntMatrix] = {}
        if problem.traffic is None or not base_s.any():
            return
        rows = _Rows(problem, problem.traffic, base_s)
        leaves_s = _departures_s(judge, duties)
        self.seconds = np.stack(
            [
                rows.at(place, leaves_s[node]) if node in leaves_s else rows.worst(place, node)
                for place, node in enumerate(places)
            ]
        )
        for duty in duties:
            departs_s = judge.trips(duty)[0].departs_s
            self.first_s[duty.vehicle] = rows.at(places.index(DEPOT_NODE), [departs_s])


class _Rows:
    def __init__(self, problem: RoutingProblem, traffic: Traffic, base_s: IntMatrix) -> None:
        self._problem = problem
        self._traffic = traffic
        self._hours = hours_of(traffic)
        self._base_s = base_s

    def at(self, place: int, departures_s: Iterable[int]) -> IntMatrix:
        """Return the longest drives of vehicles that leave a place at these times."""
        base_s = self._base_s[place].tolist()
        drives = [[self._hours.drive_s(way, at) for way in base_s] for at in departures_s]
        longest: IntMatrix = np.array(drives, dtype=np.int64).max(axis=0)
        return longest

    def worst(self, place: int, node: int) -> IntMatrix:
        """Return the drives from a place in the worst of the hours in which it can be left."""
        first_s, last_s = _open_s(self._problem, node)
        base_s = self._base_s[place]
        percent = _worst_percent(self._traffic, first_s, last_s + int(base_s.max()))
        rounded_up: IntMatrix = -(-base_s * percent // 100)
        return rounded_up


def _departures_s(judge: Judge, duties: Iterable[Duty]) -> Mapping[int, list[int]]:
    """Return when each node is left; the depot after reloads, or at all if there are none."""
    found: dict[int, list[int]] = defaultdict(list)
    for duty in duties:
        for number, (trip, nodes) in enumerate(zip(judge.trips(duty), duty.trips, strict=True)):
            left = (DEPOT_NODE if number else _FIRST, *nodes)
            for node, leaves_s in zip(left, _leaves_s(trip), strict=True):
                found[node].append(leaves_s)
    first_s = found.pop(_FIRST, [])
    if first_s:
        found.setdefault(DEPOT_NODE, first_s)
    return found


def _leaves_s(trip: PlannedTrip) -> Iterator[int]:
    """Yield when the vehicle drives on from the depot and from each stop of the trip."""
    ends_s = (trip.departs_s, *(stop.depart_s for stop in trip.stops))
    arrivals_s = (*(stop.arrive_s for stop in trip.stops), trip.returns_s)
    for at, (end_s, arrives_s) in enumerate(zip(ends_s, arrivals_s, strict=True)):
        # A pause that ends after the arrival is taken there.
        paused_s = [p.ends_s for p in trip.breaks if p.after == at and p.ends_s <= arrives_s]
        yield max(end_s, *paused_s) if paused_s else end_s


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
