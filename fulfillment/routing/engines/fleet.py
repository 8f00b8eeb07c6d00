"""Trips onto vehicles: which vehicle drives which trip, and second trips.

Shared by the plain engines. A `Roster` holds the day so far and answers what
one more trip, or one more stop, would cost on top, by exact cost and under
every rule of the problem.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from fulfillment.routing.day_rules import is_allowed, is_too_large, opens_for_s
from fulfillment.routing.engines.segment import Segment, join
from fulfillment.routing.objective import change_fen
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Stop, Vehicle
from fulfillment.routing.schedule import Duty, Trip, duty_cost_fen

# What tells vehicles apart that may serve the same stops at the same price.
VehicleClass = tuple[object, ...]


class Roads:
    """A problem in the form that tight loops want: plain lists, loads, segments."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.metres: list[list[int]] = problem.distance_m.tolist()
        self.seconds: list[list[int]] = problem.duration_s.tolist()
        self.weight_g = [0, *(stop.weight_g for stop in problem.stops)]
        self.totes = [0, *(stop.totes for stop in problem.stops)]
        self._volume_ml = [0, *(stop.volume_ml for stop in problem.stops)]
        self._cold_totes = [0, *(stop.cold_totes for stop in problem.stops)]
        self._has_access_rules = any(_has_access_rules(stop) for stop in problem.stops)
        self._is_soft = [False, *(stop.lateness_fen_per_hour > 0 for stop in problem.stops)]
        self._rivals: dict[int, set[int]] = {}
        for here, there in problem.forbidden_pairs:
            self._rivals.setdefault(here, set()).add(there)
            self._rivals.setdefault(there, set()).add(here)
        self._visits = {
            is_truck: [
                Segment(stop.service_s, opens_s, stop.closes_s)
                if opens_s <= stop.closes_s
                else None
                for stop in problem.stops
                for opens_s in [max(stop.opens_s, stop.trucks_from_s if is_truck else 0)]
            ]
            for is_truck in {vehicle.is_truck for vehicle in problem.vehicles}
        }
        self.classes = _classes(problem)
        self._set_fixed()

    def unfixed(self) -> "Roads":
        """Return the same roads with every vehicle free."""
        if not self.problem.fixed:
            return self
        free = copy(self)
        free.problem = replace(self.problem, fixed=())
        free._set_fixed()
        return free

    def visit(self, vehicle: Vehicle, node: int) -> Segment | None:
        """Return the segment of one stop, or None if it closes before the vehicle may come."""
        return self._visits[vehicle.is_truck][node - 1]

    def length_m(self, trip: Trip) -> int:
        """Return the length of the whole round, depot to depot."""
        at, metres = DEPOT_NODE, 0
        for node in trip:
            metres += self.metres[at][node]
            at = node
        return metres + self.metres[at][DEPOT_NODE]

    def fits(self, vehicle: Vehicle, trip: Trip) -> bool:
        """Return whether the vehicle holds the trip's load and may come to its doors."""
        return (
            sum(self.weight_g[node] for node in trip) <= vehicle.capacity_g
            and sum(self.totes[node] for node in trip) <= vehicle.capacity_totes
            and sum(self._volume_ml[node] for node in trip) <= vehicle.capacity_ml
            and sum(self._cold_totes[node] for node in trip) <= vehicle.capacity_cold_totes
            and (not self._has_access_rules or self._may_come(vehicle, trip))
            and (not self._rivals or not self.has_rivals(trip))
        )

    def has_rivals(self, trip: Trip) -> bool:
        """Return whether two stops of the trip must not share one."""
        nodes = set(trip)
        return any(nodes & self._rivals[node] for node in trip if node in self._rivals)

    def day_cost_fen(self, position: int, trips: tuple[Trip, ...]) -> int | None:
        """Return what the vehicle costs for trips that fit it, or None if that breaks a rule."""
        vehicle = self.problem.vehicles[position]
        if position in self._held or self.problem.traffic is not None:
            return duty_cost_fen(self.problem, Duty(position, trips))
        whole = self._whole_day(vehicle, trips)
        if whole is None:
            return None
        returns_s = whole.early_s + whole.busy_s
        # Without breaks and lateness the least duration is the least cost.
        rests = any(whole.early_s < due.until_s < returns_s for due in vehicle.breaks)
        if rests or self._comes_late(vehicle, trips, whole.early_s):
            return duty_cost_fen(self.problem, Duty(position, trips))
        metres = sum(self.length_m(trip) for trip in trips)
        return vehicle.cost_fen(metres, whole.busy_s) + vehicle.overtime_fen(returns_s)

    def _whole_day(self, vehicle: Vehicle, trips: Sequence[Trip]) -> Segment | None:
        """Return a day without breaks as one segment, or None if it does not keep time."""
        ends_s = vehicle.latest_return_s
        whole = Segment(0, vehicle.shift_start_s, ends_s)
        for number, trip in enumerate(trips):
            at = DEPOT_NODE
            for node in trip:
                visit = self.visit(vehicle, node)
                longer = visit and join(whole, visit, self.seconds[at][node])
                if longer is None:
                    return None
                whole, at = longer, node
            reload_s = vehicle.reload_s if number + 1 < len(trips) else 0
            back = join(whole, Segment(reload_s, 0, ends_s), self.seconds[at][DEPOT_NODE])
            if back is None:
                return None
            whole = back
        return whole

    def _comes_late(self, vehicle: Vehicle, trips: Sequence[Trip], departs_s: int) -> bool:
        """Return whether a day that departs then is late somewhere where that costs."""
        if not any(self._is_soft[node] for trip in trips for node in trip):
            return False
        now_s = departs_s
        for trip in trips:
            at = DEPOT_NODE
            for node in trip:
                stop = self.problem.stop_at(node)
                now_s = max(now_s + self.seconds[at][node], opens_for_s(vehicle, stop))
                if stop.lateness_fen(now_s):
                    return True
                now_s, at = now_s + stop.service_s, node
            now_s += self.seconds[at][DEPOT_NODE] + vehicle.reload_s
        return False

    def _may_come(self, vehicle: Vehicle, trip: Trip) -> bool:
        stops = [self.problem.stop_at(node) for node in trip]
        return all(is_allowed(vehicle, stop) and not is_too_large(vehicle, stop) for stop in stops)

    def _set_fixed(self) -> None:
        """Note which vehicles are held to trips they have, or come back from some."""
        self._held = {fixed.vehicle for fixed in self.problem.fixed} | {
            position
            for position, vehicle in enumerate(self.problem.vehicles)
            if vehicle.back_s is not None
        }


