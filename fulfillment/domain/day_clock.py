"""When each step of a day happens, for a day that is played instead of lived.

A played day uses the moments of the day itself, so that playing it again
writes the same rows. The moments follow the settled timetable: orders are
written five minutes after the freeze, the dock closes at 04:30, routes are
ready and shortages refunded before the first truck is loaded.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from fulfillment.domain.cutoff_run import Step

AFTER_FREEZE = {Step.FREEZE: timedelta(0), Step.PURCHASE: timedelta(minutes=5)}
ON_DELIVERY_DATE = {
    Step.RECEIVE: time(4, 30),
    Step.ALLOCATE: time(4, 35),
    Step.SORT: time(4, 40),
    Step.ROUTE: time(4, 45),
    Step.PRINT: time(4, 50),
    Step.REFUND: time(4, 55),
    Step.COMMISSION: time(5, 0),
    Step.CHECK: time(5, 5),
}
# Where no route is planned nothing departs; shortages are final as if one did.
DEPARTS_WITHOUT_ROUTES = time(6, 0)


def shortages_final_moment(
    *,
    first_departure: datetime | None,
    delivery_date: date,
    zone: tzinfo,
    lead: timedelta,
) -> datetime:
    """Return when shortages become final by themselves: a lead before the first truck leaves.

    Parameters
    ----------
    first_departure
        The earliest planned departure of the run; None if nothing is routed.
    delivery_date, zone
        The day and place of the delivery, for a run without routes.
    lead
        How long before the departure residents are to know.
    """
    departure = first_departure or datetime.combine(
        delivery_date, DEPARTS_WITHOUT_ROUTES, tzinfo=zone
    )
    return departure - lead


def moment_of(step: Step, *, freeze_at: datetime, delivery_date: date, zone: ZoneInfo) -> datetime:
    """Return the aware moment at which a played day takes this step."""
    if step in AFTER_FREEZE:
        return freeze_at + AFTER_FREEZE[step]
    return datetime.combine(delivery_date, ON_DELIVERY_DATE[step], tzinfo=zone)
