"""Integer distance and duration matrices from WGS-84 places, estimated or asked for.

A `TravelProvider` is where matrices come from. The one here needs nothing but
arithmetic; those that ask a road service are in `fulfillment.integrations`.

A road distance is estimated as the geodesic times a factor, a driving time
from that distance at one speed. The factor was measured on real roads in
Beijing (median 1.26, ninetieth percentile 1.47 of the straight line), so it is
a setting to calibrate, not a constant of nature.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from fulfillment.routing.problem import IntMatrix
from leaders.domain.coordinates import Place

FloatMatrix = npt.NDArray[np.float64]
# Longitudes and latitudes.
_Radians = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]

# The WGS-84 ellipsoid: equatorial radius in metres and flattening.
_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_POLAR_M = _EQUATOR_M * (1 - _FLATTENING)
# Vincenty's longitude converges by a factor of about the flattening (1/300)
# per round: five rounds pass the resolution of a double.
_ROUNDS = 5
# Rows worked on at once: 2,000 places take some 60 MB of work space, not 500.
_ROWS_AT_ONCE = 256

ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelEstimate:
    """How straight lines become roads and minutes."""

    road_factor: float = 1.3
    speed_km_h: float = 25.0

    def __post_init__(self) -> None:
        if self.road_factor < 1.0:
            raise ValueError("A road is not shorter than the straight line.")
        if self.speed_km_h <= 0.0:
            raise ValueError("Expected a positive speed.")


@dataclass(frozen=True, slots=True)
class TravelMatrices:
    """Distances in metres and durations in seconds, int64, indexed alike; maybe asymmetric.

    `source` names the provider that answered, `troubles` says in whole
    sentences what it could not answer and what stands there instead,
    `estimated_pairs` how many pairs a service was asked for in vain.
    """

    distance_m: IntMatrix
    duration_s: IntMatrix
    source: str = ESTIMATE
    troubles: tuple[str, ...] = ()
    estimated_pairs: int = 0


class TravelProvider(Protocol):
    """Where distances and durations come from."""

    @property
    def name(self) -> str:
        """What `TravelMatrices.source` says when it has answered."""

    def matrices(self, places: Sequence[Place]) -> TravelMatrices:
        """Return all pairs between `places`; never fails for want of a service."""


@dataclass(frozen=True, slots=True)
class EstimateProvider:
    """The provider that needs no service: geodesics, a factor and a speed."""

    estimate: TravelEstimate = field(default_factory=TravelEstimate)

    @property
    def name(self) -> str:
        """`ESTIMATE`."""
        return ESTIMATE

    def matrices(self, places: Sequence[Place]) -> TravelMatrices:
        """Return the estimated matrices of all pairs."""
        return travel_matrices(places, self.estimate)


def travel_matrices(places: Sequence[Place], estimate: TravelEstimate) -> TravelMatrices:
    """Return all pairs between `places`, rounded to whole metres and seconds.

    Distances are rounded first and durations are derived from the rounded
    distance, so that anybody can recompute a driving time from the distance
    on the route sheet.
    """
    distance = np.rint(geodesic_m(places) * estimate.road_factor)
    duration = np.rint(distance * 3.6 / estimate.speed_km_h)
    return TravelMatrices(distance.astype(np.int64), duration.astype(np.int64))


def geodesic_m(places: Sequence[Place]) -> FloatMatrix:
    """Return the geodesic distances between all pairs, in metres, on the ellipsoid.

    Vincenty's inverse method over whole arrays: within a millimetre of
    Karney's geodesics for anything but nearly antipodal points.

    References
    ----------
    Vincenty, T. (1975). Direct and inverse solutions of geodesics on the
    ellipsoid with application of nested equations. *Survey Review*, 23(176).
    """
    lng = np.radians(np.array([place.lng for place in places], dtype=np.float64))
    lat = np.radians(np.array([place.lat for place in places], dtype=np.float64))
    distance = np.empty((len(places), len(places)))
    for start in range(0, len(places), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        distance[rows] = _geodesics_m((lng[rows], lat[rows]), (lng, lat))
    return distance


def _geodesics_m(here: _Radians, there: _Radians) -> FloatMatrix:
    (here_lng, here_lat), (there_lng, there_lat) = here, there
    here_u, there_u = _reduced(here_lat), _reduced(there_lat)
    sines = np.outer(np.sin(here_u), np.sin(there_u))
    cosines = np.outer(np.cos(here_u), np.cos(there_u))
    ahead = np.outer(np.cos(here_u), np.sin(there_u))
    behind = np.outer(np.sin(here_u), np.cos(there_u))
    difference = there_lng[None, :] - here_lng[:, None]
    longitude = difference
    for _ in range(_ROUNDS):
        east = np.cos(there_u)[None, :] * np.sin(longitude)
        north = ahead - behind * np.cos(longitude)
        sin_sigma = np.hypot(east, north)
        cos_sigma = sines + cosines * np.cos(longitude)
        sigma = np.arctan2(sin_sigma, cos_sigma)
        # Equal points divide nothing by nothing; their azimuth does not matter.
        sin_alpha = cosines * np.sin(longitude) / np.where(sin_sigma == 0, 1, sin_sigma)
        cos2_alpha = 1 - sin_alpha**2
        # On the equator the ratio is nothing by nothing too; its term vanishes.
        ratio = 2 * sines / np.where(cos2_alpha == 0, 1, cos2_alpha)
        cos_2m = np.where(cos2_alpha == 0, 0, cos_sigma - ratio)
        c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
        inner = sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m**2 - 1))
        longitude = difference + (1 - c) * _FLATTENING * sin_alpha * inner
    return _arc_length_m(sigma, sin_sigma, cos_sigma, cos2_alpha, cos_2m)


def _reduced(lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the latitudes on the auxiliary sphere."""
    reduced: npt.NDArray[np.float64] = np.arctan((1 - _FLATTENING) * np.tan(lat))
    return reduced


def _arc_length_m(
    sigma: FloatMatrix,
    sin_sigma: FloatMatrix,
    cos_sigma: FloatMatrix,
    cos2_alpha: FloatMatrix,
    cos_2m: FloatMatrix,
) -> FloatMatrix:
    """Return the length of arcs of `sigma` on the auxiliary sphere (Vincenty, eqs. 3, 4, 6)."""
    u2 = cos2_alpha * (_EQUATOR_M**2 - _POLAR_M**2) / _POLAR_M**2
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    tail = b / 6 * cos_2m * (4 * sin_sigma**2 - 3) * (4 * cos_2m**2 - 3)
    middle = b / 4 * (cos_sigma * (2 * cos_2m**2 - 1) - tail)
    delta = b * sin_sigma * (cos_2m + middle)
    length: FloatMatrix = _POLAR_M * a * (sigma - delta)
    return length
