"""Leaders as the acting user may see them."""

from leaders.models.accounts import User
from leaders.models.leaders import Leader


def leader_of_user(user: User) -> Leader | None:
    """The leader who logs in as this user, with plan and level; nobody for other log-ins."""
    return (
        Leader.objects.select_related("commission_plan", "level__commission_plan")
        .filter(user=user)
        .first()
    )
