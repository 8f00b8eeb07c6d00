"""A route plan as values: trips, stops with their times, and what is left out.

The scheduler writes plans, the checker reads them; both know this module and
not each other.
"""

from dataclasses import dataclass
from enum import StrEnum


class UnservedReason(StrEnum):
    """Why a stop is in no trip; one that got its first goods after the plan was added later."""

    TOO_HEAVY = "too_heavy"
    TOO_MANY_TOTES = "too_many_totes"
    TOO_LARGE = "too_large"
    WINDOW_UNREACHABLE = "window_unreachable"
    NO_VEHICLE_LEFT = "no_vehicle_left"
    ADDED_LATER = "added_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """One visit: `arrive_s` at the door, `start_s` of unloading, `depart_s` after it.

    `distance_m` is driven from the stop before, or from the depot. The load
    figures are what is unloaded here.
    """

    stop_key: str
    distance_m: int
    arrive_s: int
    start_s: int
    depart_s: int
    weight_g: int
    totes: int
    volume_ml: int

    @property
    def wait_s(self) -> int:
        """Seconds between arrival and the start of unloading."""
        return self.start_s - self.arrive_s


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTrip:
    """One round from the depot and back; `trip` counts from 1 within a vehicle.

    `return_distance_m` is the way from the last stop to the depot;
    `distance_m` is the whole round, that way included.
    """

    vehicle_key: str
    trip: int
    departs_s: int
    returns_s: int
    return_distance_m: int
    distance_m: int
    weight_g: int
    totes: int
    volume_ml: int
    stops: tuple[PlannedStop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A stop no trip serves, and why."""

    stop_key: str
    reason: UnservedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """A whole plan. Trips are sorted by vehicle in fleet order, then by trip number.

    `duration_s` adds up, over the vehicles used, first departure to last
    return. `cost_fen` is what the vehicles cost; penalties for unserved stops
    are not part of it.
    """

    trips: tuple[PlannedTrip, ...]
    unserved: tuple[Unserved, ...]
    distance_m: int
    duration_s: int
    cost_fen: int

    @property
    def vehicle_keys(self) -> tuple[str, ...]:
        """The vehicles used, each once, in fleet order."""
        return tuple(dict.fromkeys(trip.vehicle_key for trip in self.trips))

    @property
    def stop_count(self) -> int:
        """How many stops are served."""
        return sum(len(trip.stops) for trip in self.trips)
