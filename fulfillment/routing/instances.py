"""Benchmark instances as routing problems: CVRPLIB and Solomon files.

Integers throughout, so each family has its scale (`Instance.scale`), by which
the problem's "metres", "seconds" and "fen" are larger than the file's units:

=========  ==========================================  =====  ===================
family     distances                                   scale  objective
=========  ==========================================  =====  ===================
CVRP       Euclid, rounded to whole numbers                1  distance
VRPTW      Euclid, truncated to one decimal               10  distance
HFVRP      Euclid, double precision                     1000  fixed + unit costs
Solomon    Euclid, double precision                     1000  vehicles, distance
=========  ==========================================  =====  ===================

Where distances are real numbers the search rounds them (HFVRP to tenths, with
unit costs already in hundredths; Solomon to thousandths) and the reported cost
is computed exactly from the coordinates. Solomon's durations are rounded up,
so a plan found sound is sound in exact arithmetic as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fulfillment.errors import InstanceNotSupported, InstanceUnreadable
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import (
    UNBOUNDED_S,
    Depot,
    IntMatrix,
    RoutingProblem,
    Stop,
    Vehicle,
)
from fulfillment.routing.schedule import Duty
from fulfillment.routing.vrplib import (
    SolomonFile,
    VrplibFile,
    number,
    parse_solomon,
    parse_solution,
    parse_vrplib,
    write_solution,
)

Points = npt.NDArray[np.float64]

_EXACT_FAMILIES = ("HFVRP", "SOLOMON")
# The files come with both costs multiplied by 100, their solutions without.
_HFVRP_COST_SCALE = 100
_HFVRP_DISTANCE_SCALE = 10
_SOLOMON_SCALE = 1_000
# More than any Solomon tour is long, so one vehicle less always pays.
_SOLOMON_VEHICLE = 10_000 * _SOLOMON_SCALE
# Vehicles first, then distance in double precision; from the literature.
_SOLOMON_BEST = {
    "C101": (10, 828.94),
    "C106": (10, 828.94),
    "C201": (3, 591.56),
    "C205": (3, 588.88),
    "R101": (19, 1650.80),
    "R109": (11, 1194.73),
    "R201": (4, 1252.37),
    "R208": (2, 726.82),
    "RC101": (14, 1696.95),
    "RC105": (13, 1629.44),
    "RC204": (3, 798.46),
    "RC208": (3, 828.14),
}


@dataclass(frozen=True, slots=True)
class BestKnown:
    """The best known cost; `vehicles` only where fewer vehicles come first."""

    cost: float
    vehicles: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """A benchmark instance: the problem, how to read its costs, and the cost to beat."""

    name: str
    family: str
    problem: RoutingProblem
    scale: int
    points: Points
    best_known: BestKnown | None = None

    def cost(self, plan: RoutePlan) -> float | int:
        """Return the plan's cost in the instance's own units and rounding."""
        if self.family in _EXACT_FAMILIES:
            return round(self._exact_cost(plan), 2)
        return plan.cost_fen if self.scale == 1 else plan.cost_fen / self.scale

    def gap_pct(self, plan: RoutePlan) -> float | None:
        """Return the cost above the best known, in per cent, or None if none is known.

        Where fewer vehicles come first and the numbers differ, it is the gap
        in vehicles.
        """
        if self.best_known is None:
            return None
        found, best = float(self.cost(plan)), self.best_known.cost
        vehicles = len(plan.vehicle_keys)
        if self.best_known.vehicles not in (None, vehicles):
            found, best = float(vehicles), float(self.best_known.vehicles or 0)
        return round(100 * (found - best) / best, 3)

    def solution_text(self, plan: RoutePlan) -> str:
        """Return the plan as a CVRPLIB solution; in HFVRP route k is vehicle k's."""
        nodes = {stop.key: at for at, stop in enumerate(self.problem.stops, start=1)}
        routes = {
            trip.vehicle_key: [nodes[stop.stop_key] for stop in trip.stops] for trip in plan.trips
        }
        if self.family == "HFVRP":
            aligned = [routes.get(vehicle.key, []) for vehicle in self.problem.vehicles]
            return write_solution(aligned, self.cost(plan))
        return write_solution(routes.values(), self.cost(plan))

    def _exact_cost(self, plan: RoutePlan) -> float:
        nodes = {stop.key: at for at, stop in enumerate(self.problem.stops, start=1)}
        fleet = {vehicle.key: vehicle for vehicle in self.problem.vehicles}
        exact = _euclid(self.points)
        cost = 0.0
        for trip in plan.trips:
            vehicle = fleet[trip.vehicle_key]
            tour = [0, *(nodes[stop.stop_key] for stop in trip.stops), 0]
            length = float(exact[tour[:-1], tour[1:]].sum())
            if self.family == "SOLOMON":
                cost += length
            else:
                unit = vehicle.cost_per_km_fen / 1_000 / _HFVRP_COST_SCALE
                cost += vehicle.fixed_cost_fen / self.scale + unit * length
        return cost


