"""When each step of a day happens, for a day that is played instead of lived.

A played day uses the moments of the day itself, so that playing it again
writes the same rows. The moments follow the settled timetable: orders are
written five minutes after the freeze, the dock closes at 04:30, refunds and
routes are ready before the first truck is loaded.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fulfillment.domain.cutoff_run import Step

AFTER_FREEZE = {Step.FREEZE: timedelta(0), Step.PURCHASE: timedelta(minutes=5)}
ON_DELIVERY_DATE = {
    Step.RECEIVE: time(4, 30),
    Step.ALLOCATE: time(4, 35),
    Step.REFUND: time(4, 40),
    Step.COMMISSION: time(4, 45),
    Step.SORT: time(4, 50),
    Step.ROUTE: time(4, 55),
    Step.PRINT: time(5, 0),
    Step.CHECK: time(5, 5),
}


def moment_of(step: Step, *, freeze_at: datetime, delivery_date: date, zone: ZoneInfo) -> datetime:
    """Return the aware moment at which a played day takes this step."""
    if step in AFTER_FREEZE:
        return freeze_at + AFTER_FREEZE[step]
    return datetime.combine(delivery_date, ON_DELIVERY_DATE[step], tzinfo=zone)