def _has_access_rules(stop: Stop) -> bool:
    return stop.largest_size is not None or stop.vehicle_keys is not None


def _classes(problem: RoutingProblem) -> list[VehicleClass]:
    """Return each vehicle's class: its kind, what is fixed to it and who asks for it by name."""
    named = sorted(
        {stop.vehicle_keys for stop in problem.stops if stop.vehicle_keys is not None}, key=sorted
    )
    fixed = {trip.vehicle for trip in problem.fixed}
    return [
        (
            vehicle.kind,
            position if position in fixed else None,
            tuple(vehicle.key in keys for keys in named),
        )
        for position, vehicle in enumerate(problem.vehicles)
    ]


@dataclass(slots=True)
class _Day:
    """A vehicle's trips so far, what they cost and what strange drivers are worth avoiding."""

    vehicle: Vehicle
    trips: tuple[Trip, ...] = ()
    cost_fen: int = 0


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a day adds to the objective if it becomes these trips."""

    extra_fen: int
    position: int
    trips: tuple[Trip, ...]


@dataclass(slots=True)
class Roster:
    """Every vehicle's day so far; it begins with what is fixed."""

    roads: Roads
    _days: list[_Day] = field(init=False)

    def __post_init__(self) -> None:
        problem = self.roads.problem
        self._days = [_Day(vehicle) for vehicle in problem.vehicles]
        for fixed in sorted(problem.fixed, key=lambda fixed: fixed.trip):
            self._days[fixed.vehicle].trips += (fixed.nodes,)
        for position, day in enumerate(self._days):
            if day.trips:
                day.cost_fen = self._day_fen(position, day.trips) or 0

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

    def _open_days(self, nodes: Trip) -> Iterator[tuple[int, _Day]]:
        """Days that may take these stops; of unused vehicles alike only the first."""
        usual = {self.roads.problem.stop_at(node).usual_vehicle_key for node in nodes}
        fresh: set[tuple[object, ...]] = set()
        for position, day in enumerate(self._days):
            if not day.trips:
                key = day.vehicle.key
                alike = (self.roads.classes[position], key if key in usual else None)
                if alike in fresh:
                    continue
                fresh.add(alike)
            yield position, day

    def _trip_offers(self, trip: Trip) -> Iterator[_Offer]:
        for position, day in self._open_days(trip):
            for at in range(len(day.trips) + 1):
                trips = (*day.trips[:at], trip, *day.trips[at:])
                offer = self._offer(position, trips, trip)
                if offer:
                    yield offer

    def _stop_offers(self, node: int) -> Iterator[_Offer]:
        yield from self._trip_offers((node,))
        for position, day in self._open_days((node,)):
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
        cost_fen = self._day_fen(position, trips)
        if cost_fen is None:
            return None
        return _Offer(cost_fen - day.cost_fen, position, trips)

    def _day_fen(self, position: int, trips: tuple[Trip, ...]) -> int | None:
        cost_fen = self.roads.day_cost_fen(position, trips)
        if cost_fen is None:
            return None
        problem = self.roads.problem
        stops = (problem.stop_at(node) for trip in trips for node in trip)
        return cost_fen + sum(change_fen(stop, problem.vehicles[position].key) for stop in stops)
