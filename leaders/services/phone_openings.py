"""Looking at the whole phone number of an applicant or a leader, which is written down."""

from datetime import datetime

from django.db import transaction

from leaders.domain.phones import mask_phone
from leaders.models.accounts import User
from leaders.models.applications import LeaderApplication
from leaders.models.leaders import Leader
from leaders.services.audit import audit


@transaction.atomic
def phone_open(*, about: Leader | LeaderApplication, actor: User, now: datetime) -> str:
    """Return the number, and note who looked at it."""
    what = "leader" if isinstance(about, Leader) else "application"
    audit(
        action=f"{what}.phone_opened",
        about=about,
        actor=actor,
        now=now,
        facts={"phone": mask_phone(about.phone)},
    )
    return about.phone
