"""A group of duties as an OR-Tools routing model: sequences, loads and clocks.

One node for each stop, and reload nodes at the depot that empty a vehicle on
its way, so a second trip is a longer route. The rules that go beyond loads and
windows are added by ``ortools_rules.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util.optional_boolean_pb2 import BOOL_FALSE, BOOL_TRUE

from fulfillment.routing.engines.scaling import cost_scale, metre_cost, second_cost
from fulfillment.routing.engines.steady_roads import SteadyRoads
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Stop, Vehicle
from fulfillment.routing.schedule import Duty

# Two clocks of one day: hours are paid on the first, which leaves as late as it
# can, lateness and overtime on the second, which leaves at once. Both prices on
# one clock would take a linear programme for every move, ten times as long.
CLOCK = "time"
SOONEST = "soonest"
RELOADS = "reloads"
_HOUR_S = 3_600
# Where nothing is left to improve, a search sees no further solution but goes on
# for ever; others branch about ten times for each.
_BRANCHES_PER_SOLUTION = 100
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """What a model is made of.

    Its places are 0, the depot; one for each of `nodes`; and one for each of
    `reloads` reloads. Vehicles are numbered as in `vehicles`, which are
    positions in the whole fleet.

    Parameters
    ----------
    problem
        The whole problem.
    nodes, vehicles
        The stops and the vehicles of the group.
    reloads
        How many further trips the group may make in all.
    roads
        Driving times between the places.
    """

    problem: RoutingProblem
    nodes: tuple[int, ...]
    vehicles: tuple[int, ...]
    reloads: int
    roads: SteadyRoads

    @cached_property
    def stops(self) -> list[Stop]:
        """The stops, place 1 first."""
        return [self.problem.stop_at(node) for node in self.nodes]

    @cached_property
    def fleet(self) -> list[Vehicle]:
        """The vehicles, vehicle 0 first."""
        return [self.problem.vehicles[at] for at in self.vehicles]

    @cached_property
    def place(self) -> dict[int, int]:
        """Node -> place."""
        return {node: place for place, node in enumerate(self.nodes, start=1)}

    @property
    def places(self) -> list[int]:
        """The node of each place; the depot's for reloads."""
        return [DEPOT_NODE, *self.nodes, *([DEPOT_NODE] * self.reloads)]

    @property
    def reload_places(self) -> range:
        """The places of reloads."""
        return range(len(self.nodes) + 1, len(self.nodes) + 1 + self.reloads)

    @cached_property
    def scale(self) -> int:
        """The factor that turns fen into the model's whole numbers."""
        return cost_scale(self.problem.vehicles)

    @property
    def is_timeless(self) -> bool:
        """Whether no clock is needed."""
        return self.problem.is_timeless and not any(stop.trucks_from_s for stop in self.stops)

    @property
    def has_prices_of_time(self) -> bool:
        """Whether lateness or overtime costs anything."""
        late = any(self.price_of_lateness(stop) for stop in self.stops)
        return late or any(self.price_of_overtime(vehicle) for vehicle in self.fleet)

    def price_of_lateness(self, stop: Stop) -> int:
        """Return the model's cost of each second after the preferred start; 0 if none can be."""
        can_be_late = stop.prefers_until_s < stop.closes_s
        return self._per_second(stop.lateness_fen_per_hour) if can_be_late else 0

    def price_of_overtime(self, vehicle: Vehicle) -> int:
        """Return the model's cost of each second of overtime; 0 if there is none."""
        return self._per_second(vehicle.overtime_fen_per_hour) if vehicle.overtime_s else 0

    def _per_second(self, fen_per_hour: int) -> int:
        return round(fen_per_hour * self.scale / _HOUR_S)