def read_instance(path: Path) -> Instance:
    """Return the instance in `path`, with the best known cost if it is at hand.

    That is the cost in the ``.sol`` file beside it, or a table of the
    literature's values for Solomon's instances.

    Raises
    ------
    InstanceUnreadable
        If the file cannot be read as an instance.
    InstanceNotSupported
        If it is one, of a family the planner does not model.
    """
    text = _text(path)
    if "_SECTION" not in text:
        return _from_solomon(parse_solomon(text))
    beside = path.with_suffix(".sol")
    best = BestKnown(parse_solution(_text(beside)).cost) if beside.exists() else None
    return _from_vrplib(parse_vrplib(text), best)


def read_duties(path: Path, instance: Instance) -> tuple[Duty, ...]:
    """Return a CVRPLIB solution of the instance as duties; route k is vehicle k's."""
    routes = parse_solution(_text(path)).routes
    return tuple(Duty(at, (route,)) for at, route in enumerate(routes) if route)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceUnreadable(
            f"{path} cannot be read as text: {error}", path=str(path)
        ) from error


def _from_vrplib(file: VrplibFile, best: BestKnown | None) -> Instance:
    family = file.field("TYPE")
    builders = {"CVRP": _cvrp, "VRPTW": _vrptw, "HFVRP": _hfvrp}
    if family not in builders:
        raise InstanceNotSupported(
            f"Instances of type {family} are not supported; known: {', '.join(builders)}.",
            type=family,
        )
    if file.field("EDGE_WEIGHT_TYPE") != "EUC_2D":
        raise InstanceNotSupported("Only EUC_2D distances are supported.")
    depots = [row[0] for row in file.sections.get("DEPOT_SECTION", ())]
    if [depot for depot in depots if depot != "-1"] != ["1"]:
        raise InstanceNotSupported("Only one depot is supported, and it must be node 1.")
    rows = file.rows("NODE_COORD_SECTION", file.count("DIMENSION"), 2)
    points = np.array([[number(x, "NODE_COORD_SECTION") for x in row] for row in rows])
    problem, scale = builders[family](file, points)
    return Instance(
        name=file.field("NAME"),
        family=family,
        problem=problem,
        scale=scale,
        points=points,
        best_known=best,
    )


def _cvrp(file: VrplibFile, points: Points) -> tuple[RoutingProblem, int]:
    demands = file.column("DEMAND_SECTION", len(points))
    stops = [Stop(key=str(at), weight_g=g) for at, g in enumerate(demands[1:], start=1)]
    count = file.count("VEHICLES") if "VEHICLES" in file.fields else len(stops)
    capacity = file.count("CAPACITY")
    vehicles = [_vehicle(at, capacity, unit=1) for at in range(1, count + 1)]
    return _problem(stops, vehicles, _rounded(points), None), 1


def _vrptw(file: VrplibFile, points: Points) -> tuple[RoutingProblem, int]:
    scale = 10
    size = len(points)
    demands = file.column("DEMAND_SECTION", size)
    windows = [
        tuple(round(scale * number(bound, "TIME_WINDOW_SECTION")) for bound in row)
        for row in file.rows("TIME_WINDOW_SECTION", size, 2)
    ]
    service = round(scale * number(file.field("SERVICE_TIME"), "SERVICE_TIME"))
    stops = [
        Stop(
            key=str(at),
            weight_g=demands[at],
            opens_s=windows[at][0],
            closes_s=windows[at][1],
            service_s=service,
        )
        for at in range(1, size)
    ]
    capacity = file.count("CAPACITY")
    vehicles = [
        _vehicle(at, capacity, unit=1, shift=windows[0])
        for at in range(1, file.count("VEHICLES") + 1)
    ]
    truncated = np.floor(scale * _euclid(points)).astype(np.int64)
    return _problem(stops, vehicles, truncated, truncated), scale


