"""Follow-ups: one contact with a leader or an applicant, and when the next is due."""

from datetime import date, datetime, timedelta

from django.db import transaction

from leaders.models.accounts import User
from leaders.models.applications import LeaderApplication
from leaders.models.care import FollowUp
from leaders.models.leaders import Leader

# The same words about the same person within this time are one click too many.
SAME_WITHIN = timedelta(minutes=10)


@transaction.atomic
def follow_up_add(
    *,
    about: Leader | LeaderApplication,
    note: str,
    next_on: date | None,
    actor: User,
    now: datetime,
) -> FollowUp:
    """Write down what was said, and the day of the next contact if one was agreed.

    Sent twice by an impatient finger, it is kept once.
    """
    # Two requests at once meet here.
    type(about)._default_manager.select_for_update(no_key=True).get(pk=about.pk)
    known = about.follow_ups.filter(
        note=note, next_on=next_on, made_by=actor, made_at__gt=now - SAME_WITHIN
    ).first()
    return known or about.follow_ups.create(note=note, next_on=next_on, made_by=actor, made_at=now)
