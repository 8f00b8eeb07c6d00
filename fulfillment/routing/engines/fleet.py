"""Trips onto vehicles: which vehicle drives which trip, and second trips.

Shared by the plain engines. A `Roster` holds the day so far and answers what
one more trip, or one more stop, would cost on top, by exact cost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fulfillment.routing.engines.segment import Segment, join
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Vehicle, VehicleKind
from fulfillment.routing.schedule import Duty, Trip


class Roads:
    """A problem in the form that tight loops want: plain lists, loads, segments."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.metres: list[list[int]] = problem.distance_m.tolist()
        self.seconds: list[list[int]] = problem.duration_s.tolist()
        self.weight_g = [0, *(stop.weight_g for stop in problem.stops)]
        self.totes = [0, *(stop.totes for stop in problem.stops)]
        self._visits = [
            Segment(stop.service_s, stop.opens_s, stop.closes_s) for stop in problem.stops
        ]

    def visit(self, node: int) -> Segment:
        """Return the segment of one stop."""
        return self._visits[node - 1]

    def length_m(self, trip: Trip) -> int:
        """Return the length of the whole round, depot to depot."""
        at, metres = DEPOT_NODE, 0
        for node in trip:
            metres += self.metres[at][node]
            at = node
        return metres + self.metres[at][DEPOT_NODE]

    def fits(self, vehicle: Vehicle, trip: Trip) -> bool:
        """Return whether the vehicle holds the trip's load."""
        return (
            sum(self.weight_g[node] for node in trip) <= vehicle.capacity_g
            and sum(self.totes[node] for node in trip) <= vehicle.capacity_totes
        )

    def day_cost_fen(self, vehicle: Vehicle, trips: tuple[Trip, ...]) -> int | None:
        """Return what the vehicle costs for these trips, or None if they do not keep time."""
        whole = Segment(0, vehicle.shift_start_s, vehicle.shift_end_s)
        home = Segment(0, 0, vehicle.shift_end_s)
        between = Segment(vehicle.reload_s, 0, vehicle.shift_end_s)
        for number, trip in enumerate(trips):
            at = DEPOT_NODE
            for node in trip:
                longer = join(whole, self.visit(node), self.seconds[at][node])
                if longer is None:
                    return None
                whole, at = longer, node
            last = number + 1 == len(trips)
            back = join(whole, home if last else between, self.seconds[at][DEPOT_NODE])
            if back is None:
                return None
            whole = back
        return vehicle.cost_fen(sum(self.length_m(trip) for trip in trips), whole.busy_s)


@dataclass(slots=True)
class _Day:
    vehicle: Vehicle
    trips: tuple[Trip, ...] = ()
    cost_fen: int = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    extra_fen: int
    position: int
    trips: tuple[Trip, ...]


@dataclass(slots=True)
class Roster:
    """Every vehicle's day so far."""

    roads: Roads
    _days: list[_Day] = field(init=False)

    def __post_init__(self) -> None:
        self._days = [_Day(vehicle) for vehicle in self.roads.problem.vehicles]

    def duties(self) -> tuple[Duty, ...]:
        """Return the days of the vehicles that leave the depot."""
        return tuple(Duty(at, day.trips) for at, day in enumerate(self._days) if day.trips)

    def take_trip(self, trip: Trip) -> bool:
        """Give the trip to the vehicle it costs least on; False if none can drive it."""
        return self._accept(self._trip_offers(trip))

    def take_stop(self, node: int) -> bool:
        """Insert the stop where it costs least; False if it fits nowhere."""
        return self._accept(self._stop_offers(node))

    def extend_day(self, position: int, trip: Trip) -> bool:
        """Append a trip to one vehicle's day; False if it cannot drive it."""
        day = self._days[position]
        offers = [self._offer(position, (*day.trips, trip), trip)]
        return self._accept(offer for offer in offers if offer)

    def _accept(self, offers: Iterable[_Offer]) -> bool:
        best = min(offers, key=lambda offer: (offer.extra_fen, offer.position), default=None)
        if best is None:
            return False
        day = self._days[best.position]
        day.trips = best.trips
        day.cost_fen += best.extra_fen
        return True

    def _open_days(self) -> Iterator[tuple[int, _Day]]:
        """Days that may take more; of unused vehicles of one kind only the first."""
        fresh: set[VehicleKind] = set()
        for position, day in enumerate(self._days):
            if not day.trips:
                if day.vehicle.kind in fresh:
                    continue
                fresh.add(day.vehicle.kind)
            yield position, day

    def _trip_offers(self, trip: Trip) -> Iterator[_Offer]:
        for position, day in self._open_days():
            for at in range(len(day.trips) + 1):
                trips = (*day.trips[:at], trip, *day.trips[at:])
                offer = self._offer(position, trips, trip)
                if offer:
                    yield offer

    def _stop_offers(self, node: int) -> Iterator[_Offer]:
        yield from self._trip_offers((node,))
        for position, day in self._open_days():
            for number, trip in enumerate(day.trips):
                for at in range(len(trip) + 1):
                    longer = (*trip[:at], node, *trip[at:])
                    trips = (*day.trips[:number], longer, *day.trips[number + 1 :])
                    offer = self._offer(position, trips, longer)
                    if offer:
                        yield offer

    def _offer(self, position: int, trips: tuple[Trip, ...], changed: Trip) -> _Offer | None:
        day = self._days[position]
        if len(trips) > day.vehicle.max_trips or not self.roads.fits(day.vehicle, changed):
            return None
        cost_fen = self.roads.day_cost_fen(day.vehicle, trips)
        if cost_fen is None:
            return None
        return _Offer(cost_fen - day.cost_fen, position, trips)
