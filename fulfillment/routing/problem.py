"""The routing problem as values: one depot, stops, vehicles and two matrices.

Node numbers are the currency of this package: node 0 is the depot and node
``i`` is ``stops[i - 1]``. Both matrices are indexed by nodes and may be
asymmetric.

Times are whole seconds since local midnight of the delivery date. A vehicle
that arrives before a stop opens waits. Service must *start* within
``[opens_s, closes_s]``; it may finish after closing, because a pickup point
that has let the driver in does not send them away half unloaded. A vehicle
leaves the depot at or after ``shift_start_s`` and is back at or before
``shift_end_s``. Before a further trip it reloads for ``reload_s`` seconds; the
first load is on board when the shift starts.

A used vehicle costs its fixed cost, its kilometres at its rate and its hours
at its rate; hours run from its first departure to its last return, waiting and
reloading included. The sum of the two variable parts is rounded once per
vehicle and day, half up, to whole fen (`Vehicle.cost_fen`).

The algorithms are told in ``docs/algorithms/routing.md``.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from leaders.domain.coordinates import Place

IntMatrix = npt.NDArray[np.int64]

DEPOT_NODE = 0
# A bound for windows and shifts that bind nobody, as in the CVRP instances.
UNBOUNDED_S = 10**9
# Dearer than any honest vehicle day in this trade (10,000 yuan), so a stop is
# left out only where no vehicle can serve it.
UNSERVED_PENALTY_FEN = 1_000_000
# fen per km and fen per hour over one denominator: 1/1000 = 36/36000 per metre
# and 1/3600 = 10/36000 per second.
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
    weight_g, totes
        The two loads that capacities bind.
    volume_ml
        Carried along for the papers; the tote count already accounts for it.
    opens_s, closes_s
        Service starts within this window, both ends included.
    service_s
        Unloading time.
    unserved_penalty_fen
        What leaving this stop out adds to the objective, never to the cost.
    """

    key: str
    place: Place | None = None
    weight_g: int = 0
    totes: int = 0
    volume_ml: int = 0
    opens_s: int = 0
    closes_s: int = UNBOUNDED_S
    service_s: int = 0
    unserved_penalty_fen: int = UNSERVED_PENALTY_FEN

    def __post_init__(self) -> None:
        amounts = (self.weight_g, self.totes, self.volume_ml, self.service_s)
        if min(amounts) < 0 or self.unserved_penalty_fen < 0:
            raise ValueError(f"Stop {self.key}: loads, service and penalty must not be negative.")
        if self.opens_s > self.closes_s:
            raise ValueError(f"Stop {self.key}: it closes before it opens.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle for the day: what it holds, what it costs, when it works.

    Parameters
    ----------
    key
        Stable name, unique within a problem.
    capacity_g, capacity_totes
        Per trip.
    fixed_cost_fen
        Charged once if the vehicle leaves the depot at all.
    cost_per_km_fen, cost_per_hour_fen
        Rates, in whole fen.
    shift_start_s, shift_end_s
        Earliest departure and latest return.
    max_trips
        Trips a day, at least one.
    reload_s
        Time at the depot between two trips.
    """

    key: str
    capacity_g: int
    capacity_totes: int
    fixed_cost_fen: int = 0
    cost_per_km_fen: int = 0
    cost_per_hour_fen: int = 0
    shift_start_s: int = 0
    shift_end_s: int = UNBOUNDED_S
    max_trips: int = 1
    reload_s: int = 0

    def __post_init__(self) -> None:
        costs = (self.fixed_cost_fen, self.cost_per_km_fen, self.cost_per_hour_fen)
        if min(self.capacity_g, self.capacity_totes, self.reload_s, *costs) < 0:
            raise ValueError(f"Vehicle {self.key}: capacities and costs must not be negative.")
        if self.shift_start_s > self.shift_end_s:
            raise ValueError(f"Vehicle {self.key}: its shift ends before it starts.")
        if self.max_trips < 1:
            raise ValueError(f"Vehicle {self.key}: a vehicle makes at least one trip.")

    @property
    def kind(self) -> tuple[int, ...]:
        """Everything but the name: vehicles of one kind are interchangeable."""
        return (
            self.capacity_g,
            self.capacity_totes,
            self.fixed_cost_fen,
            self.cost_per_km_fen,
            self.cost_per_hour_fen,
            self.shift_start_s,
            self.shift_end_s,
            self.max_trips,
            self.reload_s,
        )

    def cost_fen(self, distance_m: int, duration_s: int) -> int:
        """Return the cost of a day of `distance_m` and `duration_s`, rounded once, half up."""
        metres = distance_m * self.cost_per_km_fen * _METRE_WEIGHT
        seconds = duration_s * self.cost_per_hour_fen * _SECOND_WEIGHT
        variable = (2 * (metres + seconds) + _RATE_DENOMINATOR) // (2 * _RATE_DENOMINATOR)
        return self.fixed_cost_fen + variable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """What a planner is asked: serve these stops with these vehicles, cheaply.

    Parameters
    ----------
    depot, stops, vehicles
        Stops and vehicles have unique keys; both may be empty.
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

    def __post_init__(self) -> None:
        _require_unique("stop", [stop.key for stop in self.stops])
        _require_unique("vehicle", [vehicle.key for vehicle in self.vehicles])
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

    def vehicles_by_kind(self) -> dict[tuple[int, ...], list[int]]:
        """Return vehicle positions grouped by kind, in order of first appearance."""
        kinds: dict[tuple[int, ...], list[int]] = {}
        for position, vehicle in enumerate(self.vehicles):
            kinds.setdefault(vehicle.kind, []).append(position)
        return kinds


def _require_unique(what: str, keys: list[str]) -> None:
    if len(set(keys)) != len(keys):
        raise ValueError(f"Two {what}s share a key.")


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
