"""docs/algorithms/coordinates.md against the code."""

from leaders.domain.coordinates import CoordSystem, Place, from_wgs84, looks_swapped, to_wgs84
from tests.docs.pages import tables, text
from tests.leaders.domain.test_coordinates import apart_m, pair, rows

PAGE = "algorithms/coordinates.md"


def test_the_example_place_reads_so_in_every_system() -> None:
    place = to_wgs84(113.721016, 34.729353, CoordSystem.BD09)

    for row in tables(PAGE)[0]:
        shown = from_wgs84(place, CoordSystem(row["system"]))
        assert (f"{shown.lng:.5f}", f"{shown.lat:.5f}") == (row["lng"], row["lat"])
        assert f"{apart_m(place, shown):.0f}" == row["metres from WGS-84"]


def test_the_swapped_pair_of_the_page_is_legal_and_recognised() -> None:
    assert "(43.8, 87.6) for Ürümqi" in text(PAGE)
    assert looks_swapped(43.8, 87.6)


def test_the_farthest_misses_of_the_page_are_those_measured() -> None:
    published = {
        "Zhengzhou communities": rows("communities_zhengzhou", "communities.csv"),
        "Xi'an points of interest": rows("xian_gaoxin_pois", "amap_pois.csv"),
    }

    for row in tables(PAGE)[1]:
        system = CoordSystem(row["systems"].removesuffix(" → WGS-84"))
        column = system.replace("-", "").lower()
        points = published[row["published points"]]
        farthest_m = max(
            apart_m(to_wgs84(*pair(point, column), system), Place(*pair(point, "wgs84")))
            for point in points
        )
        assert f"{len(points):,}" == row["count"]
        assert f"{farthest_m:.2f} m" == row["farthest miss"]


def test_subtracting_the_shift_once_is_as_far_off_as_the_page_says() -> None:
    misses_m = []
    for row in rows("communities_zhengzhou", "communities.csv"):
        amap = Place(*pair(row, "gcj02"))
        shifted_again = from_wgs84(amap, CoordSystem.GCJ02)
        estimate = Place(2 * amap.lng - shifted_again.lng, 2 * amap.lat - shifted_again.lat)
        misses_m.append(apart_m(estimate, to_wgs84(amap.lng, amap.lat, CoordSystem.GCJ02)))

    assert f"up to {max(misses_m):.1f} m over Zhengzhou" in text(PAGE)
