"""What the audit log knows of a leader's states."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader, LeaderState

SUSPENSIONS = ("leader.suspended", "leader.suspended_quiet")
RESUMPTION = "leader.resumed"


def state_before_suspension(leader: Leader) -> LeaderState:
    """The state a leader had when last suspended; trial where nobody wrote it down."""
    event = _events(leader).filter(action__in=SUSPENSIONS).order_by("-pk").first()
    known = event.facts.get("from") if event else None
    return LeaderState(known) if known in LeaderState.values else LeaderState.TRIAL


def resumed_since(since: datetime) -> frozenset[int]:
    """The keys of leaders who came back to work after a moment."""
    events = AuditEvent.objects.filter(action=RESUMPTION, at__gt=since)
    return frozenset(int(pk) for pk in events.values_list("object_id", flat=True))


def _events(leader: Leader) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(object_type="leader", object_id=str(leader.pk))
