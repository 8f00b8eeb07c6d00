"""The window a leader is told for a planned arrival."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A van is told to be up to a quarter of an hour early; half an hour late is
# where a leader starts to explain it to residents.
EARLY = timedelta(minutes=15)
LATE = timedelta(minutes=30)
STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ArrivalWindow:
    """From when until when to expect the van; both aware."""

    arrive_from: datetime
    arrive_to: datetime


def arrival_window(planned_at: datetime) -> ArrivalWindow:
    """Return the window around a planned arrival, on full five minutes.

    Parameters
    ----------
    planned_at
        When the plan starts to unload at the stop.

    Returns
    -------
    ArrivalWindow
        From a quarter of an hour before to half an hour after the plan, both
        rounded outwards, so the plan always lies inside.
    """
    latest = planned_at + LATE
    arrive_to = _floor(latest)
    if arrive_to < latest:
        arrive_to += STEP
    return ArrivalWindow(_floor(planned_at - EARLY), arrive_to)


def _floor(moment: datetime) -> datetime:
    into_step = timedelta(
        minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - into_step % STEP
