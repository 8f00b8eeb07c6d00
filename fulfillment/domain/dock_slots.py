"""The slots in which a supplier may be at the dock, through the night."""

from datetime import time

STEP_MINUTES = 30
DAY_MINUTES = 24 * 60


def dock_slots(opens: time, closes: time) -> list[time]:
    """Return the starts of all half-hour slots from opening to closing time.

    A dock that closes before it opens is open over midnight; one that closes
    when it opens is open all day. The slots come in the order of the night.
    """
    first = opens.hour * 60 + opens.minute
    span = (closes.hour * 60 + closes.minute - first) % DAY_MINUTES or DAY_MINUTES
    starts = range(first, first + span, STEP_MINUTES)
    return [time(minute // 60 % 24, minute % 60) for minute in starts]
