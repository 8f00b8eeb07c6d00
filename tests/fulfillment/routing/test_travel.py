"""Distances on the ellipsoid, and how they become roads and minutes."""

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.routing.travel import (
    ESTIMATE,
    EstimateProvider,
    TravelEstimate,
    TravelProvider,
    geodesic_m,
    travel_matrices,
)
from leaders.domain.coordinates import Place

CITY = st.builds(Place, lng=st.floats(113.0, 114.6), lat=st.floats(34.2, 35.2))
CHINA = st.builds(Place, lng=st.floats(75.0, 134.0), lat=st.floats(4.0, 53.0))


def karney_m(here: Place, there: Place) -> float:
    return float(geodesic((here.lat, here.lng), (there.lat, there.lng)).m)


@given(CITY, CITY)
def test_city_distances_agree_with_karney_to_a_millimetre(here: Place, there: Place) -> None:
    assert geodesic_m([here, there])[0, 1] == pytest.approx(karney_m(here, there), abs=0.001)


@given(CHINA, CHINA)
def test_country_distances_agree_with_karney_to_a_millimetre(here: Place, there: Place) -> None:
    assert geodesic_m([here, there])[0, 1] == pytest.approx(karney_m(here, there), abs=0.001)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (Place(0.0, 0.0), Place(1.0, 0.0)),
        (Place(113.0, 34.0), Place(113.0, 34.0)),
        (Place(113.0, -34.0), Place(113.0, 34.0)),
        (Place(179.9, 10.0), Place(-179.9, 10.0)),
    ],
)
def test_equator_equal_points_and_date_line_are_no_special_case(here: Place, there: Place) -> None:
    with np.errstate(all="raise"):
        matrix = geodesic_m([here, there])

    assert matrix[0, 1] == pytest.approx(karney_m(here, there), abs=0.001)
    assert matrix[0, 0] == 0.0


def test_a_road_is_three_tenths_longer_and_driven_at_25_km_an_hour() -> None:
    warehouse, door = Place(113.9740, 34.7210), Place(113.6, 34.75)

    matrices = travel_matrices([warehouse, door], TravelEstimate())

    # The geodesic is 34,402.0 m.
    assert round(karney_m(warehouse, door), 1) == 34_402.0
    assert matrices.distance_m.tolist() == [[0, 44_723], [44_723, 0]]
    assert matrices.duration_s.tolist() == [[0, 6_440], [6_440, 0]]


def test_both_estimates_are_settings() -> None:
    places = [Place(113.9740, 34.7210), Place(113.6, 34.75)]

    matrices = travel_matrices(places, TravelEstimate(road_factor=1.0, speed_km_h=50.0))

    assert matrices.distance_m[0, 1] == 34_402
    assert matrices.duration_s[0, 1] == 2_477


@pytest.mark.parametrize("change", [{"road_factor": 0.9}, {"speed_km_h": 0.0}])
def test_an_estimate_refuses_shortcuts_and_standing_still(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"straight line|positive speed"):
        TravelEstimate(**change)


def test_many_places_are_worked_on_in_parts_and_come_out_alike() -> None:
    places = [Place(113.0 + number / 300, 34.0 + (number * 7 % 300) / 300) for number in range(300)]

    matrix = geodesic_m(places)

    assert matrix.shape == (300, 300)
    assert matrix == pytest.approx(matrix.T, abs=1e-6)
    assert matrix[299, 3] == pytest.approx(karney_m(places[299], places[3]), abs=0.001)


def test_no_place_has_an_empty_matrix() -> None:
    assert geodesic_m([]).shape == (0, 0)


def test_the_estimate_is_a_provider_without_troubles() -> None:
    places = [Place(113.9740, 34.7210), Place(113.6, 34.75)]
    provider: TravelProvider = EstimateProvider(TravelEstimate(road_factor=1.5))

    matrices = provider.matrices(places)

    assert provider.name == matrices.source == ESTIMATE == "estimate"
    assert matrices.troubles == ()
    assert matrices.distance_m[0, 1] == 51_603
