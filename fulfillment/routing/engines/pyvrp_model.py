"""A problem in PyVRP's terms, and its solutions back in ours.

PyVRP knows loads, windows, shifts, a mixed fleet, second trips through a reload
depot, and vehicles that may not come to a door, through a profile in which the
way there is too long. Strange drivers are a longer way too. Overtime counts
here by the length of a day, not by the clock; breaks, pairs, preferences,
traffic and hours closed to trucks are not modelled: what they spoil is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    CostEvaluator,
    Depot,
    Location,
    ProblemData,
    Route,
    Solution,
    VehicleType,
)

from fulfillment.routing.engines.scaling import cost_scale, metre_cost, second_cost
from fulfillment.routing.engines.views import View, views_of
from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import (
    UNBOUNDED_S,
    IntMatrix,
    RoutingProblem,
    Vehicle,
    VehicleKind,
)
from fulfillment.routing.schedule import Duty, Trip
from fulfillment.routing.unserved import unserved_reason

# Cost of a vehicle over what it holds; PyVRP's penalties end at 100,000.
_COMFORTABLE_PRICE = 100
_NEVER = int(np.iinfo(np.int64).max)
# A door that is closed to a vehicle is this far away: dearer than any day, and
# far from the end of 64 bits.
_CLOSED_M = 20_000_000
# An optional stop is worth this many times the dearest way to serve it alone.
_PRIZE_FACTOR = 3


class Model:
    """A problem as PyVRP's data."""

    def __init__(self, problem: RoutingProblem, mandatory: frozenset[int]) -> None:
        self._problem = problem
        self._mandatory = mandatory
        self.scale = cost_scale(problem.vehicles)
        self._loads = _loads(problem, self.scale)
        self._prize = _Prizes(problem, self.scale)
        self._reloads = sorted({v.reload_s for v in problem.vehicles if v.max_trips > 1})
        views = views_of(problem)
        # Vehicles that PyVRP cannot tell apart, in order of first appearance.
        self._fleet: dict[tuple[VehicleKind, View], list[int]] = {}
        for position, vehicle in enumerate(problem.vehicles):
            self._fleet.setdefault((vehicle.kind, views[position]), []).append(position)
        profiles = list(dict.fromkeys(views))
        # PyVRP's own type hint for matrices is not one that NumPy's types meet.
        metres: list[Any] = [self._metres(view) for view in profiles]
        seconds: list[Any] = [_driving_s(problem)]
        self.data = ProblemData(
            locations=[Location(0, 0) for _ in range(len(problem.stops) + 1)],
            clients=[self._client(node) for node in problem.nodes],
            depots=[Depot(0), *(Depot(0, service_duration=s) for s in self._reloads)],
            vehicle_types=[
                self._vehicle_type(positions, profile)
                for (_, view), positions in self._fleet.items()
                for profile in [profiles.index(view)]
            ],
            distance_matrices=metres,
            duration_matrices=seconds * len(profiles),
        )

    @property
    def dearest_prize(self) -> int:
        """What the stop that is worth most to serve is worth, in PyVRP's costs."""
        return max((client.prize for client in self.data.clients()), default=0)

    def solution(self, duties: Sequence[Duty]) -> Solution:
        """Return our duties as a solution."""
        type_of = {at: kind for kind, group in enumerate(self._fleet.values()) for at in group}
        routes = [
            Route(self.data, self._activities(duty), type_of[duty.vehicle])
            for duty in duties
            if duty.nodes
        ]
        return Solution(self.data, routes)

    def duties(self, solution: Solution) -> tuple[Duty, ...]:
        """Return the solution's routes, given to the vehicles of their type in fleet order."""
        free = [iter(positions) for positions in self._fleet.values()]
        routes = sorted(
            (route.vehicle_type(), _trips(route))
            for route in solution.routes()
            if route.num_clients()
        )
        return tuple(Duty(next(free[kind]), trips) for kind, trips in routes)

    def cost_fen(self, solution: Solution) -> int:
        """Return the objective in fen, as far as PyVRP knows it."""
        evaluator = CostEvaluator([0] * self.data.num_load_dimensions, 0, 0)
        left_out = set(range(len(self._problem.stops)))
        left_out -= {at for route in solution.routes() for at in _visits(route)}
        prizes = [client.prize for client in self.data.clients()]
        uncollected = sum(prizes[at] for at in left_out)
        penalties = sum(self._problem.stops[at].unserved_penalty_fen for at in left_out)
        return round((evaluator.cost(solution) - uncollected) / self.scale) + penalties

    def _activities(self, duty: Duty) -> list[Activity]:
        vehicle = self._problem.vehicles[duty.vehicle]
        found: list[Activity] = []
        for number, trip in enumerate(duty.trips):
            if number:
                reload = 1 + self._reloads.index(vehicle.reload_s)
                found.append(Activity(ActivityType.DEPOT, reload))
            found.extend(Activity(ActivityType.CLIENT, node - 1) for node in trip)
        return found

    def _client(self, node: int) -> Client:
        stop = self._problem.stop_at(node)
        required = node in self._mandatory
        return Client(
            node,
            delivery=[load.stops[node - 1] * load.unit for load in self._loads],
            service_duration=stop.service_s,
            tw_early=stop.opens_s,
            tw_late=_bound(stop.closes_s),
            prize=0 if required else self._prize.of(node),
            required=required,
        )

    def _vehicle_type(self, positions: Sequence[int], profile: int) -> VehicleType:
        position = positions[0]
        vehicle = self._problem.vehicles[position]
        several = vehicle.max_trips > 1
        return VehicleType(
            len(positions),
            capacity=[load.vehicles[position] * load.unit for load in self._loads],
            fixed_cost=vehicle.fixed_cost_fen * self.scale,
            tw_early=vehicle.shift_start_s,
            tw_late=_bound(vehicle.latest_return_s),
            # Hours that run on already are paid from the first moment.
            start_late=None if vehicle.back_s is None else vehicle.shift_start_s,
            shift_duration=_shift_s(vehicle),
            max_overtime=vehicle.overtime_s,
            unit_overtime_cost=vehicle.overtime_fen_per_hour * self.scale // 3_600,
            unit_distance_cost=metre_cost(vehicle, self.scale),
            unit_duration_cost=second_cost(vehicle, self.scale),
            reload_depots=[1 + self._reloads.index(vehicle.reload_s)] if several else [],
            max_reloads=vehicle.max_trips - 1,
            profile=profile,
        )

    def _metres(self, view: View) -> IntMatrix:
        if not view.barred and not view.strange:
            return self._problem.distance_m
        metres = self._problem.distance_m.copy()
        metres[:, sorted(view.barred)] += _CLOSED_M
        for node in view.strange:
            penalty_fen = self._problem.stop_at(node).change_penalty_fen
            metres[:, node] += penalty_fen * 1_000 // view.fen_per_km
        np.fill_diagonal(metres, 0)
        return metres


