"""Where the demo town lies: estates around a centre, a warehouse at the ring road.

The ground is real farmland on the plain, the town on it is not.
"""

import math
from dataclasses import dataclass

from fulfillment.domain.demo_town.dice import Dice
from fulfillment.domain.demo_town.names import DISTRICTS, ESTATE_FIRST, ESTATE_SECOND, STREETS
from leaders.domain.coordinates import CoordSystem, Place, from_wgs84

CENTRE = Place(115.3300, 33.0700)
WAREHOUSE_EAST_M, WAREHOUSE_NORTH_M = 6_900, -3_800
M_PER_DEGREE = 111_320
# Two points closer than this would take each other's neighbours.
ESTATE_SPACING_M = 380
SYSTEM_WEIGHTS = ((CoordSystem.GCJ02, 60), (CoordSystem.BD09, 25), (CoordSystem.WGS84, 15))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """A residential estate; its coordinates are written in `coord_system`."""

    name: str
    district: str
    address: str
    lng: str
    lat: str
    coord_system: str
    households: int


def warehouse_place() -> Place:
    """Where the warehouse stands, in WGS-84."""
    return _at(WAREHOUSE_EAST_M, WAREHOUSE_NORTH_M)


def build_estates(count: int, dice: Dice) -> tuple[Estate, ...]:
    """Lay out `count` estates, most of them in the districts where most people live."""
    names = dice.shuffled([first + second for first in ESTATE_FIRST for second in ESTATE_SECOND])
    spots: list[tuple[int, int]] = []
    estates = []
    for name in names[:count]:
        district, east_m, north_m = _free_spot(spots, dice)
        spots.append((east_m, north_m))
        system = dice.weighted(
            [system for system, _ in SYSTEM_WEIGHTS], [weight for _, weight in SYSTEM_WEIGHTS]
        )
        place = from_wgs84(_at(east_m, north_m), system)
        estates.append(
            Estate(
                name=name,
                district=district,
                address=f"{dice.pick(STREETS[district])}{dice.between(2, 388)}号",
                lng=f"{place.lng:.6f}",
                lat=f"{place.lat:.6f}",
                coord_system=system.value,
                households=dice.between(40, 260) * 10,
            )
        )
    return tuple(estates)


def _free_spot(taken: list[tuple[int, int]], dice: Dice) -> tuple[str, int, int]:
    while True:
        name, centre_east_m, centre_north_m, radius_m, _ = dice.weighted(
            DISTRICTS, [district[-1] for district in DISTRICTS]
        )
        # The mean of two throws crowds the middle, as towns do.
        east_m = centre_east_m + (_throw(radius_m, dice) + _throw(radius_m, dice)) // 2
        north_m = centre_north_m + (_throw(radius_m, dice) + _throw(radius_m, dice)) // 2
        if all(
            math.hypot(east_m - other_east_m, north_m - other_north_m) >= ESTATE_SPACING_M
            for other_east_m, other_north_m in taken
        ):
            return name, east_m, north_m


def _throw(radius_m: int, dice: Dice) -> int:
    return dice.between(-radius_m, radius_m)


def _at(east_m: int, north_m: int) -> Place:
    return Place(
        CENTRE.lng + east_m / (M_PER_DEGREE * math.cos(math.radians(CENTRE.lat))),
        CENTRE.lat + north_m / M_PER_DEGREE,
    )
