"""The routing problem as values: one depot, stops, vehicles and two matrices.

Node numbers are the currency of this package: node 0 is the depot and node
``i`` is ``stops[i - 1]``. Both matrices are indexed by nodes and may be
asymmetric.

Times are whole seconds since local midnight of the delivery date. A vehicle
that arrives before a stop opens waits. Service must *start* within
``[opens_s, closes_s]``; it may finish after closing, because a pickup point
that has let the driver in does not send them away half unloaded. A start after
``prefers_until_s`` is allowed and costs lateness. A vehicle leaves the depot at
or after ``shift_start_s`` and is back at or before ``shift_end_s``, or within
its overtime after it. Before a further trip it reloads for ``reload_s``
seconds; the first load is on board when the shift starts.

A used vehicle costs its fixed cost, its kilometres at its rate and its hours
at its rate; hours run from its first departure to its last return, waiting,
reloading and breaks included. The sum of the two variable parts is rounded once
per vehicle and day, half up, to whole fen (`Vehicle.cost_fen`); overtime is
rounded once per vehicle, lateness once per stop, both half up.

The algorithms are told in ``docs/algorithms/routing.md``.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from fulfillment.routing.rules import Break, FixedTrip, Traffic
from leaders.domain.coordinates import Place

IntMatrix = npt.NDArray[np.int64]
VehicleKind = tuple[object, ...]

DEPOT_NODE = 0
# A bound for windows and shifts that bind nobody, as in the CVRP instances.
UNBOUNDED_S = 10**9
UNBOUNDED_ML = 10**12
# Vehicles above this size are trucks: doors and hours may be closed to them.
LARGEST_VAN = 2
# Dearer than any honest vehicle day in this trade (10,000 yuan), so a stop is
# left out only where no vehicle can serve it.
UNSERVED_PENALTY_FEN = 1_000_000
# fen per km and fen per hour over one denominator: 1/1000 = 36/36000 per metre
# and 1/3600 = 10/36000 per second.
_HOUR_S = 3_600
_RATE_DENOMINATOR = 36_000
_METRE_WEIGHT = 36
_SECOND_WEIGHT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where every trip starts and ends; `place` is empty in benchmark instances."""

    key: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One drop: what is unloaded, where and when.

    Parameters
    ----------
    key
        Stable name, unique within a problem.
    place
        WGS-84, or None where only the matrices are known.
    weight_g, totes, volume_ml
        The loads that capacities bind.
    cold_totes
        How many of the totes need a chilled vehicle or an insulated place.
    opens_s, closes_s
        Service starts within this window, both ends included.
    prefers_until_s
        Service should start by then; later costs lateness.
    lateness_fen_per_hour
        What a late start costs, by the second.
    service_s
        Unloading time, stairs included.
    largest_size
        No larger vehicle reaches the door (`Vehicle.size`); None lets all in.
    trucks_from_s
        A vehicle above `LARGEST_VAN` must not start service before.
    vehicle_keys
        The only vehicles that may serve this stop; None for all. A stop
        locked to a vehicle names one, a pair of driver and leader who do not
        get along leaves one out.
    usual_vehicle_key, change_penalty_fen
        Whose driver knows the door, and what any other adds to the objective,
        never to the cost.
    unserved_penalty_fen
        What leaving this stop out adds to the objective, never to the cost;
        larger for a stop of higher priority.
    """

    key: str
    place: Place | None = None
    weight_g: int = 0
    totes: int = 0
    volume_ml: int = 0
    cold_totes: int = 0
    opens_s: int = 0
    closes_s: int = UNBOUNDED_S
    prefers_until_s: int = UNBOUNDED_S
    lateness_fen_per_hour: int = 0
    service_s: int = 0
    largest_size: int | None = None
    trucks_from_s: int = 0
    vehicle_keys: frozenset[str] | None = None
    usual_vehicle_key: str | None = None
    change_penalty_fen: int = 0
    unserved_penalty_fen: int = UNSERVED_PENALTY_FEN

    def __post_init__(self) -> None:
        amounts = (self.weight_g, self.totes, self.volume_ml, self.cold_totes, self.service_s)
        penalties = (
            self.unserved_penalty_fen,
            self.change_penalty_fen,
            self.lateness_fen_per_hour,
        )
        if min(amounts) < 0 or min(penalties) < 0:
            raise ValueError(f"Stop {self.key}: loads, service and penalty must not be negative.")
        if self.cold_totes > self.totes:
            raise ValueError(f"Stop {self.key}: more cold totes than totes.")
        if self.opens_s > self.closes_s:
            raise ValueError(f"Stop {self.key}: it closes before it opens.")

    def lateness_fen(self, start_s: int) -> int:
        """Return what starting service at `start_s` costs in lateness, rounded half up."""
        late_s = max(0, start_s - self.prefers_until_s)
        return (2 * late_s * self.lateness_fen_per_hour + _HOUR_S) // (2 * _HOUR_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle for the day: what it holds, what it costs, when it works.

    Parameters
    ----------
    key
        Stable name, unique within a problem.
    capacity_g, capacity_totes, capacity_ml
        Per trip; no volume bound without the last.
    capacity_cold_totes
        How many totes it can keep cold: all in a chilled vehicle, else its
        insulated places.
    size
        1 micro van, 2 van, 3 truck; doors and hours may be closed to the larger.
    fixed_cost_fen
        Charged once if the vehicle leaves the depot at all.
    cost_per_km_fen, cost_per_hour_fen
        Rates, in whole fen.
    shift_start_s, shift_end_s
        Earliest departure and latest return without overtime.
    overtime_s, overtime_fen_per_hour
        How much later it may return, and what that costs on top of the hours.
    breaks
        Pauses of its driver, in order of time.
    max_trips
        Trips a day, at least one.
    reload_s
        Time at the depot between two trips.
    back_s
        When it is back from trips that are closed and no longer part of the
        problem (`fixing.py`). From then on its hours run, its breaks fall due
        and it reloads before its next trip; None before its day has begun.
    """

    key: str
    capacity_g: int
    capacity_totes: int
    capacity_ml: int = UNBOUNDED_ML
    capacity_cold_totes: int = 0
    size: int = LARGEST_VAN
    fixed_cost_fen: int = 0
    cost_per_km_fen: int = 0
    cost_per_hour_fen: int = 0
    shift_start_s: int = 0
    shift_end_s: int = UNBOUNDED_S
    overtime_s: int = 0
    overtime_fen_per_hour: int = 0
    breaks: tuple[Break, ...] = ()
    max_trips: int = 1
    reload_s: int = 0
    back_s: int | None = None

    def __post_init__(self) -> None:
        costs = (
            self.fixed_cost_fen,
            self.cost_per_km_fen,
            self.cost_per_hour_fen,
            self.overtime_fen_per_hour,
        )
        room = (self.capacity_g, self.capacity_totes, self.capacity_ml, self.capacity_cold_totes)
        if min(*room, self.reload_s, self.overtime_s, *costs) < 0:
            raise ValueError(f"Vehicle {self.key}: capacities and costs must not be negative.")
        # One that is back during its overtime may still use up the rest of it.
        ends_s = self.shift_end_s if self.back_s is None else self.latest_return_s
        if self.shift_start_s > ends_s:
            raise ValueError(f"Vehicle {self.key}: its shift ends before it starts.")
        if self.max_trips < 1:
            raise ValueError(f"Vehicle {self.key}: a vehicle makes at least one trip.")
        if any(
            before.from_s > after.from_s or before.until_s > after.until_s
            for before, after in pairwise(self.breaks)
        ):
            raise ValueError(f"Vehicle {self.key}: its breaks are not in order of time.")

    @property
    def latest_return_s(self) -> int:
        """The end of the shift and of the overtime after it."""
        return self.shift_end_s + self.overtime_s

    @property
    def is_truck(self) -> bool:
        """Whether hours closed to trucks are closed to it."""
        return self.size > LARGEST_VAN

    @property
    def kind(self) -> VehicleKind:
        """Everything but the name: vehicles of one kind cost, hold and work alike.

        They are interchangeable where no stop, lock or usual driver names one.
        """
        return (
            self.capacity_g,
            self.capacity_totes,
            self.capacity_ml,
            self.capacity_cold_totes,
            self.size,
            self.fixed_cost_fen,
            self.cost_per_km_fen,
            self.cost_per_hour_fen,
            self.shift_start_s,
            self.shift_end_s,
            self.overtime_s,
            self.overtime_fen_per_hour,
            self.breaks,
            self.max_trips,
            self.reload_s,
            self.back_s,
        )

    def cost_fen(self, distance_m: int, duration_s: int) -> int:
        """Return the cost of a day of `distance_m` and `duration_s`, rounded once, half up."""
        metres = distance_m * self.cost_per_km_fen * _METRE_WEIGHT
        seconds = duration_s * self.cost_per_hour_fen * _SECOND_WEIGHT
        variable = (2 * (metres + seconds) + _RATE_DENOMINATOR) // (2 * _RATE_DENOMINATOR)
        return self.fixed_cost_fen + variable

    def overtime_fen(self, returns_s: int) -> int:
        """Return what a last return at `returns_s` costs in overtime, rounded half up."""
        paid_until_s = max(self.shift_end_s, self.back_s or 0)
        over_s = max(0, returns_s - paid_until_s)
        return (2 * over_s * self.overtime_fen_per_hour + _HOUR_S) // (2 * _HOUR_S)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """What a planner is asked: serve these stops with these vehicles, cheaply.

    Parameters
    ----------
    depot, stops, vehicles
        Stops and vehicles have unique keys; both may be empty.
    fixed
        Trips that are loaded or locked; at most one entry per vehicle and trip.
    forbidden_pairs
        Pairs of stop nodes, the smaller first, that no vehicle carries on one
        trip.
    traffic
        Factors by the hour; without, the matrix holds all day.
    distance_m, duration_s
        Square int64 matrices of ``len(stops) + 1`` nodes, never negative, zero
        on the diagonal; kept read-only.

    Raises
    ------
    ValueError
        If a shape, a sign or a key is wrong.
    """

    depot: Depot
    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    distance_m: IntMatrix = field(repr=False)
    duration_s: IntMatrix = field(repr=False)
    fixed: tuple[FixedTrip, ...] = ()
    forbidden_pairs: frozenset[tuple[int, int]] = frozenset()
    traffic: Traffic | None = None

    def __post_init__(self) -> None:
        _require_unique("stop", [stop.key for stop in self.stops])
        _require_unique("vehicle", [vehicle.key for vehicle in self.vehicles])
        _require_fixed_possible(self)
        for name in ("distance_m", "duration_s"):
            matrix = _read_only(name, getattr(self, name), len(self.stops) + 1)
            object.__setattr__(self, name, matrix)

    @property
    def nodes(self) -> range:
        """The stop nodes, 1 to n."""
        return range(1, len(self.stops) + 1)

    @property
    def is_timeless(self) -> bool:
        """Whether no clock binds anything, as in CVRP instances."""
        return not self.duration_s.any() and all(
            stop.service_s == 0 and stop.opens_s == 0 and stop.closes_s >= UNBOUNDED_S
            for stop in self.stops
        )

    def stop_at(self, node: int) -> Stop:
        """Return the stop behind a node number, 1 to n."""
        if node < 1:
            raise ValueError("Node 0 is the depot, not a stop.")
        return self.stops[node - 1]

    def vehicles_by_kind(self) -> dict[VehicleKind, list[int]]:
        """Return vehicle positions grouped by kind, in order of first appearance."""
        kinds: dict[VehicleKind, list[int]] = {}
        for position, vehicle in enumerate(self.vehicles):
            kinds.setdefault(vehicle.kind, []).append(position)
        return kinds


def _require_unique(what: str, keys: list[str]) -> None:
    if len(set(keys)) != len(keys):
        raise ValueError(f"Two {what}s share a key.")


def _require_fixed_possible(problem: RoutingProblem) -> None:
    trips = [(fixed.vehicle, fixed.trip) for fixed in problem.fixed]
    nodes = [node for fixed in problem.fixed for node in fixed.nodes]
    if len(set(trips)) != len(trips) or len(set(nodes)) != len(nodes):
        raise ValueError("A trip or a stop is fixed twice.")
    fleet, known = range(len(problem.vehicles)), set(problem.nodes)
    if any(fixed.vehicle not in fleet or fixed.trip < 1 for fixed in problem.fixed):
        raise ValueError("A fixed trip names no vehicle of the fleet.")
    pairs = {node for pair in problem.forbidden_pairs for node in pair}
    if not known.issuperset(nodes) or not known.issuperset(pairs):
        raise ValueError("A rule names a stop that is not there.")
    if any(here >= there for here, there in problem.forbidden_pairs):
        raise ValueError("The smaller node of a forbidden pair comes first.")


def _read_only(name: str, matrix: IntMatrix, size: int) -> IntMatrix:
    if matrix.shape != (size, size):
        raise ValueError(f"{name} must be {size} by {size}, got {matrix.shape}.")
    if not np.issubdtype(matrix.dtype, np.integer):
        raise ValueError(f"{name} must hold integers, got {matrix.dtype}.")
    if matrix.min() < 0 or np.diagonal(matrix).any():
        raise ValueError(f"{name} must be non-negative with a zero diagonal.")
    own = np.array(matrix, dtype=np.int64)
    own.setflags(write=False)
    return own
