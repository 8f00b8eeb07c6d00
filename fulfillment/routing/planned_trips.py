"""A day's chain with its clock, cut into the trips that a plan shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from fulfillment.routing.day_times import Day, Leg, LegKind, Reading, Times
from fulfillment.routing.plan import PlannedBreak, PlannedStop, PlannedTrip
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem


def planned_trips(problem: RoutingProblem, day: Day, times: Times) -> tuple[PlannedTrip, ...]:
    """Return the trips of a day at its times.

    A trip whose departure is nobody's choice waits at the depot and not at its
    first door.
    """
    return tuple(_Cutter(problem, day).cut(times))


@dataclass(slots=True)
class _Cutter:
    problem: RoutingProblem
    day: Day
    _number: int = field(default=1, init=False)
    _stops: list[PlannedStop] = field(default_factory=list, init=False)
    _breaks: list[PlannedBreak] = field(default_factory=list, init=False)
    _departs_s: int | None = field(default=None, init=False)
    _arrived_s: int | None = field(default=None, init=False)
    _at: int = field(default=DEPOT_NODE, init=False)

    def cut(self, times: Times) -> Iterator[PlannedTrip]:
        self._breaks = [PlannedBreak(after=0, starts_s=s, ends_s=e) for s, e in times.pauses]
        ready_s = times.departs_s
        leaves_at_once = self.day.vehicle.back_s is None
        for leg, reading in zip(times.legs, times.readings, strict=True):
            if leg.node == DEPOT_NODE and self._stops and _comes_in(leg):
                yield self._close(reading.arrive_s)
                leaves_at_once = False
            if leg.kind is LegKind.GIVEN_DEPARTURE:
                leaves_at_once = True
            if leg.node != DEPOT_NODE:
                self._go_on(leg, reading, ready_s, leaves_at_once)
            if leg.kind in (LegKind.BREAK, LegKind.BREAK_ON_ARRIVAL):
                self._pause(reading)
            ready_s = reading.depart_s

    def _go_on(self, leg: Leg, reading: Reading, ready_s: int, leaves_at_once: bool) -> None:
        arrive_s = reading.arrive_s
        if self._departs_s is None:
            self._departs_s = ready_s
            if reading.start_s > arrive_s and not leaves_at_once:
                self._departs_s = self.day.latest_start_s(leg.drive_s, reading.start_s)
                arrive_s = self._departs_s + self.day.drive_s(leg.drive_s, self._departs_s)
        if self._arrived_s is None:
            self._arrived_s = arrive_s
        if leg.kind is LegKind.VISIT:
            self._unload(leg.node, reading, self._arrived_s)
        if leg.kind is not LegKind.BREAK_ON_ARRIVAL:
            self._arrived_s = None

    def _unload(self, node: int, reading: Reading, arrive_s: int) -> None:
        stop = self.problem.stop_at(node)
        self._stops.append(
            PlannedStop(
                stop_key=stop.key,
                distance_m=int(self.problem.distance_m[self._at, node]),
                arrive_s=arrive_s,
                start_s=reading.start_s,
                depart_s=reading.depart_s,
                weight_g=stop.weight_g,
                totes=stop.totes,
                volume_ml=stop.volume_ml,
                cold_totes=stop.cold_totes,
                lateness_fen=stop.lateness_fen(reading.start_s),
            )
        )
        self._at = node

    def _pause(self, reading: Reading) -> None:
        self._breaks.append(
            PlannedBreak(after=len(self._stops), starts_s=reading.start_s, ends_s=reading.depart_s)
        )

    def _close(self, returns_s: int) -> PlannedTrip:
        stops, breaks, departs_s = self._stops, self._breaks, self._departs_s
        home_m = int(self.problem.distance_m[self._at, DEPOT_NODE])
        trip = PlannedTrip(
            vehicle_key=self.day.vehicle.key,
            trip=self._number,
            departs_s=departs_s if departs_s is not None else returns_s,
            returns_s=returns_s,
            return_distance_m=home_m,
            distance_m=sum(stop.distance_m for stop in stops) + home_m,
            weight_g=sum(stop.weight_g for stop in stops),
            totes=sum(stop.totes for stop in stops),
            volume_ml=sum(stop.volume_ml for stop in stops),
            stops=tuple(stops),
            cold_totes=sum(stop.cold_totes for stop in stops),
            breaks=tuple(breaks),
        )
        self._number += 1
        self._stops, self._breaks = [], []
        self._departs_s, self._at = None, DEPOT_NODE
        return trip


def _comes_in(leg: Leg) -> bool:
    return leg.kind in (LegKind.HOME, LegKind.BREAK_ON_ARRIVAL)