class Model:
    """One routing model: build it, add rules, `solve_from` once."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._manager = pywrapcp.RoutingIndexManager(len(frame.places), len(frame.fleet), 0)
        self.routing = pywrapcp.RoutingModel(self._manager)
        self._add_costs()
        self._add_time()
        stops, fleet = frame.stops, frame.fleet
        self._add_load("weight", [s.weight_g for s in stops], [v.capacity_g for v in fleet])
        self._add_load("totes", [s.totes for s in stops], [v.capacity_totes for v in fleet])
        self._add_load("volume", [s.volume_ml for s in stops], [v.capacity_ml for v in fleet])
        self._add_load(
            "cold", [s.cold_totes for s in stops], [v.capacity_cold_totes for v in fleet]
        )
        self._add_trips()
        for place, stop in enumerate(stops, start=1):
            penalty = stop.unserved_penalty_fen * frame.scale
            self.routing.AddDisjunction([self.index(place)], penalty)
        for place in frame.reload_places:
            self.routing.AddDisjunction([self.index(place)], 0)

    def index(self, place: int) -> int:
        """Return OR-Tools' index of a place."""
        return int(self._manager.NodeToIndex(place))

    def solve_from(
        self, duties: Sequence[Duty], solutions: int, seconds: float
    ) -> tuple[Duty, ...] | None:
        """Return the day found from `duties` by guided local search, or None if they are refused.

        The count of solutions ends it; `seconds` only guards.
        """
        search = _parameters(solutions, seconds)
        solver = self.routing.solver()
        self.routing.AddSearchMonitor(solver.BranchesLimit(solutions * _BRANCHES_PER_SOLUTION))
        self.routing.CloseModelWithParameters(search)
        start = self.routing.ReadAssignmentFromRoutes(self._routes(duties), True)
        if start is None:
            return None
        return self._duties(self.routing.SolveFromAssignmentWithParameters(start, search))

    def _routes(self, duties: Sequence[Duty]) -> list[list[int]]:
        reloads = iter(self.frame.reload_places)
        trips_of = {duty.vehicle: duty.trips for duty in duties}
        routes: list[list[int]] = []
        for position in self.frame.vehicles:
            route: list[int] = []
            for number, trip in enumerate(trips_of.get(position, ())):
                if number:
                    route.append(next(reloads))
                route.extend(self.frame.place[node] for node in trip)
            routes.append(route)
        return routes

    def _duties(self, solution: pywrapcp.Assignment | None) -> tuple[Duty, ...] | None:
        if solution is None:
            return None
        duties: list[Duty] = []
        for vehicle, position in enumerate(self.frame.vehicles):
            trips: list[list[int]] = [[]]
            at = self.routing.Start(vehicle)
            while not self.routing.IsEnd(at):
                place = self._manager.IndexToNode(at)
                if place in self.frame.reload_places:
                    trips.append([])
                elif place:
                    trips[-1].append(self.frame.nodes[place - 1])
                at = solution.Value(self.routing.NextVar(at))
            filled = tuple(tuple(trip) for trip in trips if trip)
            if filled:
                duties.append(Duty(position, filled))
        return tuple(duties)

    def _add_costs(self) -> None:
        """Price metres, vehicles, and doors that know another driver.

        The last as a dearer way out of the door, so vehicles that know different
        doors have matrices of their own.
        """
        frame = self.frame
        metres = frame.problem.distance_m[np.ix_(frame.places, frame.places)]
        # Registered matrices: Python callbacks are eight times slower.
        known: dict[tuple[int, frozenset[int]], int] = {}
        for position, vehicle in enumerate(frame.fleet):
            strange = self._strange_places(vehicle)
            rate = metre_cost(vehicle, frame.scale)
            if (rate, strange) not in known:
                costs = metres * rate
                for place in strange:
                    costs[place] += frame.stops[place - 1].change_penalty_fen * frame.scale
                known[rate, strange] = self.routing.RegisterTransitMatrix(costs.tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(known[rate, strange], position)
            fixed = vehicle.fixed_cost_fen * frame.scale
            if vehicle.back_s is not None:
                waited_s = vehicle.shift_start_s - vehicle.back_s
                fixed += waited_s * second_cost(vehicle, frame.scale)
            self.routing.SetFixedCostOfVehicle(fixed, position)

    def _strange_places(self, vehicle: Vehicle) -> frozenset[int]:
        """Return the places that would rather see another driver."""
        return frozenset(
            place
            for place, stop in enumerate(self.frame.stops, start=1)
            if stop.change_penalty_fen and stop.usual_vehicle_key not in (None, vehicle.key)
        )

    def _add_time(self) -> None:
        frame = self.frame
        if frame.is_timeless:
            return
        evaluators = self._transits()
        clock = self._add_clock(CLOCK, evaluators)
        for position, vehicle in enumerate(frame.fleet):
            clock.SetSpanCostCoefficientForVehicle(second_cost(vehicle, frame.scale), position)
        if frame.has_prices_of_time:
            self._add_clock(SOONEST, evaluators)

    def _transits(self) -> list[int]:
        """Register drives with the work before them; vehicles alike share a matrix."""
        frame = self.frame
        unload_s = [0, *(stop.service_s for stop in frame.stops)]
        shared: dict[int, int] = {}
        found: list[int] = []
        for position, vehicle in zip(frame.vehicles, frame.fleet, strict=True):
            first_s = frame.roads.first_s.get(position)
            if first_s is None and vehicle.reload_s in shared:
                found.append(shared[vehicle.reload_s])
                continue
            spent = np.array([*unload_s, *([vehicle.reload_s] * frame.reloads)], dtype=np.int64)
            seconds = frame.roads.seconds + spent[:, None]
            if first_s is not None:
                seconds[0] = first_s
            found.append(self.routing.RegisterTransitMatrix(seconds.tolist()))
            if first_s is None:
                shared[vehicle.reload_s] = found[-1]
        return found

    def _add_clock(self, name: str, evaluators: list[int]) -> pywrapcp.RoutingDimension:
        frame = self.frame
        horizon = max(vehicle.latest_return_s for vehicle in frame.fleet)
        self.routing.AddDimensionWithVehicleTransits(evaluators, horizon, horizon, False, name)
        clock = self.routing.GetDimensionOrDie(name)
        for place, stop in enumerate(frame.stops, start=1):
            last_s = min(stop.closes_s, horizon)
            clock.CumulVar(self.index(place)).SetRange(min(stop.opens_s, last_s), last_s)
        for position, vehicle in enumerate(frame.fleet):
            starts_s, ends_s = vehicle.shift_start_s, vehicle.latest_return_s
            # Hours that run on are no reason to wait: it leaves at once.
            starts_by_s = ends_s if vehicle.back_s is None else starts_s
            clock.CumulVar(self.routing.Start(position)).SetRange(starts_s, starts_by_s)
            clock.CumulVar(self.routing.End(position)).SetRange(starts_s, ends_s)
        return clock

    def _add_load(self, name: str, loads: Sequence[int], capacities: Sequence[int]) -> None:
        """Add what a vehicle has delivered since it last loaded; reloading takes it back to 0."""
        if not any(loads):
            return
        largest = max(capacities)
        changes = [0, *loads, *([-largest] * self.frame.reloads)]
        load = self.routing.RegisterUnaryTransitVector(changes)
        self.routing.AddDimensionWithVehicleCapacity(load, largest, list(capacities), True, name)
        dimension = self.routing.GetDimensionOrDie(name)
        # Only a reload may take back less than the largest vehicle holds.
        for place in range(1, len(loads) + 1):
            dimension.SlackVar(self.index(place)).SetValue(0)
        for position in range(len(capacities)):
            dimension.SlackVar(self.routing.Start(position)).SetValue(0)

    def _add_trips(self) -> None:
        frame = self.frame
        if not frame.reloads:
            return
        ones = [0, *([0] * len(frame.nodes)), *([1] * frame.reloads)]
        count = self.routing.RegisterUnaryTransitVector(ones)
        limits = [vehicle.max_trips - 1 for vehicle in frame.fleet]
        self.routing.AddDimensionWithVehicleCapacity(count, 0, limits, True, RELOADS)


def _parameters(solutions: int, seconds: float) -> pywrapcp.DefaultRoutingSearchParameters:
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    operators = search.local_search_operators
    for name in _HEAVY_OPERATORS:
        setattr(operators, f"use_{name}", BOOL_FALSE)
    operators.use_cross_exchange = BOOL_TRUE
    operators.use_relocate_neighbors = BOOL_TRUE
    search.solution_limit = solutions
    search.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    return search
