"""PyVRP behind our values; the only module that imports it.

PyVRP knows everything the day needs: two capacities, windows, a mixed fleet
with fixed, distance and duration costs, shifts, and second trips through a
reload depot. It searches by iterated local search with penalties.

References
----------
Wouda, N.A., L. Lan and W. Kool (2024). PyVRP: a high-performance VRP solver
package. *INFORMS Journal on Computing*, 36(4), 943-955.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    CostEvaluator,
    Depot,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchCallbacks
from pyvrp.search import NeighbourhoodParams, PerturbationParams
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.scaling import cost_scale, metre_cost, second_cost
from fulfillment.routing.engines.worker import serve
from fulfillment.routing.problem import UNBOUNDED_S, RoutingProblem, Stop, Vehicle
from fulfillment.routing.schedule import Duty, Trip
from fulfillment.routing.search import SearchOutcome, SearchTask, TrajectoryPoint

NAME = "pyvrp"
_UNLIMITED = 10**9
_NEVER = int(np.iinfo(np.int64).max)
# Small perturbations and lean neighbourhoods suit days with windows and a
# handful of stops a trip: measured against PyVRP's own 25 and 50 on
# day_zhengzhou they are 1.5 to 2 per cent cheaper at equal time.
_NEIGHBOURS = 30
_PERTURBATIONS = 6


def search(task: SearchTask) -> SearchOutcome:
    """Search from scratch; the start only tells whether all stops can be served.

    Raises
    ------
    EngineFailed
        If nothing feasible was found.
    """
    model = _Model(task.problem, required=_serves_all(task))
    journal = _Journal(model)
    iterations = task.params.iterations or _UNLIMITED
    result = solve(
        model.data,
        MultipleCriteria([MaxIterations(iterations), MaxRuntime(task.params.seconds)]),
        seed=task.params.seed,
        collect_stats=False,
        params=SolveParams(
            ils=IteratedLocalSearchParams(callbacks=journal),
            neighbourhood=NeighbourhoodParams(num_neighbours=_NEIGHBOURS),
            perturbation=PerturbationParams(max_perturbations=_PERTURBATIONS),
        ),
    )
    if not result.is_feasible():
        raise EngineFailed("PyVRP found no feasible plan in its time.", iterations=iterations)
    return SearchOutcome(
        duties=model.duties(result.best),
        trajectory=tuple(journal.points),
        by=NAME,
    )


def _serves_all(task: SearchTask) -> bool:
    """Return whether the start proves that every stop can be served.

    Stops that must be served make a smaller and faster search than optional
    ones, but a plan that cannot exist would never be found.
    """
    return sum(len(duty.nodes) for duty in task.start) == len(task.problem.stops)


class _Model:
    """A problem in PyVRP's terms, and its solutions back in ours."""

    def __init__(self, problem: RoutingProblem, *, required: bool) -> None:
        self._required = required
        self._fleet = list(problem.vehicles_by_kind().values())
        self._tote_g = _grams_per_tote(problem.vehicles)
        self.scale = cost_scale(problem.vehicles)
        self._reloads = sorted({v.reload_s for v in problem.vehicles if v.max_trips > 1})
        # PyVRP's own type hint for matrices is not one that NumPy's types meet.
        metres: list[Any] = [problem.distance_m]
        seconds: list[Any] = [problem.duration_s]
        self.data = ProblemData(
            locations=[Location(0, 0) for _ in range(len(problem.stops) + 1)],
            clients=[self._client(stop, at) for at, stop in enumerate(problem.stops, start=1)],
            depots=[Depot(0), *(Depot(0, service_duration=s) for s in self._reloads)],
            vehicle_types=[
                self._vehicle_type(problem.vehicles[positions[0]], len(positions))
                for positions in self._fleet
            ],
            distance_matrices=metres,
            duration_matrices=seconds,
        )

    def duties(self, solution: Solution) -> tuple[Duty, ...]:
        """Return the solution's routes, given to the vehicles of their kind in fleet order."""
        free = [iter(positions) for positions in self._fleet]
        routes = sorted(
            (route.vehicle_type(), self.trips(route))
            for route in solution.routes()
            if route.num_clients()
        )
        return tuple(Duty(next(free[kind]), trips) for kind, trips in routes)

    def trips(self, route: Route) -> tuple[Trip, ...]:
        """Return the route's trips as stop nodes, empty ones left out."""
        trips: dict[int, list[int]] = {}
        for activity in route.schedule():
            if activity.is_client():
                trips.setdefault(activity.trip, []).append(activity.idx + 1)
        return tuple(tuple(nodes) for _, nodes in sorted(trips.items()))

    def cost_fen(self, solution: Solution) -> int:
        """Return the objective in fen."""
        evaluator = CostEvaluator([0] * self.data.num_load_dimensions, 0, 0)
        return round(evaluator.cost(solution) / self.scale)

    def _client(self, stop: Stop, location: int) -> Client:
        return Client(
            location,
            delivery=[stop.weight_g, stop.totes * self._tote_g],
            service_duration=stop.service_s,
            tw_early=stop.opens_s,
            tw_late=_bound(stop.closes_s),
            prize=0 if self._required else stop.unserved_penalty_fen * self.scale,
            required=self._required,
        )

    def _vehicle_type(self, vehicle: Vehicle, count: int) -> VehicleType:
        several = vehicle.max_trips > 1
        return VehicleType(
            count,
            capacity=[vehicle.capacity_g, vehicle.capacity_totes * self._tote_g],
            fixed_cost=vehicle.fixed_cost_fen * self.scale,
            tw_early=vehicle.shift_start_s,
            tw_late=_bound(vehicle.shift_end_s),
            unit_distance_cost=metre_cost(vehicle, self.scale),
            unit_duration_cost=second_cost(vehicle, self.scale),
            reload_depots=[1 + self._reloads.index(vehicle.reload_s)] if several else [],
            max_reloads=vehicle.max_trips - 1,
        )


class _Journal(IteratedLocalSearchCallbacks):
    """Notes each better solution."""

    def __init__(self, model: _Model) -> None:
        self._model = model
        self._iteration = 0
        self.points: list[TrajectoryPoint] = []

    def on_start(self, ils: IteratedLocalSearch) -> None:
        """Note the first solution, if it is one."""
        if ils.initial_solution.is_feasible():
            self.on_best(ils.initial_solution)

    def on_iteration(
        self, current: Solution, candidate: Solution, best: Solution, cost_evaluator: CostEvaluator
    ) -> None:
        """Count."""
        self._iteration += 1

    def on_best(self, best: Solution) -> None:
        """Note what it costs."""
        fen = self._model.cost_fen(best)
        self.points.append(TrajectoryPoint(NAME, self._iteration, fen))


def _grams_per_tote(vehicles: Sequence[Vehicle]) -> int:
    """Return a weight for a tote that makes both loads about equally large.

    One tote too many is as bad as a load of kilograms too many; the search
    prices excess by the unit, so the units must be alike.
    """
    grams = max((vehicle.capacity_g for vehicle in vehicles), default=1)
    totes = max((vehicle.capacity_totes for vehicle in vehicles), default=1)
    return max(1, grams // max(1, totes))


def _bound(seconds: int) -> int:
    return _NEVER if seconds >= UNBOUNDED_S else seconds


if __name__ == "__main__":
    serve({NAME: search})
