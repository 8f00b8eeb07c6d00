"""One vehicle's day as a chain of drives and what follows each of them.

A chain is driven forwards to read every clock, and backwards to find the latest
departure that still meets a deadline. Both directions are exact under traffic.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from fulfillment.routing.problem import DEPOT_NODE, UNBOUNDED_S, Stop, Vehicle
from fulfillment.routing.traffic import Hours


class LegKind(Enum):
    """What a vehicle does where a leg ends."""

    VISIT = auto()
    HOME = auto()
    RELOAD = auto()
    GIVEN_DEPARTURE = auto()
    BREAK = auto()
    BREAK_ON_ARRIVAL = auto()


class Leg(NamedTuple):
    """A drive of `drive_s`, a wait until `opens_s`, and `service_s` of work.

    The work should begin by `closes_s`; `stop` is there where lateness costs.
    A given departure happens at `opens_s`, whenever the vehicle arrives. A break
    on arrival comes with the drive; the work it precedes is a leg without one.
    """

    kind: LegKind
    node: int = DEPOT_NODE
    drive_s: int = 0
    opens_s: int = 0
    closes_s: int = UNBOUNDED_S
    service_s: int = 0
    stop: Stop | None = None

    def is_late(self, reading: "Reading") -> bool:
        """Return whether the work began too late, or the vehicle for a given departure."""
        return _due_s(self, reading) > self.closes_s

    def latest_work_s(self, done_by_s: int) -> int:
        """Return when the work must begin to be on time and done by then."""
        if self.kind is LegKind.GIVEN_DEPARTURE:
            return self.closes_s
        return min(done_by_s - self.service_s, self.closes_s)


class Reading(NamedTuple):
    """The clock at the end of the drive, at the start of the work and after it."""

    arrive_s: int
    start_s: int
    depart_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A chain with its clock.

    `pauses` are the breaks taken at the depot before the first departure;
    `late_s` adds up by how much hard deadlines are missed.
    """

    legs: tuple[Leg, ...]
    readings: list[Reading]
    departs_s: int
    cost_fen: int
    late_s: int
    pauses: tuple[tuple[int, int], ...] = ()

    @property
    def returns_s(self) -> int:
        """The last return to the depot."""
        return self.readings[-1].arrive_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one vehicle does from its first departure to its last return."""

    vehicle: Vehicle
    legs: tuple[Leg, ...]
    metres: int
    hours: Hours | None

    @property
    def given_departure_s(self) -> int | None:
        """When the chain begins if that is no longer to be chosen."""
        if self.vehicle.back_s is not None:
            return self.vehicle.back_s
        first = self.legs[0]
        return first.opens_s if first.kind is LegKind.GIVEN_DEPARTURE else None

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the last return and the first departure cost money."""
        return self.hours is None and all(leg.stop is None for leg in self.legs)

    def best(self, not_before_s: int, back_by_s: int = UNBOUNDED_S) -> Times:
        """Return the cheapest day on time that departs and returns within these bounds.

        The departure is the latest that does not delay the last return, because
        hours are paid from then on. A little earlier may be cheaper where doors
        count lateness, a little later where traffic thins out; of equal ones
        the latest is taken. A day that cannot be on time leaves at once.
        """
        day = self._back_by(back_by_s)
        given_s = day.given_departure_s
        if given_s is not None:
            return day.times(given_s)
        earliest_s = max(self.vehicle.shift_start_s, not_before_s)
        soonest = day.readings(earliest_s)
        latest_s = day.latest_departure_s(len(day.legs), soonest[-1].start_s)
        best = day.times(max(earliest_s, latest_s))
        if best.late_s or day.is_plain:
            return best
        for departs_s in sorted(set(day._turning_points(best, soonest)), reverse=True):
            if departs_s >= earliest_s and departs_s != best.departs_s:
                other = day.times(departs_s)
                if not other.late_s and other.cost_fen < best.cost_fen:
                    best = other
        return best

    def readings(self, departs_s: int) -> list[Reading]:
        """Return the clock at every leg for a given departure."""
        hours, now_s = self.hours, departs_s
        found: list[Reading] = []
        for kind, _, drive_s, opens_s, _, service_s, _ in self.legs:
            if hours is not None and drive_s:
                drive_s = hours.drive_s(drive_s, now_s)
            arrive_s = now_s + drive_s
            start_s = max(arrive_s, opens_s)
            if kind is LegKind.GIVEN_DEPARTURE:
                start_s = opens_s
            now_s = start_s + service_s
            found.append(Reading(arrive_s, start_s, now_s))
        return found

    def times(self, departs_s: int) -> Times:
        """Return the day that leaves at `departs_s`, its cost and how late it is."""
        readings = self.readings(departs_s)
        vehicle, returns_s = self.vehicle, readings[-1].arrive_s
        paid_from_s = departs_s if vehicle.back_s is None else vehicle.back_s
        cost_fen = vehicle.cost_fen(self.metres, returns_s - paid_from_s)
        cost_fen += vehicle.overtime_fen(returns_s)
        late_s = 0
        for leg, reading in zip(self.legs, readings, strict=True):
            if leg.is_late(reading):
                late_s += _due_s(leg, reading) - leg.closes_s
            if leg.stop is not None:
                cost_fen += leg.stop.lateness_fen(reading.start_s)
        return Times(
            legs=self.legs,
            readings=readings,
            departs_s=departs_s,
            cost_fen=cost_fen,
            late_s=late_s,
        )

    def latest_departure_s(self, count: int, deadline_s: int) -> int:
        """Return the latest departure by which `count` legs are done by `deadline_s`, in time."""
        for leg in reversed(self.legs[:count]):
            deadline_s = self.latest_start_s(leg.drive_s, leg.latest_work_s(deadline_s))
        return deadline_s

    def deadlines(self) -> list[tuple[int, int]]:
        """Return for each leg when its work must begin and be done for the day to be on time."""
        done_s = UNBOUNDED_S
        found: list[tuple[int, int]] = []
        for leg in reversed(self.legs):
            begin_s = leg.latest_work_s(done_s)
            found.append((begin_s, done_s))
            done_s = self.latest_start_s(leg.drive_s, begin_s)
        return found[::-1]

    def drive_s(self, base_s: int, departs_s: int) -> int:
        """Return the seconds of a drive that begins at `departs_s`."""
        return base_s if self.hours is None else self.hours.drive_s(base_s, departs_s)

    def latest_start_s(self, base_s: int, arrives_s: int) -> int:
        """Return when a drive must begin at the latest to end by `arrives_s`."""
        if self.hours is None:
            return arrives_s - base_s
        return self.hours.latest_departure_s(base_s, arrives_s)

    def with_legs(self, legs: tuple[Leg, ...]) -> "Day":
        """Return the day with other legs."""
        return replace(self, legs=legs)

    def _back_by(self, back_by_s: int) -> "Day":
        home = self.legs[-1]
        if back_by_s >= home.closes_s:
            return self
        return self.with_legs((*self.legs[:-1], home._replace(closes_s=back_by_s)))

    def _turning_points(self, best: Times, soonest: list[Reading]) -> Iterator[int]:
        """Departures at which leaving earlier, or later, stops paying."""
        is_late = False
        for place, (leg, reading) in enumerate(zip(self.legs, best.readings, strict=True)):
            if leg.stop is not None and leg.stop.lateness_fen(reading.start_s):
                is_late = True
                # By then it begins when it should, or as early as it can.
                on_time_s = max(leg.stop.prefers_until_s, soonest[place].start_s)
                yield self.latest_departure_s(place + 1, on_time_s + leg.service_s)
        if self.hours is None:
            return
        last_s = self.latest_departure_s(len(self.legs), UNBOUNDED_S)
        for departs_s in self._traffic_turns(self.hours):
            if departs_s <= last_s and (is_late or departs_s > best.departs_s):
                yield departs_s

    def _traffic_turns(self, hours: Hours) -> Iterator[int]:
        """Departures at which a drive begins when roads empty or ends when they fill."""
        for (_, before), (at_s, after) in pairwise(hours.percents):
            for place, leg in enumerate(self.legs):
                if not leg.drive_s:
                    continue
                turn_s = at_s
                if after > before:
                    turn_s = self.latest_start_s(leg.drive_s, at_s)
                yield self.latest_departure_s(place, turn_s)


def _due_s(leg: Leg, reading: Reading) -> int:
    """Return the time that `closes_s` bounds."""
    return reading.arrive_s if leg.kind is LegKind.GIVEN_DEPARTURE else reading.start_s
