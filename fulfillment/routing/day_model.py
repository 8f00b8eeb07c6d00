"""The day's deliveries as a routing problem: plain values in, `RoutingProblem` out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fulfillment.routing.problem import (
    UNSERVED_PENALTY_FEN,
    Depot,
    RoutingProblem,
    Stop,
    Vehicle,
)
from fulfillment.routing.travel import TravelEstimate, travel_matrices
from leaders.domain.coordinates import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Everything one pickup point receives that day.

    `opens_s` and `closes_s` are seconds since local midnight of the delivery
    date, `unload_s` is the point's own part of the service time; the totes add
    theirs (`DayEstimates.service_per_tote_s`).
    """

    key: str
    place: Place
    weight_g: int
    volume_ml: int
    totes: int
    opens_s: int
    closes_s: int
    unload_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVehicle:
    """One vehicle on duty that day; the shift in seconds since local midnight."""

    key: str
    capacity_g: int
    capacity_totes: int
    fixed_cost_fen: int
    cost_per_km_fen: int
    cost_per_hour_fen: int
    shift_start_s: int
    shift_end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEstimates:
    """The estimates a day is planned with: 0.6 minutes a tote, 20 minutes a reload."""

    travel: TravelEstimate = field(default_factory=TravelEstimate)
    service_per_tote_s: int = 36
    reload_s: int = 1200
    max_trips: int = 2
    unserved_penalty_fen: int = UNSERVED_PENALTY_FEN


def build_day_problem(
    depot: Depot,
    drops: Sequence[Drop],
    vehicles: Sequence[DayVehicle],
    estimates: DayEstimates,
) -> RoutingProblem:
    """Return the problem of serving `drops` from `depot` with `vehicles`.

    Stops and vehicles keep their order and keys. A drop that no vehicle can
    carry stays in the problem: the plan names it as unserved with its reason.

    Raises
    ------
    ValueError
        If the depot has no place, a key is repeated or a value is out of range.
    """
    if depot.place is None:
        raise ValueError(f"Depot {depot.key} needs a place to estimate distances from.")
    places = [depot.place, *(drop.place for drop in drops)]
    matrices = travel_matrices(places, estimates.travel)
    return RoutingProblem(
        depot=depot,
        stops=tuple(_stop(drop, estimates) for drop in drops),
        vehicles=tuple(_vehicle(vehicle, estimates) for vehicle in vehicles),
        distance_m=matrices.distance_m,
        duration_s=matrices.duration_s,
    )


def _stop(drop: Drop, estimates: DayEstimates) -> Stop:
    return Stop(
        key=drop.key,
        place=drop.place,
        weight_g=drop.weight_g,
        totes=drop.totes,
        volume_ml=drop.volume_ml,
        opens_s=drop.opens_s,
        closes_s=drop.closes_s,
        service_s=drop.unload_s + drop.totes * estimates.service_per_tote_s,
        unserved_penalty_fen=estimates.unserved_penalty_fen,
    )


def _vehicle(vehicle: DayVehicle, estimates: DayEstimates) -> Vehicle:
    return Vehicle(
        key=vehicle.key,
        capacity_g=vehicle.capacity_g,
        capacity_totes=vehicle.capacity_totes,
        fixed_cost_fen=vehicle.fixed_cost_fen,
        cost_per_km_fen=vehicle.cost_per_km_fen,
        cost_per_hour_fen=vehicle.cost_per_hour_fen,
        shift_start_s=vehicle.shift_start_s,
        shift_end_s=vehicle.shift_end_s,
        max_trips=estimates.max_trips,
        reload_s=estimates.reload_s,
    )
