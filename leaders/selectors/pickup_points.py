"""Pickup points as the acting user may see them."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from leaders.models.care import Substitution
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint


def pickup_points_of_leader(leader: Leader) -> QuerySet[PickupPoint]:
    """The points a leader runs, with their communities."""
    return PickupPoint.objects.select_related("community").filter(leader=leader)


def points_minded_by(leader: Leader, day: date) -> QuerySet[PickupPoint]:
    """The points this leader minds on a day, with their communities and leaders.

    These are the leader's own, less those a substitute minds that day, and
    those the leader minds for others.
    """
    minded = Substitution.objects.filter(_in_force(day), pickup_point=OuterRef("pk"))
    own = Q(leader=leader) & ~Exists(minded.exclude(substitute=leader))
    return PickupPoint.objects.select_related("community", "leader").filter(
        own | Exists(minded.filter(substitute=leader))
    )


def substitutions_of_points(leader: Leader) -> QuerySet[Substitution]:
    """Who minded or will mind a leader's points, the latest first."""
    return Substitution.objects.select_related("pickup_point", "substitute").filter(
        pickup_point__leader=leader
    )


def substitutions_by_leader(leader: Leader) -> QuerySet[Substitution]:
    """The points of others a leader minded or will mind, the latest first."""
    return Substitution.objects.select_related("pickup_point__leader").filter(substitute=leader)


def _in_force(day: date) -> Q:
    """Substitutions that hold on a day; the day one was ended on is no longer theirs."""
    return Q(from_date__lte=day, until_date__gte=day) & (
        Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    )
