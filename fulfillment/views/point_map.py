"""The map of all pickup points with the radius around each."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.selectors.point_conflicts import PointFigures, point_map
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(Role.RECRUITER)
def point_map_page(request: UserRequest) -> HttpResponse:
    """Where points stand, which stand too close, and what each sells."""
    found = point_map(timezone.now())
    crowded = {figures.point.pk for pair in found.pairs for figures in (pair.first, pair.second)}
    context = {
        "found": found,
        "marks": _marks(found.points, crowded),
        "crowded": crowded,
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "fulfillment/recruiting/points.html", context)


def _marks(points: Sequence[PointFigures], crowded: set[int]) -> list[dict[str, object]]:
    """What the map draws: no number and no name of a person."""
    return [
        {
            "code": figures.point.code,
            "name": figures.point.name,
            "lat": figures.point.lat,
            "lng": figures.point.lng,
            "radius_m": figures.radius_m,
            "orders": figures.sales.orders,
            "is_crowded": figures.point.pk in crowded,
        }
        for figures in points
    ]
