"""The day's deliveries as a routing problem: plain values in, `RoutingProblem` out.

A `Day` is a problem that does not know its roads yet: everything else is read
from rows or files in a moment, while matrices may have to be asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fulfillment.routing.problem import (
    LARGEST_VAN,
    UNBOUNDED_ML,
    UNBOUNDED_S,
    UNSERVED_PENALTY_FEN,
    Depot,
    RoutingProblem,
    Stop,
    Vehicle,
)
from fulfillment.routing.rules import Break, FixedTrip, Traffic
from fulfillment.routing.travel import EstimateProvider, TravelEstimate, TravelMatrices
from leaders.domain.coordinates import Place

# A stop that is served first when vehicles run out is worth so many others.
_PRIORITY_FACTOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Everything one pickup point receives that day, or one part of it.

    `opens_s`, `closes_s`, `prefers_until_s` and `trucks_from_s` are seconds
    since local midnight of the delivery date, `unload_s` is the point's own
    part of the service time; the totes add theirs, and more on stairs
    (`DayEstimates`).
    """

    key: str
    place: Place
    weight_g: int
    volume_ml: int
    totes: int
    opens_s: int
    closes_s: int
    unload_s: int
    cold_totes: int = 0
    prefers_until_s: int | None = None
    stair_floors: int = 0
    largest_size: int | None = None
    trucks_from_s: int = 0
    is_priority: bool = False
    vehicle_keys: frozenset[str] | None = None
    usual_vehicle_key: str | None = None


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
    capacity_ml: int = UNBOUNDED_ML
    capacity_cold_totes: int = 0
    size: int = LARGEST_VAN
    overtime_s: int = 0
    overtime_fen_per_hour: int = 0
    breaks: tuple[Break, ...] = ()
    max_trips: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEstimates:
    """The estimates a day is planned with: 0.6 minutes a tote, 20 minutes a reload."""

    travel: TravelEstimate = field(default_factory=TravelEstimate)
    service_per_tote_s: int = 36
    service_per_tote_floor_s: int = 20
    reload_s: int = 1200
    max_trips: int = 2
    unserved_penalty_fen: int = UNSERVED_PENALTY_FEN
    lateness_fen_per_hour: int = 0
    change_penalty_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A routing problem without its matrices; two that are equal ask the same.

    `places` are those of the nodes, the depot first.
    """

    depot: Depot
    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    fixed: tuple[FixedTrip, ...] = ()
    traffic: Traffic | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the matrices must lead.

        Raises
        ------
        ValueError
            If the depot or a stop has no place.
        """
        places = [self.depot.place, *(stop.place for stop in self.stops)]
        known = tuple(place for place in places if place is not None)
        if len(known) < len(places):
            raise ValueError(f"{self.depot.key}, or one of its stops, needs a place.")
        return known

    def problem(self, travel: TravelMatrices) -> RoutingProblem:
        """Return the problem with these roads."""
        return RoutingProblem(
            depot=self.depot,
            stops=self.stops,
            vehicles=self.vehicles,
            fixed=self.fixed,
            traffic=self.traffic,
            distance_m=travel.distance_m,
            duration_s=travel.duration_s,
        )


def build_day_problem(
    depot: Depot,
    drops: Sequence[Drop],
    vehicles: Sequence[DayVehicle],
    estimates: DayEstimates,
) -> RoutingProblem:
    """Return the problem of serving `drops` from `depot` with `vehicles`, roads estimated.

    Stops and vehicles keep their order and keys. A drop that no vehicle can
    carry stays in the problem: the plan names it as unserved with its reason.

    Raises
    ------
    ValueError
        If the depot has no place, a key is repeated or a value is out of range.
    """
    day = Day(
        depot=depot,
        stops=tuple(day_stop(drop, estimates) for drop in drops),
        vehicles=tuple(day_vehicle(vehicle, estimates) for vehicle in vehicles),
    )
    return day.problem(EstimateProvider(estimates.travel).matrices(day.places))


def day_stop(drop: Drop, estimates: DayEstimates) -> Stop:
    """Return a drop as a stop of a problem."""
    per_tote_s = (
        estimates.service_per_tote_s + drop.stair_floors * estimates.service_per_tote_floor_s
    )
    is_wished = drop.prefers_until_s is not None
    factor = _PRIORITY_FACTOR if drop.is_priority else 1
    return Stop(
        key=drop.key,
        place=drop.place,
        weight_g=drop.weight_g,
        totes=drop.totes,
        volume_ml=drop.volume_ml,
        cold_totes=drop.cold_totes,
        opens_s=drop.opens_s,
        closes_s=drop.closes_s,
        prefers_until_s=UNBOUNDED_S if drop.prefers_until_s is None else drop.prefers_until_s,
        lateness_fen_per_hour=estimates.lateness_fen_per_hour if is_wished else 0,
        service_s=drop.unload_s + drop.totes * per_tote_s,
        largest_size=drop.largest_size,
        trucks_from_s=drop.trucks_from_s,
        vehicle_keys=drop.vehicle_keys,
        usual_vehicle_key=drop.usual_vehicle_key,
        change_penalty_fen=estimates.change_penalty_fen if drop.usual_vehicle_key else 0,
        unserved_penalty_fen=estimates.unserved_penalty_fen * factor,
    )


def day_vehicle(vehicle: DayVehicle, estimates: DayEstimates) -> Vehicle:
    """Return a vehicle on duty as a vehicle of a problem."""
    return Vehicle(
        key=vehicle.key,
        capacity_g=vehicle.capacity_g,
        capacity_totes=vehicle.capacity_totes,
        capacity_ml=vehicle.capacity_ml,
        capacity_cold_totes=vehicle.capacity_cold_totes,
        size=vehicle.size,
        fixed_cost_fen=vehicle.fixed_cost_fen,
        cost_per_km_fen=vehicle.cost_per_km_fen,
        cost_per_hour_fen=vehicle.cost_per_hour_fen,
        shift_start_s=vehicle.shift_start_s,
        shift_end_s=vehicle.shift_end_s,
        overtime_s=vehicle.overtime_s,
        overtime_fen_per_hour=vehicle.overtime_fen_per_hour,
        breaks=vehicle.breaks,
        max_trips=estimates.max_trips if vehicle.max_trips is None else vehicle.max_trips,
        reload_s=estimates.reload_s,
    )
