"""What a leader posted today."""

from datetime import datetime, time

from django.conf import settings
from django.utils import timezone

from fulfillment.domain.push_restraint import REPEATED_WITHIN, Push, Restraint
from leaders.models.leaders import Leader
from orders.models.kit import Post, PostKind

# Winning one neighbour back is a word between two; it floods no group.
GROUP_KINDS = tuple(kind for kind in PostKind if kind is not PostKind.WIN_BACK)


def pushes_lately(leader: Leader, now: datetime) -> tuple[Push, ...]:
    """Pushes of today, and those of the last two hours should midnight lie between."""
    since = min(_day_start(now), now - REPEATED_WITHIN)
    rows = Post.objects.filter(leader=leader, posted_at__range=(since, now)).order_by("pk")
    return tuple(
        Push(kind, campaign, at)
        for kind, campaign, at in rows.values_list("kind", "campaign", "posted_at")
    )


def restraint_of(leader: Leader, now: datetime) -> Restraint:
    """How much a leader's group has heard today, in one query."""
    start = _day_start(now)
    pushes = sum(
        push.at >= start and push.kind in GROUP_KINDS for push in pushes_lately(leader, now)
    )
    return Restraint(pushes=pushes, most=settings.LEADER_PUSHES_PER_DAY)


def _day_start(now: datetime) -> datetime:
    day = timezone.localdate(now)
    return timezone.make_aware(datetime.combine(day, time.min))
