"""When a payment is asked about again, and when a refund is tried again.

Notices come late, twice or never; what is known of a payment comes from asking
in the end. The pauses are arguments of nobody: they are the provider's advice.
"""

from datetime import datetime, timedelta

# 15 s, 1 min and 5 min after the attempt began, then every 10 minutes.
_QUERY_PAUSES = (
    timedelta(seconds=15),
    timedelta(seconds=45),
    timedelta(minutes=4),
    timedelta(minutes=10),
)
# Whoever pays in the very last second is asked about after it.
_PAST_EXPIRY = timedelta(seconds=1)
_OVERDUE_PAUSE = timedelta(minutes=1)
_OVERDUE_SOON = timedelta(hours=1)

_REFUND_PAUSE = timedelta(minutes=1)
_REFUND_PAUSE_MAX = timedelta(hours=1)
_REFUND_DOUBLINGS_MAX = 10
# Half a day of tries; then a person has to look.
REFUND_ATTEMPTS_MAX = 12


def query_due_at(*, queries: int, expires_at: datetime, now: datetime) -> datetime:
    """Return when to ask about an unfinished payment again.

    Parameters
    ----------
    queries
        How often it has been asked about, 0 or more.
    expires_at
        The last moment at which it can be paid. From then on it is closed
        before it is asked about, so no pause reaches beyond it.
    now
        The present moment.

    Returns
    -------
    datetime
        Later than `now`. A payment that could not be closed at its expiry
        holds goods; it is tried every minute for an hour, then every ten.
    """
    if now > expires_at:
        is_soon = now - expires_at < _OVERDUE_SOON
        return now + (_OVERDUE_PAUSE if is_soon else _QUERY_PAUSES[-1])
    pause = _QUERY_PAUSES[min(queries, len(_QUERY_PAUSES) - 1)]
    return min(now + pause, expires_at + _PAST_EXPIRY)


def refund_due_at(*, attempts: int, now: datetime) -> datetime:
    """Return when a refund without an end is tried or asked about again.

    One minute after the first attempt, twice as long after each further one,
    at most an hour: a provider takes one refund of a payment a minute.
    """
    doublings = min(max(attempts - 1, 0), _REFUND_DOUBLINGS_MAX)
    return now + min(_REFUND_PAUSE * (1 << doublings), _REFUND_PAUSE_MAX)
