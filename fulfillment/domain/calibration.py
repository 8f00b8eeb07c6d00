"""What driven legs say about the roads: how much longer, how fast, and how by the hour.

The method and its figures are in ``docs/algorithms/travel.md``. Every figure is
a median: a pause on the way, a gate that would not open or a phone that was
tapped too late moves none of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from fulfillment.route_errors import CalibrationNotPossible

HOURS = 24
HOUR_S = 3_600
ALL_ALIKE = 100

# Fewer legs than these say nothing, of the roads or of one hour.
LEAST_LEGS = 30
LEAST_LEGS_AN_HOUR = 8
# An hour's own median counts as much as the whole day's at so many legs.
LEGS_HALFWAY = 20

# A shorter leg is parking and gates; outside the speeds, along the straight
# line, somebody paused or tapped too late.
SHORTEST_M = 300
SLOWEST_M_PER_H, FASTEST_M_PER_H = 3_000, 90_000

# What roads of a city can be like.
ROAD_FACTOR_PERCENTS = (100, 250)
SPEEDS_M_PER_H = (5_000, 80_000)
HOUR_PERCENTS = (40, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenLeg:
    """One drive from a door to the next.

    Parameters
    ----------
    straight_m
        Geodesic between the two places.
    drive_s
        From leaving the one to arriving at the other.
    left_s
        Local second of the day at which it began.
    road_m, road_s
        What a road service says about the same leg; None where none was asked.
    """

    straight_m: float
    drive_s: int
    left_s: int
    road_m: int | None = None
    road_s: int | None = None

    @property
    def is_plausible(self) -> bool:
        """Whether somebody simply drove."""
        if self.drive_s <= 0 or self.straight_m < SHORTEST_M:
            return False
        return SLOWEST_M_PER_H <= self.straight_m * HOUR_S / self.drive_s <= FASTEST_M_PER_H


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The roads around a warehouse, as its drivers have found them.

    `hour_percents` are pairs of a second of the day and what a drive then
    takes, per cent of the estimate or of the road service's duration; empty
    when every hour is alike.
    """

    road_factor_percent: int
    speed_m_per_h: int
    hour_percents: tuple[tuple[int, int], ...]
    legs: int


def calibrate(legs: Iterable[DrivenLeg], *, road_factor_percent: int) -> Calibration:
    """Return what `legs` say; the present road factor stays where no road lengths are known.

    Where a road service gave durations, the hours are measured against them
    and carry the level, too: 130 at every hour where drives take 1.3 times what
    the service says. The speed is then what makes estimated drives, at these
    hours, take as long as those driven.

    Raises
    ------
    CalibrationNotPossible
        If fewer than `LEAST_LEGS` legs are plausible.
    """
    plausible = [leg for leg in legs if leg.is_plausible]
    if len(plausible) < LEAST_LEGS:
        raise CalibrationNotPossible(
            "Too few legs were driven to learn from.", legs=len(plausible), least=LEAST_LEGS
        )
    factor = _road_factor_percent(plausible, road_factor_percent)
    hours = _hour_percents(plausible)
    paces = [
        leg.drive_s * ALL_ALIKE / (hours[_hour(leg)] * leg.straight_m * factor / 100)
        for leg in plausible
    ]
    return Calibration(
        road_factor_percent=factor,
        speed_m_per_h=_within(HOUR_S / median(paces), SPEEDS_M_PER_H),
        hour_percents=_pairs(hours),
        legs=len(plausible),
    )


def _road_factor_percent(legs: Sequence[DrivenLeg], present: int) -> int:
    ratios = [leg.road_m / leg.straight_m for leg in legs if leg.road_m]
    if len(ratios) < LEAST_LEGS:
        return present
    return _within(100 * median(ratios), ROAD_FACTOR_PERCENTS)


def _hour_percents(legs: Sequence[DrivenLeg]) -> list[int]:
    """Return a per cent for each hour, of the service's durations or of the whole day's pace."""
    served = [leg for leg in legs if leg.road_s]
    if len(served) >= LEAST_LEGS:
        return _shrunk(served, lambda leg: 100 * leg.drive_s / (leg.road_s or leg.drive_s))
    pace = median(leg.drive_s / leg.straight_m for leg in legs)
    return _shrunk(legs, lambda leg: 100 * leg.drive_s / (leg.straight_m * pace))


def _shrunk(legs: Sequence[DrivenLeg], percent: Callable[[DrivenLeg], float]) -> list[int]:
    """Return the medians by the hour, drawn to the whole day's by what they do not know."""
    level = median(percent(leg) for leg in legs)
    by_hour: list[list[float]] = [[] for _ in range(HOURS)]
    for leg in legs:
        by_hour[_hour(leg)].append(percent(leg))
    found = []
    for of_hour in by_hour:
        count = len(of_hour) if len(of_hour) >= LEAST_LEGS_AN_HOUR else 0
        own = median(of_hour) if count else level
        drawn = (count * own + LEGS_HALFWAY * level) / (count + LEGS_HALFWAY)
        found.append(_within(drawn, HOUR_PERCENTS))
    return found


def _hour(leg: DrivenLeg) -> int:
    return leg.left_s // HOUR_S % HOURS


def _within(value: float, bounds: tuple[int, int]) -> int:
    lowest, highest = bounds
    return max(lowest, min(highest, round(value)))


def _pairs(hours: Sequence[int]) -> tuple[tuple[int, int], ...]:
    if all(percent == ALL_ALIKE for percent in hours):
        return ()
    return tuple(
        (hour * HOUR_S, percent)
        for hour, percent in enumerate(hours)
        if hour == 0 or percent != hours[hour - 1]
    )
