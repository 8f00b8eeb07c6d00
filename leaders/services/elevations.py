"""Borrowed rights: taken with a reason and for minutes, given back or run out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from leaders.domain.elevations import MAY_BORROW, REASON_MIN, minutes_offered
from leaders.errors import ElevationRefused
from leaders.models.access import Elevation
from leaders.models.accounts import User
from leaders.selectors.access import elevation_of
from leaders.services.audit import audit


@transaction.atomic
def elevation_begin(
    *, user: User, role: str, reason: str, minutes: int, now: datetime
) -> Elevation:
    """Borrow the rights of a role from now on; they end by the clock.

    Raises
    ------
    ElevationRefused
        If this log-in may not borrow this role, while it borrows another,
        without a reason of `REASON_MIN` characters, or for a length nobody
        offers.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if role not in MAY_BORROW.get(locked.role, ()) or locked.is_superuser:
        raise ElevationRefused(_("These rights cannot be borrowed."))
    if len(reason.strip()) < REASON_MIN:
        raise ElevationRefused(_("Say why you need these rights."))
    if minutes not in minutes_offered(settings.ELEVATION_MINUTES_MAX):
        raise ElevationRefused(_("Rights are not borrowed for so long."))
    if elevation_of(locked) is not None:
        raise ElevationRefused(_("Give back first what you borrow now."))
    elevation = Elevation.objects.create(
        user=locked,
        role=role,
        reason=reason.strip(),
        begun_at=now,
        ends_at=now + timedelta(minutes=minutes),
    )
    audit(
        action="elevation.begun",
        about=elevation,
        actor=locked,
        now=now,
        facts={"role": role, "minutes": minutes},
        reason=elevation.reason,
    )
    return elevation


@transaction.atomic
def elevations_end(*, user: User, actor: User, now: datetime) -> int:
    """Give back what a log-in borrows; return how many elevations that ended."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    ended = 0
    for elevation in Elevation.objects.filter(user=user, ended_at=None, ends_at__gt=now):
        audit(action="elevation.ended", about=elevation, actor=actor, now=now)
        ended += Elevation.objects.filter(pk=elevation.pk).update(ended_at=now)
    return ended
