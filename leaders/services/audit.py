"""The only writer of the audit log."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Model
from structlog.contextvars import get_contextvars

from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.selectors.access import elevation_of

REQUEST_ID_LENGTH = 40


def audit(
    *,
    action: str,
    about: Model,
    actor: User | None,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write down a deed; call it in the transaction of the deed.

    Rights that the actor borrows at this moment are written down with it.

    Parameters
    ----------
    action
        What was done, as `<thing>.<verb>`: `application.contacted`.
    about
        The row it was done to; its model and key are written down.
    actor
        None for the platform itself, or somebody without a log-in.
    facts
        Plain values; ids and masked values only, never a name or a number.
    """
    return AuditEvent.objects.create(
        at=now,
        actor=actor,
        action=action,
        object_type=str(about._meta.model_name),
        object_id=str(about.pk),
        facts=dict(facts or {}),
        reason=reason,
        elevation=elevation_of(actor) if actor is not None else None,
        request_id=_request_id(),
    )


def _request_id() -> str:
    """The id under which this request stands in the logs; empty outside of requests."""
    return str(get_contextvars().get("request_id", ""))[:REQUEST_ID_LENGTH]
