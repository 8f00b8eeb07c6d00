"""When the figures of a campaign are added up: after its day, and while they still change."""

from datetime import datetime, timedelta

# Most refunds and claims come within two days; what comes later can wait for the night.
FRESH = timedelta(days=2)
FRESH_PAUSE = timedelta(hours=1)
LATER_PAUSE = timedelta(hours=12)


def figures_are_due(
    *, over_at: datetime, added_up_at: datetime | None, settled: timedelta, now: datetime
) -> bool:
    """Whether to add up a campaign now.

    Parameters
    ----------
    over_at
        When its delivery date ended.
    added_up_at
        When it was added up last; None if never.
    settled
        How long after its day refunds, claims and commission may still change it.

    Returns
    -------
    bool
        True once it is over and was never added up; again every hour for two
        days, then every half day, and a last time when it is settled.
    """
    settled_at = over_at + settled
    if now < over_at:
        return False
    if added_up_at is None:
        return True
    if added_up_at >= settled_at:
        return False
    pause = FRESH_PAUSE if now < over_at + FRESH else LATER_PAUSE
    return now >= settled_at or now - added_up_at >= pause
