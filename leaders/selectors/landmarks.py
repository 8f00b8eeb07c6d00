"""What a map without tiles shows strangers: where communities are, and never a door."""

from dataclasses import dataclass

from django.db.models import Avg

from leaders.models.communities import Community
from leaders.models.leaders import LeaderState

# A thousandth of a degree is about a hundred metres.
DECIMALS = 3
LANDMARKS_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A community, to the nearest hundred metres (WGS-84)."""

    name: str
    lng: float
    lat: float


def landmarks() -> list[Landmark]:
    """Communities in which residents can fetch goods, in the middle of their pickup points."""
    served = Community.objects.filter(
        pickup_points__is_open=True,
        pickup_points__leader__state__in=[LeaderState.TRIAL, LeaderState.ACTIVE],
    )
    places = served.annotate(lng=Avg("pickup_points__lng"), lat=Avg("pickup_points__lat"))
    return [
        Landmark(name=name, lng=round(lng, DECIMALS), lat=round(lat, DECIMALS))
        for name, lng, lat in places.order_by("pk").values_list("name", "lng", "lat")[
            :LANDMARKS_MOST
        ]
    ]
