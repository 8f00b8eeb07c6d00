"""OR-Tools behind our values; the only module that imports it.

Two uses: searching a whole day from nothing, and polishing a day group by group
under all rules.

The model: one node per stop, and reload nodes at the depot that empty a
vehicle on its way, so a second trip is a longer route. Limits are counts of
solutions, so equal inputs give equal days; the clock is only a guard. What
moves the search was measured: ``docs/algorithms/routing.md``.

References
----------
Christiaens, J. and G. Vanden Berghe (2020). Slack induction by string removals
for vehicle routing problems. *Transportation Science*, 54(2), 417-433.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util.optional_boolean_pb2 import BOOL_FALSE, BOOL_TRUE

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.fleet import Roads
from fulfillment.routing.engines.neighbourhoods import Neighbourhoods
from fulfillment.routing.engines.scaling import cost_scale, metre_cost, second_cost
from fulfillment.routing.engines.worker import serve
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import SearchOutcome, SearchTask, TrajectoryPoint

NAME = "ortools"
_UNLIMITED = 2**62
# Solutions after which one group counts as polished.
_GROUP_SOLUTIONS = 60
# A group that has nothing to improve may search on for ever; this ends it. No
# group that has something needs a tenth of it.
_GROUP_GUARD_S = 5.0
# Operators that cost more than they gain on these problems.
_HEAVY_OPERATORS = (
    "relocate_expensive_chain",
    "global_cheapest_insertion_path_lns",
    "local_cheapest_insertion_path_lns",
    "relocate_path_global_cheapest_insertion_insert_unperformed",
    "global_cheapest_insertion_visit_types_lns",
    "local_cheapest_insertion_visit_types_lns",
    "lin_kernighan",
    "exchange_pair",
    "relocate_pair",
    "light_relocate_pair",
    "relocate_subtrip",
    "exchange_subtrip",
)


def search(task: SearchTask) -> SearchOutcome:
    """Search a whole day from nothing, by iterated local search (ruin and recreate).

    Raises
    ------
    EngineFailed
        If the model has no first solution.
    """
    problem = task.problem
    group = _Group(
        nodes=tuple(problem.nodes),
        vehicles=_enough_vehicles(task),
        reloads=_reloads_for(task),
    )
    model = _Model(problem, group)
    model.search.use_iterated_local_search = True
    ruin = model.search.iterated_local_search_parameters
    strategies = ruin.ruin_recreate_parameters.ruin_strategies
    del strategies[:]
    sisr = strategies.add().sisr
    sisr.max_removed_sequence_size = 10
    sisr.avg_num_removed_visits = 10
    sisr.bypass_factor = 0.01
    # Annealing would be a little better but cools by the clock: no two runs alike.
    ruin.reference_solution_acceptance_strategy.greedy_descent.SetInParent()
    duties = model.solve_from_nothing(task.params.iterations or _UNLIMITED, task.params.seconds)
    if duties is None:
        raise EngineFailed("OR-Tools found no plan in its time.")
    return SearchOutcome(duties=duties, by=NAME)


def polish(task: SearchTask) -> SearchOutcome:
    """Improve the task's start by solving groups of neighbouring duties again and again.

    One iteration is one group. Guided local search under every rule runs from
    the duties as they are, and the group is replaced where it became cheaper.
    """
    guard = monotonic() + task.params.seconds
    roads = Roads(task.problem)
    days = Neighbourhoods(roads, task.start, task.params.seed)
    trajectory: list[TrajectoryPoint] = []
    for iteration in range(1, (task.params.iterations or 1) + 1):
        left_s = guard - monotonic()
        if left_s <= 0 or not days.duties:
            break
        chosen = days.next_group()
        found = _solve_group(task.problem, days, chosen, left_s)
        if found is not None and days.replace(chosen, found):
            trajectory.append(TrajectoryPoint(NAME, iteration, days.cost_fen))
    return SearchOutcome(duties=days.duties, trajectory=tuple(trajectory), by=NAME)


@dataclass(frozen=True, slots=True)
class _Group:
    """A part of the day: stop nodes, vehicle positions and the number of reload nodes."""

    nodes: tuple[int, ...]
    vehicles: tuple[int, ...]
    reloads: int


def _solve_group(
    problem: RoutingProblem, days: Neighbourhoods, chosen: Sequence[int], left_s: float
) -> tuple[Duty, ...] | None:
    duties = [days.duties[at] for at in chosen]
    several = any(problem.vehicles[duty.vehicle].max_trips > 1 for duty in duties)
    now = sum(len(duty.trips) - 1 for duty in duties)
    group = _Group(
        nodes=tuple(sorted((*(n for d in duties for n in d.nodes), *days.unserved))),
        vehicles=(*(duty.vehicle for duty in duties), *days.spare_vehicles()),
        reloads=now + 2 if several else 0,
    )
    model = _Model(problem, group)
    model.search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    return model.solve_from(duties, _GROUP_SOLUTIONS, min(left_s, _GROUP_GUARD_S))


def _enough_vehicles(task: SearchTask) -> tuple[int, ...]:
    """Return the start's vehicles and a tenth more: surplus identical ones cost seconds."""
    used = [duty.vehicle for duty in task.start]
    wanted = len(used) + max(2, len(used) // 10)
    spare = [at for at in range(len(task.problem.vehicles)) if at not in set(used)]
    return tuple(sorted(used + spare[: wanted - len(used)]))


def _reloads_for(task: SearchTask) -> int:
    if all(vehicle.max_trips == 1 for vehicle in task.problem.vehicles):
        return 0
    return sum(len(duty.trips) - 1 for duty in task.start) + 4


class _Model:
    """One routing model; its node numbers are 0, the group's stops, then reload nodes."""

    def __init__(self, problem: RoutingProblem, group: _Group) -> None:
        self._problem = problem
        self._group = group
        self._stops = [problem.stop_at(node) for node in group.nodes]
        self._fleet = [problem.vehicles[at] for at in group.vehicles]
        self._scale = cost_scale(problem.vehicles)
        self._index = [0, *group.nodes, *([0] * group.reloads)]
        self._manager = pywrapcp.RoutingIndexManager(len(self._index), len(self._fleet), 0)
        self._routing = pywrapcp.RoutingModel(self._manager)
        self.search = pywrapcp.DefaultRoutingSearchParameters()
        self._choose_operators()
        self._add_distance()
        self._add_time()
        self._add_load(
            "weight", [s.weight_g for s in self._stops], [v.capacity_g for v in self._fleet]
        )
        self._add_load(
            "totes", [s.totes for s in self._stops], [v.capacity_totes for v in self._fleet]
        )
        self._add_trips()
        for place, stop in enumerate(self._stops, start=1):
            self._routing.AddDisjunction([self._at(place)], stop.unserved_penalty_fen * self._scale)
        for place in self._reload_places():
            self._routing.AddDisjunction([self._at(place)], 0)

    def solve_from_nothing(self, solutions: int, seconds: float) -> tuple[Duty, ...] | None:
        """Return the day found by iterated local search, or None."""
        self.search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
        self._limit(solutions, seconds)
        self._routing.CloseModelWithParameters(self.search)
        return self._duties(self._routing.SolveWithIteratedLocalSearch(self.search))

    def solve_from(
        self, duties: Sequence[Duty], solutions: int, seconds: float
    ) -> tuple[Duty, ...] | None:
        """Return the day found from `duties`, or None if the model refuses them."""
        self._limit(solutions, seconds)
        self._routing.CloseModelWithParameters(self.search)
        place = {node: at for at, node in enumerate(self._group.nodes, start=1)}
        reloads = iter(self._reload_places())
        by_vehicle = {duty.vehicle: duty for duty in duties}
        routes: list[list[int]] = []
        for position in self._group.vehicles:
            route: list[int] = []
            for number, trip in enumerate(
                by_vehicle[position].trips if position in by_vehicle else ()
            ):
                if number:
                    route.append(next(reloads))
                route.extend(place[node] for node in trip)
            routes.append(route)
        start = self._routing.ReadAssignmentFromRoutes(routes, True)
        if start is None:
            return None
        return self._duties(self._routing.SolveFromAssignmentWithParameters(start, self.search))

    def _limit(self, solutions: int, seconds: float) -> None:
        self.search.solution_limit = solutions
        self.search.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))

    def _at(self, place: int) -> int:
        return int(self._manager.NodeToIndex(place))

    def _reload_places(self) -> range:
        return range(len(self._stops) + 1, len(self._index))

    def _choose_operators(self) -> None:
        self.search.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GREEDY_DESCENT
        )
        operators = self.search.local_search_operators
        for name in _HEAVY_OPERATORS:
            setattr(operators, f"use_{name}", BOOL_FALSE)
        operators.use_cross_exchange = BOOL_TRUE
        operators.use_relocate_neighbors = BOOL_TRUE

    def _add_distance(self) -> None:
        metres = self._problem.distance_m[np.ix_(self._index, self._index)]
        rates = [metre_cost(vehicle, self._scale) for vehicle in self._fleet]
        # Registered matrices: Python callbacks are eight times slower.
        costs = {
            rate: self._routing.RegisterTransitMatrix((metres * rate).tolist()) for rate in rates
        }
        for position, vehicle in enumerate(self._fleet):
            self._routing.SetArcCostEvaluatorOfVehicle(costs[rates[position]], position)
            self._routing.SetFixedCostOfVehicle(vehicle.fixed_cost_fen * self._scale, position)

    def _add_time(self) -> None:
        if self._problem.is_timeless:
            return
        seconds = self._problem.duration_s[np.ix_(self._index, self._index)]
        unload_s = [0, *(stop.service_s for stop in self._stops)]
        transits: dict[int, int] = {}
        for reload_s in {vehicle.reload_s for vehicle in self._fleet}:
            spent = np.array([*unload_s, *([reload_s] * self._group.reloads)], dtype=np.int64)
            transits[reload_s] = self._routing.RegisterTransitMatrix(
                (seconds + spent[:, None]).tolist()
            )
        horizon = max(vehicle.shift_end_s for vehicle in self._fleet)
        evaluators = [transits[vehicle.reload_s] for vehicle in self._fleet]
        self._routing.AddDimensionWithVehicleTransits(evaluators, horizon, horizon, False, "time")
        clock = self._routing.GetDimensionOrDie("time")
        for position, vehicle in enumerate(self._fleet):
            shift = vehicle.shift_start_s, vehicle.shift_end_s
            for end in (self._routing.Start(position), self._routing.End(position)):
                clock.CumulVar(end).SetRange(*shift)
            clock.SetSpanCostCoefficientForVehicle(second_cost(vehicle, self._scale), position)
        for place, stop in enumerate(self._stops, start=1):
            clock.CumulVar(self._at(place)).SetRange(stop.opens_s, min(stop.closes_s, horizon))

    def _add_load(self, name: str, loads: Sequence[int], capacities: Sequence[int]) -> None:
        """Add what a vehicle has delivered since it last loaded; reloading takes it back to 0."""
        if not any(loads):
            return
        largest = max(capacities)
        changes = [0, *loads, *([-largest] * self._group.reloads)]
        load = self._routing.RegisterUnaryTransitVector(changes)
        self._routing.AddDimensionWithVehicleCapacity(load, largest, list(capacities), True, name)
        dimension = self._routing.GetDimensionOrDie(name)
        # Only a reload may take back less than the largest vehicle holds.
        for place in range(1, len(self._stops) + 1):
            dimension.SlackVar(self._at(place)).SetValue(0)
        for position in range(len(self._fleet)):
            dimension.SlackVar(self._routing.Start(position)).SetValue(0)

    def _add_trips(self) -> None:
        if not self._group.reloads:
            return
        ones = [0, *([0] * len(self._stops)), *([1] * self._group.reloads)]
        count = self._routing.RegisterUnaryTransitVector(ones)
        limits = [vehicle.max_trips - 1 for vehicle in self._fleet]
        self._routing.AddDimensionWithVehicleCapacity(count, 0, limits, True, "reloads")

    def _duties(self, solution: pywrapcp.Assignment | None) -> tuple[Duty, ...] | None:
        if solution is None:
            return None
        duties: list[Duty] = []
        for position, vehicle in enumerate(self._group.vehicles):
            trips: list[list[int]] = [[]]
            at = self._routing.Start(position)
            while not self._routing.IsEnd(at):
                place = self._manager.IndexToNode(at)
                if place > len(self._stops):
                    trips.append([])
                elif place:
                    trips[-1].append(self._index[place])
                at = solution.Value(self._routing.NextVar(at))
            filled = tuple(tuple(trip) for trip in trips if trip)
            if filled:
                duties.append(Duty(vehicle, filled))
        return tuple(duties)


if __name__ == "__main__":
    serve({NAME: search, "ortools_polish": polish})
