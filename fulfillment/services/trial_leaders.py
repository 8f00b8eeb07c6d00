"""Leaders on trial who sell nothing: suspended by the clock, never deleted."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from leaders.errors import LeaderElsewhere
from leaders.models.leaders import Leader, LeaderState
from leaders.selectors.leader_history import resumed_since
from leaders.services.leader_states import leader_move
from orders.models.orders import Order
from orders.selectors.period_sales import SOLD_STATES


def trial_leaders_suspend_due(*, now: datetime) -> int:
    """Suspend every leader whose trial has gone without an order for too long; return how many.

    The days count from joining, or from coming back to work.
    """
    since = now - timedelta(days=settings.TRIAL_QUIET_DAYS)
    sold = Order.objects.filter(leader=OuterRef("pk"), state__in=SOLD_STATES, paid_at__gt=since)
    quiet = (
        Leader.objects.filter(~Exists(sold), state=LeaderState.TRIAL, joined_at__lte=since)
        .exclude(pk__in=resumed_since(since))
        .order_by("pk")
    )
    return sum(_suspend(leader, now) for leader in quiet)


def _suspend(leader: Leader, now: datetime) -> bool:
    """Suspend one; somebody who was faster with this leader knows better."""
    try:
        with transaction.atomic():
            leader_move(
                leader=leader,
                to=LeaderState.SUSPENDED,
                action="leader.suspended_quiet",
                actor=None,
                now=now,
                reason="",
            )
    except LeaderElsewhere:
        return False
    return True