@dataclass(frozen=True, slots=True)
class _Load:
    """One thing that fills vehicles: by stop, by vehicle, and how much its unit weighs."""

    stops: Sequence[int]
    vehicles: Sequence[int]
    unit: int


def _loads(problem: RoutingProblem, scale: int) -> list[_Load]:
    """Return the loads that bind, in units that make all of them about equally large.

    One tote too many is as bad as a load of kilograms too many.
    """
    fleet, stops = problem.vehicles, problem.stops
    gram = _load_unit(problem, scale)
    grams = max((vehicle.capacity_g for vehicle in fleet), default=1)
    amounts = (
        ([s.weight_g for s in stops], [v.capacity_g for v in fleet]),
        ([s.totes for s in stops], [v.capacity_totes for v in fleet]),
        ([s.volume_ml for s in stops], [v.capacity_ml for v in fleet]),
        ([s.cold_totes for s in stops], [v.capacity_cold_totes for v in fleet]),
    )
    return [
        _Load(carried, room, gram * max(1, grams // max(1, *room)))
        for carried, room in amounts
        if room and sum(carried) > min(room)
    ]


class _Prizes:
    """What serving an optional stop is worth.

    Its penalty would drown the prices of lateness and excess, so no search
    would leave the stop out where it must. A few times what any vehicle could
    cost for it alone says the same; a dearer penalty is still the larger prize.
    """

    def __init__(self, problem: RoutingProblem, scale: int) -> None:
        self._problem = problem
        self._scale = scale
        round_m = problem.distance_m[0] + problem.distance_m[:, 0]
        round_s = problem.duration_s[0] + problem.duration_s[:, 0]
        farthest_m, longest_s = int(round_m.max()), int(round_s.max())
        alone = (v.cost_fen(farthest_m, longest_s) for v in problem.vehicles)
        self._enough_fen = _PRIZE_FACTOR * max(alone, default=1)
        self._dearest_fen = max((s.unserved_penalty_fen for s in problem.stops), default=0)

    def of(self, node: int) -> int:
        """Return the prize of a stop; none where no vehicle could serve it."""
        if unserved_reason(self._problem, node) is not UnservedReason.NO_VEHICLE_LEFT:
            return 0
        penalty_fen = self._problem.stop_at(node).unserved_penalty_fen
        extra_fen = self._enough_fen * penalty_fen // max(1, self._dearest_fen)
        return min(penalty_fen, self._enough_fen + extra_fen) * self._scale


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


def _trips(route: Route) -> tuple[Trip, ...]:
    """Return the route's trips as stop nodes, empty ones left out."""
    trips: dict[int, list[int]] = {}
    for activity in route.schedule():
        if activity.is_client():
            trips.setdefault(activity.trip, []).append(activity.idx + 1)
    return tuple(tuple(nodes) for _, nodes in sorted(trips.items()))


def _visits(route: Route) -> list[int]:
    return [activity.idx for activity in route.schedule() if activity.is_client()]


def _driving_s(problem: RoutingProblem) -> IntMatrix:
    """Return driving times; under traffic, of vehicles that leave in the middle of a window."""
    if problem.traffic is None:
        return problem.duration_s
    last_s = max(vehicle.latest_return_s for vehicle in problem.vehicles)
    leaves_s = [min(vehicle.shift_start_s for vehicle in problem.vehicles)]
    leaves_s += [(stop.opens_s + min(stop.closes_s, last_s)) // 2 for stop in problem.stops]
    starts_s = [start_s for start_s, _ in problem.traffic.percents]
    hours = np.searchsorted(starts_s, leaves_s, side="right") - 1
    percents = np.array([percent for _, percent in problem.traffic.percents])[hours]
    steady: IntMatrix = problem.duration_s * percents[:, None] // 100
    return steady


def _shift_s(vehicle: Vehicle) -> int:
    """Return the hours that are not overtime; without overtime the clock says all."""
    if not vehicle.overtime_s:
        return _NEVER
    # A vehicle that comes back in its overtime may go out again.
    return max(0, vehicle.shift_end_s - vehicle.shift_start_s)


def _bound(seconds: int) -> int:
    return _NEVER if seconds >= UNBOUNDED_S else seconds
