"""A route plan as values: trips, stops with their times, and what is left out.

The scheduler writes plans, the checker reads them; both know this module and
not each other.
"""

from dataclasses import dataclass
from enum import StrEnum


class UnservedReason(StrEnum):
    """Why a stop is in no trip.

    One that got its first goods after the plan was added later; one that a
    dispatcher took off the plan was left out. No engine gives these two.
    """

    TOO_HEAVY = "too_heavy"
    TOO_MANY_TOTES = "too_many_totes"
    TOO_MUCH_VOLUME = "too_much_volume"
    TOO_COLD = "too_cold"
    TOO_LARGE = "too_large"
    NO_VEHICLE_ALLOWED = "no_vehicle_allowed"
    WINDOW_UNREACHABLE = "window_unreachable"
    NO_VEHICLE_LEFT = "no_vehicle_left"
    ADDED_LATER = "added_later"
    LEFT_OUT = "left_out"


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
    cold_totes: int = 0
    lateness_fen: int = 0

    @property
    def wait_s(self) -> int:
        """Seconds between arrival and the start of unloading."""
        return self.start_s - self.arrive_s


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBreak:
    """A pause of the driver on a trip.

    `after` counts the stops of the trip that are served before it. It is taken
    where the vehicle stands then, at the depot for 0, and the vehicle drives on
    when it ends; or, where it starts no earlier than the next arrival, at the
    next door before unloading.
    """

    after: int
    starts_s: int
    ends_s: int


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
    cold_totes: int = 0
    breaks: tuple[PlannedBreak, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A stop no trip serves, and why."""

    stop_key: str
    reason: UnservedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCosts:
    """What a plan costs, by cause, in fen.

    Kilometres and hours are rounded together, so `hours_fen` is what their
    rounded sum leaves beside the rounded `distance_fen`.
    """

    fixed_fen: int = 0
    distance_fen: int = 0
    hours_fen: int = 0
    overtime_fen: int = 0
    lateness_fen: int = 0

    @property
    def total_fen(self) -> int:
        """The sum of all causes."""
        return (
            self.fixed_fen
            + self.distance_fen
            + self.hours_fen
            + self.overtime_fen
            + self.lateness_fen
        )

    def plus(self, other: "PlanCosts") -> "PlanCosts":
        """Return both together."""
        return PlanCosts(
            fixed_fen=self.fixed_fen + other.fixed_fen,
            distance_fen=self.distance_fen + other.distance_fen,
            hours_fen=self.hours_fen + other.hours_fen,
            overtime_fen=self.overtime_fen + other.overtime_fen,
            lateness_fen=self.lateness_fen + other.lateness_fen,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """A whole plan. Trips are sorted by vehicle in fleet order, then by trip number.

    `duration_s` adds up, over the vehicles used, first departure to last
    return. `cost_fen` is the sum of `costs`; penalties for unserved stops and
    for strange drivers are not part of it (`objective.objective_fen`).
    """

    trips: tuple[PlannedTrip, ...]
    unserved: tuple[Unserved, ...]
    distance_m: int
    duration_s: int
    cost_fen: int
    costs: PlanCosts = PlanCosts()

    @property
    def vehicle_keys(self) -> tuple[str, ...]:
        """The vehicles used, each once, in fleet order."""
        return tuple(dict.fromkeys(trip.vehicle_key for trip in self.trips))

    @property
    def stop_count(self) -> int:
        """How many stops are served."""
        return sum(len(trip.stops) for trip in self.trips)
