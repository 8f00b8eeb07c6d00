"""Which campaigns a leader sells, where campaigns belong to cities."""

from django.db.models import Exists, OuterRef, Q

from leaders.models.pickup_points import PickupPoint


def sold_by(leader_id: int) -> Q:
    """Campaigns of a city that a point of the leader lies in.

    A point whose community names no city sells every campaign, and so does a
    leader without a point.
    """
    points = PickupPoint.objects.filter(leader_id=leader_id)
    here = points.filter(Q(community__city="") | Q(community__city=OuterRef("city")))
    return Q(Exists(here)) | ~Q(Exists(points))