def _hfvrp(file: VrplibFile, points: Points) -> tuple[RoutingProblem, int]:
    count = file.count("VEHICLES")
    demands = file.column("DEMAND_SECTION", len(points))
    capacities = file.column("CAPACITY_SECTION", count)
    fixed = _optional(file, "VEHICLES_FIXED_COST_SECTION", count, 0)
    units = _optional(file, "VEHICLES_UNIT_DISTANCE_COST_SECTION", count, 1)
    stops = [Stop(key=str(at), weight_g=g) for at, g in enumerate(demands[1:], start=1)]
    vehicles = [
        _vehicle(at + 1, capacities[at], unit=units[at], fixed=fixed[at] * _HFVRP_DISTANCE_SCALE)
        for at in range(count)
    ]
    distance = np.rint(_HFVRP_DISTANCE_SCALE * _euclid(points)).astype(np.int64)
    scale = _HFVRP_COST_SCALE * _HFVRP_DISTANCE_SCALE
    return _problem(stops, vehicles, distance, None), scale


def _from_solomon(file: SolomonFile) -> Instance:
    points = np.array([row[:2] for row in file.customers], dtype=np.float64)
    exact = _SOLOMON_SCALE * _euclid(points)
    depot = file.customers[0]
    stops = [
        Stop(
            key=str(at),
            weight_g=demand * _SOLOMON_SCALE,
            opens_s=ready * _SOLOMON_SCALE,
            closes_s=due * _SOLOMON_SCALE,
            service_s=service * _SOLOMON_SCALE,
        )
        for at, (_, _, demand, ready, due, service) in enumerate(file.customers)
        if at
    ]
    shift = (depot[3] * _SOLOMON_SCALE, depot[4] * _SOLOMON_SCALE)
    vehicles = [
        _vehicle(at, file.capacity * _SOLOMON_SCALE, unit=1, fixed=_SOLOMON_VEHICLE, shift=shift)
        for at in range(1, file.vehicles + 1)
    ]
    distance, duration = np.rint(exact).astype(np.int64), np.ceil(exact).astype(np.int64)
    best = _SOLOMON_BEST.get(file.name.upper())
    return Instance(
        name=file.name,
        family="SOLOMON",
        problem=_problem(stops, vehicles, distance, duration),
        scale=_SOLOMON_SCALE,
        points=points,
        best_known=BestKnown(best[1], best[0]) if best else None,
    )


def _problem(
    stops: Sequence[Stop],
    vehicles: Sequence[Vehicle],
    distance: IntMatrix,
    duration: IntMatrix | None,
) -> RoutingProblem:
    # Leaving a stop out must never pay, whatever a vehicle of its own costs.
    farthest = int((distance[0] + distance[:, 0]).max())
    penalty = 10 * max((vehicle.cost_fen(farthest, 0) for vehicle in vehicles), default=1)
    return RoutingProblem(
        depot=Depot(key="depot"),
        stops=tuple(replace(stop, unserved_penalty_fen=penalty) for stop in stops),
        vehicles=tuple(vehicles),
        distance_m=distance,
        duration_s=np.zeros_like(distance) if duration is None else duration,
    )


def _vehicle(
    at: int, capacity: int, *, unit: int, fixed: int = 0, shift: tuple[int, ...] | None = None
) -> Vehicle:
    """Return vehicle `at`, whose cost per unit of distance is `unit`."""
    opens_s, closes_s = shift or (0, UNBOUNDED_S)
    return Vehicle(
        key=str(at),
        capacity_g=capacity,
        capacity_totes=0,
        fixed_cost_fen=fixed,
        cost_per_km_fen=1_000 * unit,
        shift_start_s=opens_s,
        shift_end_s=closes_s,
    )


def _optional(file: VrplibFile, section: str, count: int, default: int) -> list[int]:
    return file.column(section, count) if section in file.sections else [default] * count


def _rounded(points: Points) -> IntMatrix:
    return np.floor(_euclid(points) + 0.5).astype(np.int64)


def _euclid(points: Points) -> Points:
    apart = points[:, None, :] - points[None, :, :]
    length: Points = np.hypot(apart[..., 0], apart[..., 1])
    return length
