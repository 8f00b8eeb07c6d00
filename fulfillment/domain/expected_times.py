"""When a driver will be where, from the last word and the accepted plan.

The plan knows how long each drive and each unloading takes; the last word says
when the vehicle really was somewhere. What lies ahead keeps its planned
duration and moves with the delay, but nobody unloads before a point opens, so
waiting absorbs lateness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fulfillment.domain.arrival_window import arrival_window


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One stop as it is planned.

    Attributes
    ----------
    drive
        From the stop before, or from the warehouse, by the plan.
    opens_at
        Nobody is there earlier.
    service
        Unloading.
    planned_at
        When unloading starts by the plan; what the leader was told follows from it.
    is_ended
        Whether the driver is done there.
    arrived_at
        When the driver came, if already.
    """

    stop_id: int
    drive: timedelta
    opens_at: datetime
    service: timedelta
    planned_at: datetime
    is_ended: bool = False
    arrived_at: datetime | None = None


def expected_times(
    calls: Sequence[Call], *, on_the_way_since: datetime, now: datetime
) -> Mapping[int, datetime]:
    """Return stop → when its unloading is expected, for the stops not ended yet.

    Parameters
    ----------
    calls
        All stops of a trip in driving order.
    on_the_way_since
        When the vehicle left the last place it is known to have been at.
    now
        Nothing ahead can be expected earlier.

    Returns
    -------
    Mapping
        The stop where the driver stands keeps its arrival; stops that were
        passed by come next, in their order.
    """
    times = {}
    leaves_at = on_the_way_since
    here = [call for call in calls if call.arrived_at and not call.is_ended]
    ahead = [call for call in calls if not call.arrived_at and not call.is_ended]
    for call in here:
        starts_at = max(call.arrived_at or now, call.opens_at)
        times[call.stop_id] = starts_at
        leaves_at = max(leaves_at, starts_at + call.service, now)
    for call in ahead:
        starts_at = max(leaves_at + call.drive, call.opens_at, now)
        times[call.stop_id] = starts_at
        leaves_at = starts_at + call.service
    return times


def is_late(*, planned_at: datetime, expected_at: datetime, allowed: timedelta) -> bool:
    """Whether a stop comes more than `allowed` after the window that was announced."""
    return expected_at > arrival_window(planned_at).arrive_to + allowed
