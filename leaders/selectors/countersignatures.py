"""Deeds that wait for a second person, and those that had their answer."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature, CountersignatureState


def countersignatures_of(deeds: Collection[str]) -> QuerySet[Countersignature]:
    """All of these deeds with who asked and who decided, newest first."""
    rows = Countersignature.objects.filter(deed__in=deeds)
    return rows.select_related("asked_by", "decided_by").order_by("-pk")


def countersignatures_to_sign(
    deeds: Collection[str], *, by: User, now: datetime
) -> QuerySet[Countersignature]:
    """What somebody may sign now, what lapses first on top; never what they asked for."""
    waiting = countersignatures_of(deeds).filter(
        state=CountersignatureState.WAITING, lapses_at__gt=now
    )
    return waiting.exclude(asked_by=by).order_by("lapses_at", "pk")


def countersignatures_asked(deeds: Collection[str], *, by: User) -> QuerySet[Countersignature]:
    """What somebody asked for and nobody has decided, newest first."""
    return countersignatures_of(deeds).filter(state=CountersignatureState.WAITING, asked_by=by)


def countersignatures_decided(deeds: Collection[str]) -> QuerySet[Countersignature]:
    """What is over: signed, refused or lapsed, newest first."""
    return countersignatures_of(deeds).exclude(state=CountersignatureState.WAITING)
