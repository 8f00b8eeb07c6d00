"""Follow-ups: one contact with a leader or an applicant, and when the next is due."""

from datetime import date, datetime

from django.db import transaction

from leaders.models.accounts import User
from leaders.models.applications import LeaderApplication
from leaders.models.care import FollowUp
from leaders.models.leaders import Leader


@transaction.atomic
def follow_up_add(
    *,
    about: Leader | LeaderApplication,
    note: str,
    next_on: date | None,
    actor: User,
    now: datetime,
) -> FollowUp:
    """Write down what was said, and the day of the next contact if one was agreed."""
    return FollowUp.objects.create(
        leader=about if isinstance(about, Leader) else None,
        application=about if isinstance(about, LeaderApplication) else None,
        note=note,
        next_on=next_on,
        made_by=actor,
        made_at=now,
    )
