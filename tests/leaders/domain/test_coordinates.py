"""Coordinate systems, checked against published points and against themselves."""

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.coordinates import (
    CoordSystem,
    Place,
    from_wgs84,
    looks_swapped,
    place_in_china,
    to_wgs84,
)
from leaders.errors import PlaceOutOfRange

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
EARTH_RADIUS_M = 6_371_008.8

in_china = st.builds(
    Place, st.floats(min_value=73.5, max_value=134.9), st.floats(min_value=3.5, max_value=53.5)
)
# Centres of cities from Ürümqi to Harbin and down to Sanya, with 40 km around each.
CITIES = {
    "Beijing": (116.40, 39.90),
    "Shanghai": (121.47, 31.23),
    "Guangzhou": (113.26, 23.13),
    "Shenzhen": (114.06, 22.54),
    "Zhengzhou": (113.63, 34.75),
    "Chengdu": (104.07, 30.57),
    "Xi'an": (108.94, 34.34),
    "Ürümqi": (87.62, 43.83),
    "Harbin": (126.64, 45.76),
    "Lhasa": (91.14, 29.65),
    "Sanya": (109.51, 18.25),
}
in_a_city = st.sampled_from(sorted(CITIES.values())).flatmap(
    lambda centre: st.builds(
        Place,
        st.floats(centre[0] - 0.4, centre[0] + 0.4),
        st.floats(centre[1] - 0.4, centre[1] + 0.4),
    )
)
shifted_systems = st.sampled_from([CoordSystem.GCJ02, CoordSystem.BD09])


