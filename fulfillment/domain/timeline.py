"""The day of a fleet as bars on a time axis: driving, waiting, unloading, reloading.

A pure projection of planned times. Positions are whole pixels from the left
edge of the axis, so the page needs no arithmetic and no style attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PX_PER_HOUR = 120
ROW_PX = 30
HEAD_PX = 28
LABEL_PX = 40


class BarKind(StrEnum):
    """What a vehicle does during a bar."""

    DRIVE = "drive"
    WAIT = "wait"
    UNLOAD = "unload"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """One stop of a trip; `title` is what the bar says when asked."""

    title: str
    arrive_at: datetime
    start_at: datetime
    depart_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTour:
    """One trip of a vehicle."""

    route_no: int
    departs_at: datetime
    returns_at: datetime
    visits: tuple[PlannedVisit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of time of one vehicle; `route_no` is empty between trips."""

    kind: BarKind
    x: int
    width: int
    route_no: int | None
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One vehicle's bars; `y` is the top of its row."""

    key: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """A full hour of the axis."""

    x: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All lanes on one axis from a full hour to a full hour."""

    lanes: tuple[Lane, ...]
    hours: tuple[Hour, ...]
    width: int
    height: int

    @property
    def svg_width(self) -> int:
        """With room for the label of the last hour."""
        return self.width + LABEL_PX

    @property
    def svg_height(self) -> int:
        """With the line of hours above the lanes."""
        return self.height + HEAD_PX


def fleet_timeline(
    tours_of: Sequence[tuple[str, Sequence[PlannedTour]]], reload: timedelta
) -> Timeline:
    """Lay out the tours of each vehicle.

    Parameters
    ----------
    tours_of
        Vehicle key and its tours in order of time, one entry per vehicle, in
        the order of the rows.
    reload
        How long reloading takes between two tours of a vehicle; what is left
        of the pause is waiting.

    Returns
    -------
    Timeline
        Lanes in the given order. Bars of a lane follow one another without a
        gap from the first departure to the last return; none has width 0.
    """
    tours = [tour for _key, given in tours_of for tour in given]
    if not tours:
        return Timeline(lanes=(), hours=(), width=0, height=0)
    first = _hour_floor(min(tour.departs_at for tour in tours))
    last = _hour_ceiling(max(tour.returns_at for tour in tours))
    hours = tuple(
        Hour(x=at * PX_PER_HOUR, at=first + timedelta(hours=at))
        for at in range(round((last - first) / timedelta(hours=1)) + 1)
    )
    lanes = tuple(
        Lane(key=key, y=row * ROW_PX, bars=_bars(given, reload, first))
        for row, (key, given) in enumerate(tours_of)
    )
    return Timeline(lanes=lanes, hours=hours, width=hours[-1].x, height=len(lanes) * ROW_PX)


def _bars(tours: Sequence[PlannedTour], reload: timedelta, origin: datetime) -> tuple[Bar, ...]:
    stretches: list[tuple[BarKind, datetime, datetime, int | None, str]] = []
    back_at: datetime | None = None
    for tour in tours:
        if back_at is not None:
            loaded_at = min(back_at + reload, tour.departs_at)
            stretches.append((BarKind.RELOAD, back_at, loaded_at, None, ""))
            stretches.append((BarKind.WAIT, loaded_at, tour.departs_at, None, ""))
        here = tour.departs_at
        for visit in tour.visits:
            no, title = tour.route_no, visit.title
            stretches.append((BarKind.DRIVE, here, visit.arrive_at, no, title))
            stretches.append((BarKind.WAIT, visit.arrive_at, visit.start_at, no, title))
            stretches.append((BarKind.UNLOAD, visit.start_at, visit.depart_at, no, title))
            here = visit.depart_at
        stretches.append((BarKind.DRIVE, here, tour.returns_at, tour.route_no, ""))
        back_at = tour.returns_at
    return tuple(_bar(stretch, origin) for stretch in stretches if stretch[1] < stretch[2])


def _bar(stretch: tuple[BarKind, datetime, datetime, int | None, str], origin: datetime) -> Bar:
    kind, starts_at, ends_at, route_no, title = stretch
    x = _px(starts_at - origin)
    return Bar(
        kind=kind,
        x=x,
        width=max(1, _px(ends_at - origin) - x),
        route_no=route_no,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def _px(span: timedelta) -> int:
    return round(span / timedelta(hours=1) * PX_PER_HOUR)


def _hour_floor(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _hour_ceiling(moment: datetime) -> datetime:
    floor = _hour_floor(moment)
    return floor if floor == moment else floor + timedelta(hours=1)
