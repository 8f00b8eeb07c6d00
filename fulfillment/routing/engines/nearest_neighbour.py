"""Always on to the nearest stop that still fits: the yardstick nobody should miss.

Loads, doors and windows steer the walk; what else the rules ask for shortens it.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass

from fulfillment.routing.engines.fleet import Roads, Roster
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.segment import Segment, join
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem
from fulfillment.routing.schedule import Duty, Trip
from fulfillment.routing.search import SearchOutcome, SolveParams, Watch


@dataclass(frozen=True, slots=True)
class NearestNeighbourEngine:
    """Fills the vehicles one after another, the largest kind first."""

    name: str = "nearest_neighbour"

    @property
    def versions(self) -> Mapping[str, str]:
        """It depends on the language alone."""
        return {"python": platform.python_version()}

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
        """Return one greedy day; nothing but the problem changes it."""
        roads = Roads(problem)
        roster = Roster(roads)
        fixed = {node for trip in problem.fixed for node in trip.nodes}
        open_nodes = set(problem.nodes) - fixed
        fleet = sorted(
            range(len(problem.vehicles)),
            key=lambda position: (-problem.vehicles[position].capacity_g, position),
        )
        for _ in range(max((vehicle.max_trips for vehicle in problem.vehicles), default=0)):
            for position in fleet:
                trip = _walk(roads, position, open_nodes)
                while trip and not roster.extend_day(position, trip):
                    trip = trip[:-1]
                open_nodes -= set(trip)
        return SearchOutcome(duties=mended(Judge(problem), roster.duties()), by=self.name)


def _walk(roads: Roads, position: int, open_nodes: set[int]) -> Trip:
    """Return the trip that goes on to the nearest stop the vehicle can still serve."""
    vehicle = roads.problem.vehicles[position]
    home = Segment(0, 0, vehicle.latest_return_s)
    so_far = Segment(0, vehicle.shift_start_s, vehicle.latest_return_s)
    trip: Trip = ()
    at = DEPOT_NODE
    for _ in range(len(open_nodes)):
        for node in sorted(open_nodes - set(trip), key=lambda n: (roads.metres[at][n], n)):
            visit = roads.visit(vehicle, node)
            longer = visit and join(so_far, visit, roads.seconds[at][node])
            if longer is None or join(longer, home, roads.seconds[node][DEPOT_NODE]) is None:
                continue
            if roads.fits(vehicle, (*trip, node)):
                trip, at, so_far = (*trip, node), node, longer
                break
        else:
            break
    return trip
