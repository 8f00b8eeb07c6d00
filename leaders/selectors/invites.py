"""Invite codes: unused ones, and what became of the others."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.models.invites import InviteCode
from leaders.models.leaders import Leader


def invites_open(now: datetime) -> QuerySet[InviteCode]:
    """Codes that somebody may still apply with."""
    return InviteCode.objects.filter(application__isnull=True, expires_at__gt=now)


def invites_newest_first() -> QuerySet[InviteCode]:
    """All codes with their inviter and the application they brought."""
    return InviteCode.objects.select_related("inviter", "made_by", "application__leader").order_by(
        "-pk"
    )


def invites_of(leader: Leader) -> QuerySet[InviteCode]:
    """A leader's own codes, newest first."""
    return invites_newest_first().filter(inviter=leader)
