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
from dataclasses import dataclass, replace
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
from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import UNBOUNDED_S, RoutingProblem, Stop, Vehicle
from fulfillment.routing.schedule import Duty, Trip
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask
from fulfillment.routing.unserved import unserved_reason

NAME = "pyvrp"
_UNLIMITED = 10**9
# Cost of a vehicle over what it holds; PyVRP's penalties end at 100,000.
_COMFORTABLE_PRICE = 100
_NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Sizes of PyVRP's search; its own are 50 neighbours, 25 perturbations, history 300."""

    neighbours: int
    perturbations: int
    history: int


# Days with windows and a handful of stops a trip want small steps and a short
# memory: two per cent cheaper than PyVRP's own on day_zhengzhou in half a minute.
# Without windows so small a step stays in its valley.
_TIMED = _Tuning(neighbours=30, perturbations=6, history=100)
_TIMELESS = _Tuning(neighbours=30, perturbations=12, history=300)


def search(task: SearchTask) -> SearchOutcome:
    """Search from nothing; the start only tells which stops can be served.

    A stop that must be served makes a smaller and faster search than an
    optional one, but a plan that cannot exist is never found. So the stops of
    the start are mandatory. Where it leaves out some that could be served
    alone, half the search demands those as well; if that finds nothing, the
    other half demands nothing.

    Raises
    ------
    EngineFailed
        If nothing feasible was found.
    """
    served = frozenset(node for duty in task.start for node in duty.nodes)
    left_out = [node for node in task.problem.nodes if node not in served]
    doubtful = frozenset(
        node
        for node in left_out
        if unserved_reason(task.problem, node) is UnservedReason.NO_VEHICLE_LEFT
    )
    if not doubtful:
        return _search(task, mandatory=served)
    half = _halved(task)
    try:
        return _search(half, mandatory=served | doubtful)
    except EngineFailed:
        return _search(half, mandatory=frozenset())


def _halved(task: SearchTask) -> SearchTask:
    params = task.params
    iterations = max(1, (params.iterations or _UNLIMITED) // 2)
    return replace(task, params=replace(params, iterations=iterations, seconds=params.seconds / 2))


def _search(task: SearchTask, mandatory: frozenset[int]) -> SearchOutcome:
    model = _Model(task.problem, mandatory)
    tuning = _TIMELESS if task.problem.is_timeless else _TIMED
    iterations = task.params.iterations or _UNLIMITED
    result = solve(
        model.data,
        MultipleCriteria([MaxIterations(iterations), MaxRuntime(task.params.seconds)]),
        seed=task.params.seed,
        collect_stats=False,
        params=SolveParams(
            ils=IteratedLocalSearchParams(
                history_length=tuning.history, callbacks=_Callbacks(model, task.journal)
            ),
            neighbourhood=NeighbourhoodParams(num_neighbours=tuning.neighbours),
            perturbation=PerturbationParams(max_perturbations=tuning.perturbations),
        ),
    )
    if not result.is_feasible():
        raise EngineFailed("PyVRP found no feasible plan in its time.", iterations=iterations)
    return SearchOutcome(
        duties=model.duties(result.best),
        trajectory=tuple(task.journal.points),
        by=NAME,
    )


class _Model:
    """A problem in PyVRP's terms, and its solutions back in ours."""

    def __init__(self, problem: RoutingProblem, mandatory: frozenset[int]) -> None:
        self._mandatory = mandatory
        self._fleet = list(problem.vehicles_by_kind().values())
        self.scale = cost_scale(problem.vehicles)
        self._gram = _load_unit(problem, self.scale)
        self._tote = _grams_per_tote(problem.vehicles) * self._gram
        self._reloads = sorted({v.reload_s for v in problem.vehicles if v.max_trips > 1})
        # PyVRP's own type hint for matrices is not one that NumPy's types meet.
        metres: list[Any] = [problem.distance_m]
        seconds: list[Any] = [problem.duration_s]
        self.data = ProblemData(
            locations=[Location(0, 0) for _ in range(len(problem.stops) + 1)],
            clients=[self._client(stop, node) for node, stop in enumerate(problem.stops, start=1)],
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

    def _client(self, stop: Stop, node: int) -> Client:
        required = node in self._mandatory
        return Client(
            node,
            delivery=[stop.weight_g * self._gram, stop.totes * self._tote],
            service_duration=stop.service_s,
            tw_early=stop.opens_s,
            tw_late=_bound(stop.closes_s),
            prize=0 if required else stop.unserved_penalty_fen * self.scale,
            required=required,
        )

    def _vehicle_type(self, vehicle: Vehicle, count: int) -> VehicleType:
        several = vehicle.max_trips > 1
        return VehicleType(
            count,
            capacity=[vehicle.capacity_g * self._gram, vehicle.capacity_totes * self._tote],
            fixed_cost=vehicle.fixed_cost_fen * self.scale,
            tw_early=vehicle.shift_start_s,
            tw_late=_bound(vehicle.shift_end_s),
            unit_distance_cost=metre_cost(vehicle, self.scale),
            unit_duration_cost=second_cost(vehicle, self.scale),
            reload_depots=[1 + self._reloads.index(vehicle.reload_s)] if several else [],
            max_reloads=vehicle.max_trips - 1,
        )


class _Callbacks(IteratedLocalSearchCallbacks):
    """Notes each better solution in the task's journal."""

    def __init__(self, model: _Model, journal: Journal) -> None:
        self._model = model
        self._journal = journal
        self._iteration = 0

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
        self._journal.note(NAME, self._iteration, self._model.cost_fen(best))


def _load_unit(problem: RoutingProblem, scale: int) -> int:
    """Return the factor by which loads grow so that their penalties stay small.

    The search prices excess by the unit and PyVRP bounds the price. Where a
    vehicle is dear and holds few units, as in some fleet-size instances, no
    price under the bound would ever buy a second one.
    """
    farthest_m = int((problem.distance_m[0] + problem.distance_m[:, 0]).max())
    prices = [
        vehicle.cost_fen(farthest_m, 0) * scale // max(1, vehicle.capacity_g)
        for vehicle in problem.vehicles
    ]
    return 1 + max(prices, default=0) // _COMFORTABLE_PRICE


def _grams_per_tote(vehicles: Sequence[Vehicle]) -> int:
    """Return a weight for a tote that makes both loads about equally large.

    One tote too many is as bad as a load of kilograms too many, so their
    units must be alike.
    """
    grams = max((vehicle.capacity_g for vehicle in vehicles), default=1)
    totes = max((vehicle.capacity_totes for vehicle in vehicles), default=1)
    return max(1, grams // max(1, totes))


def _bound(seconds: int) -> int:
    return _NEVER if seconds >= UNBOUNDED_S else seconds


if __name__ == "__main__":
    serve({NAME: search})
