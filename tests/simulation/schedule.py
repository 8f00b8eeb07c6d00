"""The tick of the schedule for worlds whose clock is their own."""

from collections.abc import Mapping
from datetime import datetime

from django.core.cache import cache

from fulfillment.services.advance import due_work_begin, due_work_outward


class PartFailed(AssertionError):
    """A part of the schedule ended with an error, which the schedule itself survives."""


def advance(*, now: datetime) -> Mapping[str, int]:
    """Do everything that is due at this moment; raise `PartFailed` where a part did not work."""
    cache.clear()  # it keeps pauses by the real clock
    works = [due_work_begin(now=now), due_work_outward(clock=lambda: now)]
    if failed := [part for work in works for part in work.failed]:
        raise PartFailed(", ".join(failed))
    return {name: count for work in works for name, count in work.figures.items() if count}
