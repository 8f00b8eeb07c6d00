"""The audit log read: by who, what, which thing and when, page after page.

Pages go on from a place in the log and not from a number, so that the last
page of a million events is as near as the first, and none moves while people
go on working.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from leaders.models.accounts import User
from leaders.models.audit import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events; what is empty leaves the choice open.

    `actor` is a log-in's name, `since` and `until` are local days, both
    included, `is_borrowed` keeps what was done under borrowed rights.
    """

    actor: str = ""
    action: str = ""
    kind: str = ""
    which: str = ""
    since: date | None = None
    until: date | None = None
    is_borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log; written as `<microseconds>-<id>` in addresses."""

    at: datetime
    event_id: int

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read a place from an address; None for what is none."""
        micros, _dash, event_id = text.partition("-")
        if not (
            micros.isascii() and micros.isdigit() and event_id.isascii() and event_id.isdigit()
        ):
            return None
        if len(micros) > 17 or len(event_id) > 18:
            return None
        at = datetime.fromtimestamp(0, tz=timezone.get_fixed_timezone(0)) + timedelta(
            microseconds=int(micros)
        )
        return cls(at, int(event_id))

    def __str__(self) -> str:
        epoch = datetime.fromtimestamp(0, tz=timezone.get_fixed_timezone(0))
        return f"{(self.at - epoch) // timedelta(microseconds=1)}-{self.event_id}"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some events, newest first; `next_place` leads to older ones, or is None."""

    events: Sequence[AuditEvent]
    next_place: Place | None


def audit_events(chosen: AuditFilter) -> QuerySet[AuditEvent]:
    """The events of a filter with who did them, newest first."""
    events = AuditEvent.objects.select_related("actor", "elevation")
    if chosen.actor:
        # Asked apart: only for a key does the database know which index to read by.
        user_id = User.objects.filter(username=chosen.actor).values_list("pk", flat=True).first()
        events = events.filter(actor=user_id) if user_id is not None else events.none()
    named = {
        "action": chosen.action,
        "object_type": chosen.kind,
        "object_id": chosen.which,
    }
    events = events.filter(**{name: value for name, value in named.items() if value})
    if chosen.since is not None:
        events = events.filter(at__gte=_begin(chosen.since))
    if chosen.until is not None:
        events = events.filter(at__lt=_begin(chosen.until + timedelta(days=1)))
    if chosen.is_borrowed:
        events = events.filter(elevation__isnull=False)
    return events.order_by("-at", "-pk")


def audit_page(chosen: AuditFilter, *, after: Place | None, size: int) -> AuditPage:
    """A page of events, in one query and one for the log-in that was asked for."""
    events = audit_events(chosen)
    if after is not None:
        # The first condition is what the index is read by.
        events = events.filter(at__lte=after.at).filter(
            Q(at__lt=after.at) | Q(pk__lt=after.event_id)
        )
    found = list(events[: size + 1])
    shown = found[:size]
    has_more = len(found) > size
    return AuditPage(shown, Place(shown[-1].at, shown[-1].pk) if has_more else None)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