def apart_m(one: Place, other: Place) -> float:
    """Distance on a sphere, good to half a percent at these ranges."""
    half_lat = math.radians(other.lat - one.lat) / 2
    half_lng = math.radians(other.lng - one.lng) / 2
    chord = (
        math.sin(half_lat) ** 2
        + math.cos(math.radians(one.lat))
        * math.cos(math.radians(other.lat))
        * math.sin(half_lng) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def rows(folder: str, file: str) -> list[dict[str, str]]:
    path = DATA / folder / file
    if not path.exists():
        pytest.skip(f"{path} is not there; this test reads published coordinates")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def pair(row: dict[str, str], system: str) -> tuple[float, float]:
    return float(row[f"lng_{system}"]), float(row[f"lat_{system}"])


@pytest.mark.parametrize(
    ("folder", "file", "points"),
    [
        pytest.param("communities_zhengzhou", "communities.csv", 6714, id="zhengzhou"),
        pytest.param("xian_gaoxin_pois", "amap_pois.csv", 2685, id="xian"),
    ],
)
def test_published_gcj02_points_land_within_two_metres(folder: str, file: str, points: int) -> None:
    published = rows(folder, file)

    misses_m = [
        apart_m(to_wgs84(*pair(row, "gcj02"), CoordSystem.GCJ02), Place(*pair(row, "wgs84")))
        for row in published
    ]

    assert len(misses_m) == points
    assert max(misses_m) < 0.2


def test_published_bd09_points_land_within_two_metres() -> None:
    published = rows("communities_zhengzhou", "communities.csv")

    misses_m = [
        apart_m(to_wgs84(*pair(row, "bd09"), CoordSystem.BD09), Place(*pair(row, "wgs84")))
        for row in published
    ]

    assert max(misses_m) < 0.3


def test_published_wgs84_points_come_back_out_in_the_other_systems() -> None:
    published = rows("communities_zhengzhou", "communities.csv")

    misses_m = [
        apart_m(from_wgs84(Place(*pair(row, "wgs84")), system), Place(*pair(row, column)))
        for row in published
        for system, column in ((CoordSystem.GCJ02, "gcj02"), (CoordSystem.BD09, "bd09"))
    ]

    assert max(misses_m) < 0.3


def test_a_constant_shift_published_as_wgs84_is_caught_as_wrong() -> None:
    published = rows("xian_gaoxin_pois", "amap_pois.csv")

    misses_m = sorted(
        apart_m(
            to_wgs84(*pair(row, "gcj02"), CoordSystem.GCJ02),
            Place(float(row["lng_wgs84_as_published"]), float(row["lat_wgs84_as_published"])),
        )
        for row in published
    )

    assert misses_m[0] > 845
    assert misses_m[-1] < 875


def test_the_worked_example_of_the_page_holds() -> None:
    baidu = (113.721016, 34.729353)

    place = to_wgs84(*baidu, CoordSystem.BD09)
    amap = from_wgs84(place, CoordSystem.GCJ02)

    assert (round(place.lng, 5), round(place.lat, 5)) == (113.70826, 34.72466)
    assert (round(amap.lng, 5), round(amap.lat, 5)) == (113.71443, 34.7236)
    assert round(apart_m(place, Place(*baidu))) == 1277
    assert round(apart_m(place, amap)) == 576


@given(place=in_china, system=shifted_systems)
def test_a_round_trip_from_wgs84_ends_where_it_began(place: Place, system: CoordSystem) -> None:
    shown = from_wgs84(place, system)

    assert apart_m(to_wgs84(shown.lng, shown.lat, system), place) < 0.01


@given(place=in_china, system=shifted_systems)
def test_a_round_trip_from_a_map_ends_where_it_began(place: Place, system: CoordSystem) -> None:
    inside = to_wgs84(place.lng, place.lat, system)

    assert apart_m(from_wgs84(inside, system), place) < 0.01


@given(place=in_a_city, systems=st.permutations(list(CoordSystem)))
def test_a_door_told_from_map_to_map_stays_within_two_metres(
    place: Place, systems: list[CoordSystem]
) -> None:
    """Each hand-over writes six decimals, as links and spreadsheets do."""
    told = place
    for system in systems:
        shown = from_wgs84(told, system)
        told = to_wgs84(round(shown.lng, 6), round(shown.lat, 6), system)

    assert apart_m(told, place) < 2


@given(place=in_china)
def test_the_gcj02_shift_stays_under_a_kilometre(place: Place) -> None:
    assert 1 < apart_m(from_wgs84(place, CoordSystem.GCJ02), place) < 1_000


@given(place=in_china)
def test_wgs84_passes_unchanged(place: Place) -> None:
    assert to_wgs84(place.lng, place.lat, CoordSystem.WGS84) == place
    assert from_wgs84(place, CoordSystem.WGS84) == place


def test_gcj02_is_wgs84_outside_its_box() -> None:
    lisbon = Place(-9.1393, 38.7223)

    assert from_wgs84(lisbon, CoordSystem.GCJ02) == lisbon
    assert to_wgs84(lisbon.lng, lisbon.lat, CoordSystem.GCJ02) == lisbon


def test_baidu_shifts_outside_the_box_of_gcj02_too() -> None:
    lisbon = Place(-9.1393, 38.7223)

    shown = from_wgs84(lisbon, CoordSystem.BD09)

    assert 500 < apart_m(shown, lisbon) < 2_000
    assert apart_m(to_wgs84(shown.lng, shown.lat, CoordSystem.BD09), lisbon) < 0.01


@pytest.mark.parametrize(
    ("lng", "lat"),
    [
        pytest.param(180.1, 0.0, id="east_of_the_date_line"),
        pytest.param(-180.1, 0.0, id="west_of_the_date_line"),
        pytest.param(113.6, 90.1, id="beyond_the_pole"),
        pytest.param(34.7, 113.6, id="swapped"),
        pytest.param(math.nan, 34.7, id="not_a_number"),
        pytest.param(113.6, math.inf, id="infinite"),
    ],
)
def test_numbers_that_are_no_place_are_refused(lng: float, lat: float) -> None:
    with pytest.raises(PlaceOutOfRange) as refused:
        Place(lng, lat)

    assert refused.value.details["looks_swapped"] is (lng == 34.7)


@pytest.mark.parametrize("system", CoordSystem)
def test_conversion_refuses_what_a_place_refuses(system: CoordSystem) -> None:
    with pytest.raises(PlaceOutOfRange):
        to_wgs84(34.7, 113.6, system)


@pytest.mark.parametrize(
    ("lng", "lat", "expected"),
    [
        pytest.param(34.7466, 113.6253, True, id="zhengzhou_latitude_first"),
        pytest.param(113.6253, 34.7466, False, id="zhengzhou"),
        pytest.param(43.8, 87.6, True, id="urumqi_latitude_first_is_a_legal_pair"),
        pytest.param(87.6, 43.8, False, id="urumqi"),
        pytest.param(-9.1, 38.7, False, id="lisbon"),
        pytest.param(0.0, 0.0, False, id="nowhere"),
    ],
)
def test_a_pair_written_latitude_first_is_recognised(
    lng: float, lat: float, expected: bool
) -> None:
    assert looks_swapped(lng, lat) is expected


@given(place=in_china)
def test_goods_can_be_handed_out_everywhere_in_china(place: Place) -> None:
    assert place_in_china(place.lng, place.lat, CoordSystem.WGS84) == place


@pytest.mark.parametrize(
    ("lng", "lat"),
    [
        pytest.param(0.0, 0.0, id="nowhere"),
        pytest.param(-9.1, 38.7, id="lisbon"),
        pytest.param(34.7, 113.6, id="no_place_at_all"),
    ],
)
def test_goods_are_handed_out_in_china_only(lng: float, lat: float) -> None:
    with pytest.raises(PlaceOutOfRange):
        place_in_china(lng, lat, CoordSystem.GCJ02)


@given(place=in_china)
def test_no_place_in_china_looks_swapped_and_its_mirror_always_does(place: Place) -> None:
    assert not looks_swapped(place.lng, place.lat)
    assert looks_swapped(place.lat, place.lng)
