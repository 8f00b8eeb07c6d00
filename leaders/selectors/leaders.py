"""Leaders as the acting user may see them."""

from leaders.domain.phones import is_mobile_number, phone_digits
from leaders.models.accounts import User
from leaders.models.leaders import Leader, LeaderState

WORKING_STATES = (LeaderState.TRIAL, LeaderState.ACTIVE)


def leader_of_user(user: User) -> Leader | None:
    """The leader who logs in as this user, with plan and level; nobody for other log-ins."""
    return (
        Leader.objects.select_related("commission_plan", "level__commission_plan")
        .filter(user=user)
        .first()
    )


def working_leader(typed: str) -> Leader | None:
    """The leader who works and has this code, or this phone number in any spelling."""
    working = Leader.objects.filter(state__in=WORKING_STATES)
    found = working.filter(code__iexact=typed.strip()).first()
    digits = phone_digits(typed)
    if found is None and is_mobile_number(digits):
        found = working.filter(phone=digits).first()
    return found
