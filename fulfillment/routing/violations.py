"""What can be wrong with a plan, or with one vehicle's day."""

from dataclasses import dataclass
from enum import StrEnum


class ViolationCode(StrEnum):
    """A broken rule or a figure that is not true."""

    UNKNOWN_STOP = "unknown_stop"
    UNKNOWN_VEHICLE = "unknown_vehicle"
    STOP_MISSING = "stop_missing"
    STOP_REPEATED = "stop_repeated"
    SERVED_AND_UNSERVED = "served_and_unserved"
    REASON_FALSE = "reason_false"
    TRIP_EMPTY = "trip_empty"
    TRIP_ORDER = "trip_order"
    TRIPS_TOO_MANY = "trips_too_many"
    RELOAD_TOO_SHORT = "reload_too_short"
    OVER_WEIGHT = "over_weight"
    OVER_TOTES = "over_totes"
    OVER_VOLUME = "over_volume"
    OVER_COLD = "over_cold"
    VEHICLE_TOO_LARGE = "vehicle_too_large"
    VEHICLE_NOT_ALLOWED = "vehicle_not_allowed"
    PAIR_FORBIDDEN = "pair_forbidden"
    FIXED_TRIP_CHANGED = "fixed_trip_changed"
    BEFORE_OPENING = "before_opening"
    TRUCK_TOO_EARLY = "truck_too_early"
    AFTER_CLOSING = "after_closing"
    BEFORE_SHIFT = "before_shift"
    AFTER_SHIFT = "after_shift"
    BREAK_MISSING = "break_missing"
    BREAK_WRONG = "break_wrong"
    ARRIVAL_WRONG = "arrival_wrong"
    START_WRONG = "start_wrong"
    DEPARTURE_WRONG = "departure_wrong"
    RETURN_WRONG = "return_wrong"
    DISTANCE_WRONG = "distance_wrong"
    LOAD_WRONG = "load_wrong"
    LATENESS_WRONG = "lateness_wrong"
    DURATION_WRONG = "duration_wrong"
    COSTS_WRONG = "costs_wrong"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: which, where, and the two figures that disagree."""

    code: ViolationCode
    subject: str
    found: object = None
    expected: object = None

    def __str__(self) -> str:
        return f"{self.code} at {self.subject}: found {self.found}, expected {self.expected}"
