"""Pickup points of working leaders: one more, from hand to hand, and closed."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from leaders.domain.coordinates import Place
from leaders.errors import PointRefused
from leaders.models.accounts import User
from leaders.models.care import Substitution
from leaders.models.communities import Community
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from leaders.selectors.leaders import WORKING_STATES
from leaders.services.audit import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDetails:
    """A place of a leader who runs others already; the place is WGS-84."""

    community_name: str
    district: str
    address: str
    place: Place
    opens_at: time
    closes_at: time


@transaction.atomic
def point_open(*, leader: Leader, details: PointDetails, actor: User, now: datetime) -> PickupPoint:
    """Add a pickup point to a leader; one person may run several.

    Raises `PointRefused` if the leader does not work.
    """
    # The next number of this leader's points is taken under the leader's row.
    locked = Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    if locked.state not in WORKING_STATES:
        raise PointRefused(_("This leader does not work at the moment."))
    community, _created = Community.objects.get_or_create(
        name=details.community_name, district=details.district
    )
    point = PickupPoint.objects.create(
        code=_next_code(locked),
        leader=locked,
        community=community,
        name=_("%(community)s pickup point") % {"community": community.name},
        address=details.address,
        lng=details.place.lng,
        lat=details.place.lat,
        opens_at=details.opens_at,
        closes_at=details.closes_at,
    )
    audit(action="point.opened", about=locked, actor=actor, now=now, facts={"point": point.code})
    return point


@transaction.atomic
def point_hand_over(
    *, point: PickupPoint, to: Leader, reason: str, actor: User, now: datetime
) -> None:
    """Give a point to another leader from now on; residents keep the leader they have.

    What is delivered from now on is minded by the new leader. Raises
    `PointRefused` if that leader has it already, or does not work.
    """
    locked = PickupPoint.objects.select_for_update(no_key=True).get(pk=point.pk)
    if locked.leader_id == to.pk:
        raise PointRefused(_("This leader runs the point already."))
    if to.state not in WORKING_STATES:
        raise PointRefused(_("This leader does not work at the moment."))
    before = locked.leader
    PickupPoint.objects.filter(pk=point.pk).update(leader=to)
    substitutions_stop(Substitution.objects.filter(pickup_point=point, substitute=to), now)
    facts = {"point": locked.code, "from": before.code, "to": to.code}
    for action, about in (
        ("point.handed_over", locked),
        ("point.handed_over", before),
        ("point.received", to),
    ):
        audit(action=action, about=about, actor=actor, now=now, facts=facts, reason=reason)


@transaction.atomic
def point_close(*, point: PickupPoint, reason: str, actor: User, now: datetime) -> None:
    """Take a point out of business; nothing more can be ordered to it.

    Raises `PointRefused` if it is closed.
    """
    if not PickupPoint.objects.filter(pk=point.pk, is_open=True).update(is_open=False):
        raise PointRefused(_("This point is closed already."))
    for about in (point, point.leader):
        audit(
            action="point.closed",
            about=about,
            actor=actor,
            now=now,
            facts={"point": point.code},
            reason=reason,
        )


def substitutions_stop(substitutions: QuerySet[Substitution], now: datetime) -> None:
    """End what holds or would hold from today on, in the caller's transaction."""
    today = timezone.localdate(now)
    substitutions.filter(ended_on__isnull=True, until_date__gte=today).update(ended_on=today)


def _next_code(leader: Leader) -> str:
    """The leader's code with the first number that no point has."""
    taken = set(
        PickupPoint.objects.filter(code__startswith=f"{leader.code}-").values_list(
            "code", flat=True
        )
    )
    number = 2
    while f"{leader.code}-{number}" in taken:
        number += 1
    return f"{leader.code}-{number}"
