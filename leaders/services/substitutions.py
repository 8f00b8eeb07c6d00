"""Substitution (代班): another leader minds a pickup point for some days."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from leaders.domain.crashpoints import crashpoint
from leaders.errors import SubstitutionOver, SubstitutionRefused
from leaders.models.accounts import User
from leaders.models.care import Substitution
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from leaders.selectors.leaders import WORKING_STATES
from leaders.services.audit import audit


@dataclass(frozen=True, slots=True)
class Days:
    """A span of local days; both ends belong to it."""

    first: date
    last: date


@transaction.atomic
def substitution_make(
    *,
    point: PickupPoint,
    substitute: Leader,
    days: Days,
    actor: User,
    now: datetime,
    reason: str = "",
) -> Substitution:
    """Let another leader mind a point for some days.

    The point stays its leader's, and so does what is earned on its orders.

    Raises `SubstitutionRefused` for days that are over or in the wrong order,
    for the point's own leader or one who does not work, and for days on which
    somebody else minds the point already.
    """
    # Two who ask for the same days meet here; there is no constraint on spans.
    locked = PickupPoint.objects.select_for_update().get(pk=point.pk)
    _refuse_days(days, now)
    if substitute.pk == locked.leader_id:
        raise SubstitutionRefused(_("This leader minds the point anyway."))
    if substitute.state not in WORKING_STATES:
        raise SubstitutionRefused(_("This leader does not work at the moment."))
    if _overlapping(locked, days).exists():
        raise SubstitutionRefused(_("Somebody minds this point on one of these days already."))
    crashpoint("substitution.checked")
    substitution = Substitution.objects.create(
        pickup_point=locked,
        substitute=substitute,
        from_date=days.first,
        until_date=days.last,
        reason=reason,
        made_by=actor,
        made_at=now,
    )
    audit(
        action="substitution.made",
        about=substitution,
        actor=actor,
        now=now,
        facts={
            "point": locked.code,
            "leader_id": locked.leader_id,
            "substitute": substitute.code,
            "from": days.first.isoformat(),
            "until": days.last.isoformat(),
        },
        reason=reason,
    )
    return substitution


@transaction.atomic
def substitution_end(*, substitution_id: int, actor: User, now: datetime) -> None:
    """End a substitution today; the row stays and says from when it no longer held.

    Raises `SubstitutionOver` if it has ended before.
    """
    today = timezone.localdate(now)
    changed = Substitution.objects.filter(
        pk=substitution_id, ended_on__isnull=True, until_date__gte=today
    ).update(ended_on=today)
    if not changed:
        raise SubstitutionOver(_("This substitution is over already."))
    substitution = Substitution.objects.get(pk=substitution_id)
    audit(
        action="substitution.ended",
        about=substitution,
        actor=actor,
        now=now,
        facts={"point_id": substitution.pickup_point_id, "ended_on": today.isoformat()},
    )


def _refuse_days(days: Days, now: datetime) -> None:
    if days.first > days.last:
        raise SubstitutionRefused(_("The first day lies after the last."))
    if days.last < timezone.localdate(now):
        raise SubstitutionRefused(_("These days are over."))


def _overlapping(point: PickupPoint, days: Days) -> QuerySet[Substitution]:
    """Substitutions of a point that hold on one of these days."""
    return Substitution.objects.filter(
        Q(ended_on__isnull=True) | (Q(ended_on__gt=days.first) & Q(ended_on__gt=F("from_date"))),
        pickup_point=point,
        from_date__lte=days.last,
        until_date__gte=days.first,
    )
