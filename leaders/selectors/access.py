"""What a log-in may do at this moment: its own role, and one that is borrowed."""

from django.db.models import Count, QuerySet
from django.db.models.functions import Now

from leaders.domain.elevations import MAY_BORROW, Borrowed
from leaders.models.access import Elevation, PickupHelper
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader, LeaderState


def elevations_running() -> QuerySet[Elevation]:
    """Rights that are borrowed now, by the database's clock."""
    return Elevation.objects.filter(ended_at__isnull=True, ends_at__gt=Now())


def elevations_newest_first() -> QuerySet[Elevation]:
    """All that was ever borrowed, each with its person and the number of `deeds_count` under it."""
    listed = Elevation.objects.select_related("user").annotate(deeds_count=Count("deeds"))
    return listed.order_by("-pk")


def elevation_of(user: User) -> Elevation | None:
    """The rights this log-in borrows now; no question to the database where none can be."""
    if user.role not in MAY_BORROW or user.is_superuser:
        return None
    running = elevations_running().filter(user=user, role__in=MAY_BORROW[user.role])
    return running.order_by("-pk").first()


def borrowed_by(user: User) -> Borrowed | None:
    """The same, asked once for each user object: a request loads its own."""
    if not hasattr(user, "borrowed"):
        row = elevation_of(user)
        user.borrowed = None
        if row is not None:
            user.borrowed = Borrowed(elevation_id=row.pk, role=row.role, ends_at=row.ends_at)
    return user.borrowed


def roles_of(user: User) -> frozenset[str]:
    """The roles this log-in works in now; a superuser in all."""
    if user.is_superuser:
        return frozenset(Role.values)
    borrowed = borrowed_by(user)
    return frozenset({user.role, borrowed.role} if borrowed else {user.role})


def has_role(user: User, *roles: str) -> bool:
    """Whether this log-in works in one of these roles now."""
    return not roles_of(user).isdisjoint(roles)


def helpers_of(leader: Leader) -> QuerySet[PickupHelper]:
    """Who hands out goods for a leader now, the first one first."""
    helping = PickupHelper.objects.filter(leader=leader, ended_at__isnull=True)
    return helping.select_related("user").order_by("pk")


def helped_leader(user: User) -> Leader | None:
    """The leader this log-in hands out goods for; nobody once the help has ended."""
    help_given = (
        PickupHelper.objects.select_related("leader")
        .filter(user=user, ended_at__isnull=True)
        .exclude(leader__state=LeaderState.QUIT)
        .first()
    )
    return help_given.leader if help_given else None
