"""Where a driver's breaks go: the placement that harms a day least.

Every place is tried that the rule allows (`rules.Break`): at each door before
and after unloading, at the depot between trips and before the first departure,
and the two ways of owing no break at all, leaving late and being back early.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple

from fulfillment.routing.day_times import Day, Leg, LegKind, Reading, Times
from fulfillment.routing.problem import UNBOUNDED_S, Vehicle
from fulfillment.routing.rules import Break


class _Spot(NamedTuple):
    """Before or after the work of a leg."""

    place: int
    is_after: bool


def place_breaks(day: Day, free: Times) -> Times | None:
    """Return the cheapest times with every due break in it.

    None if a day that is as punctual as `free`, the best times without breaks,
    has no room for them. Of equal places the earlier is taken.
    """
    if not _due(day.vehicle, day.vehicle.breaks, free):
        return free
    best: Times | None = None
    for times in _options(day, free):
        if best is None or _rank(times) < _rank(best):
            best = times
        if _rank(best) <= _rank(free):
            # No break makes a day better than it is without.
            return best
    return best if best is not None and best.late_s <= free.late_s else None


def _rank(times: Times) -> tuple[int, int]:
    return times.late_s, times.cost_fen


def _options(day: Day, free: Times) -> Iterator[Times]:
    """Break in the day what lies between those before it and those after it."""
    breaks = day.vehicle.breaks
    for first in range(len(breaks) + 1):
        # With no break before it, a departure that is given may be before the shift.
        ready_s = _ready_s(day.vehicle, breaks[:first]) if first else 0
        if first and day.vehicle.back_s is not None:
            break
        for last in range(first, len(breaks) + 1):
            back_by_s = min((due.until_s for due in breaks[last:]), default=UNBOUNDED_S)
            for legs in _placed(day, free, breaks[first:last]):
                times = day.with_legs(legs).best(ready_s, back_by_s)
                if _is_kept(day.vehicle, times, ready_s, back_by_s, breaks[first:last]):
                    yield _with_pauses(day.vehicle, times, breaks[:first])


def _is_kept(
    vehicle: Vehicle, times: Times, ready_s: int, back_by_s: int, placed: Sequence[Break]
) -> bool:
    if times.departs_s < ready_s or times.returns_s > back_by_s:
        return False
    free_s = 0
    for leg, reading in zip(times.legs, times.readings, strict=True):
        if leg.kind is LegKind.GIVEN_DEPARTURE and reading.start_s < free_s:
            return False
        if leg.kind in (LegKind.BREAK, LegKind.BREAK_ON_ARRIVAL):
            free_s = reading.depart_s
            if leg.is_late(reading):
                return False
    return len(_due(vehicle, placed, times)) == len(placed)


def _due(vehicle: Vehicle, breaks: Sequence[Break], times: Times) -> list[Break]:
    """Return those that find the vehicle away at their latest start."""
    out_s = times.departs_s if vehicle.back_s is None else vehicle.back_s
    return [due for due in breaks if out_s < due.until_s < times.returns_s]


def _ready_s(vehicle: Vehicle, breaks: Sequence[Break]) -> int:
    """Return when a vehicle may leave with none of `breaks` due on the way: taken or too late."""
    ready_s = taken_s = vehicle.shift_start_s
    for due in breaks:
        starts_s = max(taken_s, due.from_s)
        if starts_s > due.until_s:
            ready_s = max(ready_s, due.until_s)
            continue
        taken_s = starts_s + due.duration_s
        ready_s = max(ready_s, min(taken_s, due.until_s))
    return ready_s


def _with_pauses(vehicle: Vehicle, times: Times, breaks: Sequence[Break]) -> Times:
    """Return the times with the breaks taken before the departure, one after the other."""
    pauses: list[tuple[int, int]] = []
    free_s = vehicle.shift_start_s
    for due in _due(vehicle, breaks, times):
        starts_s = max(free_s, due.from_s)
        free_s = starts_s + due.duration_s
        pauses.append((starts_s, free_s))
    return replace(times, pauses=tuple(pauses)) if pauses else times


def _placed(day: Day, free: Times, breaks: Sequence[Break]) -> Iterator[tuple[Leg, ...]]:
    """Yield the legs with `breaks` in every order of spots that time could allow."""
    if not breaks:
        yield day.legs
        return
    given_s = day.given_departure_s
    soonest = day.readings(day.vehicle.shift_start_s if given_s is None else given_s)
    # A day that is late anyway has no deadlines left to keep.
    deadlines = None if free.late_s else day.deadlines()
    fitting = [
        [spot for spot in _spots(day.legs) if _fits(due, spot, soonest, deadlines)]
        for due in breaks
    ]
    for chosen in product(*fitting):
        if all(before <= after for before, after in pairwise(chosen)):
            yield _insert(day.legs, chosen, breaks)


def _fits(
    due: Break,
    spot: _Spot,
    soonest: Sequence[Reading],
    deadlines: Sequence[tuple[int, int]] | None,
) -> bool:
    reading = soonest[spot.place]
    free_s = reading.depart_s if spot.is_after else reading.arrive_s
    ends_s = max(free_s, due.from_s) + due.duration_s
    if free_s > due.until_s:
        return False
    return deadlines is None or ends_s <= deadlines[spot.place][spot.is_after]


def _spots(legs: Sequence[Leg]) -> Iterator[_Spot]:
    """Yield the places where a vehicle stands, in order; after its last return it is off duty."""
    for place, leg in enumerate(legs):
        if leg.kind is LegKind.GIVEN_DEPARTURE:
            continue
        if place + 1 < len(legs):
            yield _Spot(place, is_after=False)
            yield _Spot(place, is_after=True)


def _insert(
    legs: Sequence[Leg], spots: Sequence[_Spot], breaks: Sequence[Break]
) -> tuple[Leg, ...]:
    found: list[Leg] = []
    for place, leg in enumerate(legs):
        before = [b for s, b in zip(spots, breaks, strict=True) if s == (place, False)]
        after = [b for s, b in zip(spots, breaks, strict=True) if s == (place, True)]
        drive_s = leg.drive_s
        for due in before:
            found.append(_leg(LegKind.BREAK_ON_ARRIVAL, due, leg.node, drive_s))
            drive_s = 0
        found.append(leg._replace(drive_s=drive_s) if before else leg)
        found.extend(_leg(LegKind.BREAK, due, leg.node, 0) for due in after)
    return tuple(found)


def _leg(kind: LegKind, due: Break, node: int, drive_s: int) -> Leg:
    return Leg(
        kind=kind,
        node=node,
        drive_s=drive_s,
        opens_s=due.from_s,
        closes_s=due.until_s,
        service_s=due.duration_s,
    )
