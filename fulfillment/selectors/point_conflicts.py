"""Pickup points that stand close together, with what each sold in 30 days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.conf import settings
from django.db.models import Q, QuerySet
from geopy.distance import geodesic

from leaders.domain.coordinates import Place
from leaders.domain.protection import ProtectionRules, shares_village
from leaders.models.applications import LeaderApplication
from leaders.models.leaders import LeaderState
from leaders.models.pickup_points import PickupPoint
from orders.selectors.period_sales import PeriodSales, sales_by_point

WINDOW = timedelta(days=30)
# A degree of latitude is nowhere shorter than this.
DEGREE_M = 110_500
NO_SALES = PeriodSales()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFigures:
    """A point with its radius and what it sold in 30 days."""

    point: PickupPoint
    radius_m: int
    sales: PeriodSales


@dataclass(frozen=True, slots=True, kw_only=True)
class PointNear:
    """A point that an applicant's place would stand too close to, or share a village with."""

    figures: PointFigures
    distance_m: int
    radius_m: int
    is_village: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPair:
    """Two points that stand closer than the radius, or share a village."""

    first: PointFigures
    second: PointFigures
    distance_m: int
    is_village: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PointMap:
    """All points in business, and the pairs a person should look at, the closest first."""

    points: tuple[PointFigures, ...]
    pairs: tuple[PointPair, ...]


def protection_rules() -> ProtectionRules:
    """The operator's radii, from the settings."""
    return ProtectionRules(
        radius_m=settings.PROTECTION_RADIUS_M,
        dense_radius_m=settings.PROTECTION_RADIUS_DENSE_M,
        dense_districts=frozenset(settings.DENSE_DISTRICTS),
    )


def points_near(application: LeaderApplication, now: datetime) -> list[PointNear]:
    """The points an applicant's place is in conflict with, nearest first, in two queries."""
    if application.lng is None or application.lat is None:
        return []
    rules = protection_rules()
    place = Place(application.lng, application.lat)
    home = (application.district, application.community_name)
    # The approved application's own point is no conflict.
    points = list(
        _points()
        .filter(_in_box(place, rules.widest_m) | _in_community(home))
        .exclude(leader__application=application)
    )
    found = []
    for figures in _with_sales(points, rules, now):
        near = _near(place, home, figures, rules)
        if near.is_village or near.distance_m < near.radius_m:
            found.append(near)
    return sorted(found, key=lambda near: (near.distance_m, near.figures.point.code))


def point_map(now: datetime) -> PointMap:
    """Every point in business with its radius and sales, and all conflicts, in two queries."""
    rules = protection_rules()
    points = _with_sales(list(_points().order_by("code")), rules, now)
    pairs = sorted(_pairs(points, rules), key=lambda pair: (pair.distance_m, pair.first.point.code))
    return PointMap(points=points, pairs=tuple(pairs))


def _points() -> QuerySet[PickupPoint]:
    return (
        PickupPoint.objects.filter(is_open=True)
        .exclude(leader__state=LeaderState.QUIT)
        .select_related("community", "leader")
    )


def _with_sales(
    points: Sequence[PickupPoint], rules: ProtectionRules, now: datetime
) -> tuple[PointFigures, ...]:
    sales = sales_by_point([point.pk for point in points], since=now - WINDOW, until=now)
    return tuple(
        PointFigures(
            point=point,
            radius_m=rules.radius_of(point.community.district),
            sales=sales.get(point.pk, NO_SALES),
        )
        for point in points
    )


def _near(
    place: Place, home: tuple[str, str], figures: PointFigures, rules: ProtectionRules
) -> PointNear:
    point = figures.point
    return PointNear(
        figures=figures,
        distance_m=_metres(place, Place(point.lng, point.lat)),
        radius_m=rules.radius_between(home[0], point.community.district),
        is_village=shares_village(home, _home(point)),
    )


def _pairs(points: Sequence[PointFigures], rules: ProtectionRules) -> Iterator[PointPair]:
    """Pairs in conflict: along the latitude only neighbours are measured, villages apart."""
    northward = sorted(points, key=lambda figures: (figures.point.lat, figures.point.code))
    villages: dict[tuple[str, str], list[PointFigures]] = {}
    for at, first in enumerate(northward):
        for second in northward[at + 1 :]:
            if (second.point.lat - first.point.lat) * DEGREE_M > rules.widest_m:
                break
            near = _near(Place(first.point.lng, first.point.lat), _home(first.point), second, rules)
            if near.distance_m < near.radius_m and not near.is_village:
                yield _pair(first, second, near)
        for second in villages.setdefault(_home(first.point), []):
            near = _near(Place(first.point.lng, first.point.lat), _home(first.point), second, rules)
            if near.is_village:
                yield _pair(second, first, near)
        villages[_home(first.point)].append(first)


def _pair(first: PointFigures, second: PointFigures, near: PointNear) -> PointPair:
    return PointPair(
        first=first, second=second, distance_m=near.distance_m, is_village=near.is_village
    )


def _home(point: PickupPoint) -> tuple[str, str]:
    return (point.community.district, point.community.name)


def _metres(place: Place, other: Place) -> int:
    metres: float = geodesic((place.lat, place.lng), (other.lat, other.lng)).meters
    return round(metres)


def _in_box(place: Place, metres: int) -> Q:
    """A box that holds everything within so many metres of a place."""
    up = metres / DEGREE_M
    across = up / cos(radians(place.lat))
    return Q(
        lat__range=(place.lat - up, place.lat + up),
        lng__range=(place.lng - across, place.lng + across),
    )


def _in_community(home: tuple[str, str]) -> Q:
    return Q(community__district=home[0], community__name=home[1])
