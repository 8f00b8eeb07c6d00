"""Places on Earth, and the three coordinate systems Chinese maps use.

Inside the platform every place is WGS-84. Chinese map services answer in
GCJ-02 (Amap, Tencent) or BD-09 (Baidu), which lie some hundred metres and about
a kilometre away, so every import and every map link passes through here.
The worked example is in docs/algorithms/coordinates.md.

Sources
-------
The forward formulas for GCJ-02 (Krasovsky 1940 ellipsoid, published as
"eviltransform") and BD-09 are the public ones every map library carries. No
closed inverse exists; both inverses here iterate the forward formula until
it meets the given point, instead of using the usual one-step estimate, which
is off by metres for GCJ-02.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from leaders.errors import PlaceOutOfRange

KRASOVSKY_RADIUS_M = 6_378_245.0
KRASOVSKY_ECCENTRICITY_SQ = 0.00669342162296594323
BAIDU_PI = math.pi * 3000.0 / 180.0
BAIDU_SHIFT_LNG = 0.0065
BAIDU_SHIFT_LAT = 0.006

# The box in which the GCJ-02 shift is applied, from the same public formulas.
GCJ_WEST, GCJ_EAST = 72.004, 137.8347
GCJ_SOUTH, GCJ_NORTH = 0.8293, 55.8271

# Mainland China, Hainan and Taiwan with a little sea around them.
CHINA_WEST, CHINA_EAST = 73.0, 136.0
CHINA_SOUTH, CHINA_NORTH = 3.0, 54.0

# 1e-9 degrees are a tenth of a millimetre.
INVERSE_TOLERANCE_DEG = 1e-9
INVERSE_MAX_ROUNDS = 30


class CoordSystem(StrEnum):
    """The system a pair of coordinates is written in, as import files name it."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on Earth.

    Parameters
    ----------
    lng
        Longitude in degrees, -180 to 180.
    lat
        Latitude in degrees, -90 to 90.

    Raises
    ------
    PlaceOutOfRange
        If either number is not finite or outside its range.
    """

    lng: float
    lat: float

    def __post_init__(self) -> None:
        lng_is_real = math.isfinite(self.lng) and -180.0 <= self.lng <= 180.0
        lat_is_real = math.isfinite(self.lat) and -90.0 <= self.lat <= 90.0
        if not (lng_is_real and lat_is_real):
            raise PlaceOutOfRange(
                "These numbers are not a longitude and a latitude.",
                lng=self.lng,
                lat=self.lat,
                looks_swapped=looks_swapped(self.lng, self.lat),
            )


def looks_swapped(lng: float, lat: float) -> bool:
    """Tell whether a pair was most likely written latitude first.

    True when the pair lies outside China as given and inside China when read
    the other way round. (34.75, 113.66) is such a pair; nothing in China has
    a latitude above 54.
    """
    return not _is_in_china(lng, lat) and _is_in_china(lat, lng)


def to_wgs84(lng: float, lat: float, system: CoordSystem) -> Place:
    """Return the WGS-84 place of a pair written in the given system.

    Exact to well under a millimetre inside China; outside the box of the
    GCJ-02 shift, GCJ-02 and WGS-84 are the same.

    Raises
    ------
    PlaceOutOfRange
        If the pair is not a longitude and a latitude, or a BD-09 pair within
        a kilometre of the date line or a pole, where that system ends.
    """
    place = Place(lng, lat)
    if system is CoordSystem.BD09:
        place = _solve_inverse(_gcj02_to_bd09, place)
    if system is CoordSystem.WGS84 or not _is_shifted(place):
        return place
    return _solve_inverse(_shift_to_gcj02, place)


def place_in_china(lng: float, lat: float, system: CoordSystem) -> Place:
    """Return the WGS-84 place of a pair at which goods can be handed out.

    Raises
    ------
    PlaceOutOfRange
        If the pair is no place, or one outside China.
    """
    place = to_wgs84(lng, lat, system)
    if not _is_in_china(place.lng, place.lat):
        raise PlaceOutOfRange("The place lies outside China.", lng=place.lng, lat=place.lat)
    return place


def from_wgs84(place: Place, system: CoordSystem) -> Place:
    """Return a WGS-84 place as a pair in the given system, for a map link."""
    if system is CoordSystem.WGS84:
        return place
    shifted = _shift_to_gcj02(place) if _is_shifted(place) else place
    return shifted if system is CoordSystem.GCJ02 else _gcj02_to_bd09(shifted)


def _is_in_china(lng: float, lat: float) -> bool:
    return CHINA_WEST <= lng <= CHINA_EAST and CHINA_SOUTH <= lat <= CHINA_NORTH


def _is_shifted(place: Place) -> bool:
    return GCJ_WEST <= place.lng <= GCJ_EAST and GCJ_SOUTH <= place.lat <= GCJ_NORTH


def _shift_to_gcj02(place: Place) -> Place:
    east, north = place.lng - 105.0, place.lat - 35.0
    rad_lat = place.lat / 180.0 * math.pi
    magic = 1.0 - KRASOVSKY_ECCENTRICITY_SQ * math.sin(rad_lat) ** 2
    meridian_m = KRASOVSKY_RADIUS_M * (1.0 - KRASOVSKY_ECCENTRICITY_SQ) / (magic * math.sqrt(magic))
    parallel_m = KRASOVSKY_RADIUS_M / math.sqrt(magic) * math.cos(rad_lat)
    return Place(
        place.lng + _shift_east_m(east, north) * 180.0 / (parallel_m * math.pi),
        place.lat + _shift_north_m(east, north) * 180.0 / (meridian_m * math.pi),
    )


def _shift_east_m(east: float, north: float) -> float:
    linear = 300.0 + east + 2.0 * north + 0.1 * east * east + 0.1 * east * north
    root = 0.1 * math.sqrt(abs(east))
    waves = (
        20.0 * math.sin(6.0 * east * math.pi)
        + 20.0 * math.sin(2.0 * east * math.pi)
        + 20.0 * math.sin(east * math.pi)
        + 40.0 * math.sin(east / 3.0 * math.pi)
        + 150.0 * math.sin(east / 12.0 * math.pi)
        + 300.0 * math.sin(east / 30.0 * math.pi)
    )
    return linear + root + waves * 2.0 / 3.0


def _shift_north_m(east: float, north: float) -> float:
    linear = -100.0 + 2.0 * east + 3.0 * north + 0.2 * north * north + 0.1 * east * north
    root = 0.2 * math.sqrt(abs(east))
    waves = (
        20.0 * math.sin(6.0 * east * math.pi)
        + 20.0 * math.sin(2.0 * east * math.pi)
        + 20.0 * math.sin(north * math.pi)
        + 40.0 * math.sin(north / 3.0 * math.pi)
        + 160.0 * math.sin(north / 12.0 * math.pi)
        + 320.0 * math.sin(north * math.pi / 30.0)
    )
    return linear + root + waves * 2.0 / 3.0


def _gcj02_to_bd09(place: Place) -> Place:
    radius = math.hypot(place.lng, place.lat) + 0.00002 * math.sin(place.lat * BAIDU_PI)
    angle = math.atan2(place.lat, place.lng) + 0.000003 * math.cos(place.lng * BAIDU_PI)
    return Place(
        radius * math.cos(angle) + BAIDU_SHIFT_LNG,
        radius * math.sin(angle) + BAIDU_SHIFT_LAT,
    )


def _solve_inverse(forward: Callable[[Place], Place], target: Place) -> Place:
    """Find the place that `forward` sends to `target`.

    Each round moves the guess by the miss. The formulas bend so little that
    the miss shrinks at least a hundredfold a round.
    """
    guess = target
    for _ in range(INVERSE_MAX_ROUNDS):
        reached = forward(guess)
        miss_lng, miss_lat = target.lng - reached.lng, target.lat - reached.lat
        guess = Place(guess.lng + miss_lng, guess.lat + miss_lat)
        if abs(miss_lng) < INVERSE_TOLERANCE_DEG and abs(miss_lat) < INVERSE_TOLERANCE_DEG:
            break
    return guess
