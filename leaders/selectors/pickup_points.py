"""Pickup points as the acting user may see them."""

from django.db.models import QuerySet

from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint


def pickup_points_of_leader(leader: Leader) -> QuerySet[PickupPoint]:
    """The points a leader runs, with their communities."""
    return PickupPoint.objects.select_related("community").filter(leader=leader)
