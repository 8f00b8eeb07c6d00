"""Matrices from kept roads, a service and the estimate, whatever the service does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_osrm import OsrmTable
from fulfillment.integrations.travel_roads import Patience, RoadProvider
from fulfillment.integrations.travel_valhalla import ValhallaTable
from fulfillment.routing.travel import TravelEstimate, travel_matrices
from leaders.domain.coordinates import Place
from tests.fake_roads import (
    FakeRoads,
    changed,
    fake_roads,
    late,
    road_m,
    road_s,
    send,
    status,
)

PLACES = [
    Place(round(113.60 + number / 100, 2), round(34.70 + number % 3 / 100, 2))
    for number in range(7)
]
ESTIMATE = TravelEstimate(road_factor=1.4, speed_km_h=20.0)

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def roads() -> Iterator[FakeRoads]:
    with fake_roads() as served:
        yield served


@pytest.fixture
def provider(roads: FakeRoads, tmp_path: Path) -> RoadProvider:
    """OSRM asked for at most four by four pairs at once."""
    return RoadProvider(
        table=OsrmTable(roads.url, block_size=4),
        cache=TravelCache(tmp_path / "osrm.npz", max_age_days=30),
        estimate=ESTIMATE,
        patience=Patience(timeout_s=5.0, total_s=60.0, rest_s=0.0),
    )


def real_m(places: list[Place]) -> list[list[int]]:
    return [[road_m(here, there) for there in places] for here in places]


def real_s(places: list[Place]) -> list[list[int]]:
    return [[road_s(here, there) for there in places] for here in places]


def test_blocks_make_up_the_whole_matrix(roads: FakeRoads, provider: RoadProvider) -> None:
    matrices = provider.matrices(PLACES)

    assert matrices.distance_m.tolist() == real_m(PLACES)
    assert matrices.duration_s.tolist() == real_s(PLACES)
    assert matrices.distance_m.dtype == matrices.duration_s.dtype == np.int64
    assert (matrices.source, matrices.troubles) == ("osrm", ())
    assert sorted(roads.asked) == [(3, 3), (3, 4), (4, 3), (4, 4)]


def test_valhalla_gives_the_same_roads(roads: FakeRoads, provider: RoadProvider) -> None:
    matrices = replace(provider, table=ValhallaTable(roads.url, block_size=3)).matrices(PLACES)

    assert matrices.distance_m.tolist() == real_m(PLACES)
    assert matrices.source == "valhalla"


def test_known_pairs_are_not_asked_for_again(roads: FakeRoads, provider: RoadProvider) -> None:
    provider.matrices(PLACES)
    questions = len(roads.asked)

    again = provider.matrices(list(reversed(PLACES[1:5])))

    assert len(roads.asked) == questions
    assert again.distance_m.tolist() == real_m(list(reversed(PLACES[1:5])))


def test_a_new_place_costs_its_own_pairs_only(roads: FakeRoads, provider: RoadProvider) -> None:
    provider.matrices(PLACES[:6])
    roads.asked.clear()

    grown = provider.matrices(PLACES)

    assert grown.distance_m.tolist() == real_m(PLACES)
    assert sorted(roads.asked) == [(1, 3), (1, 3), (2, 1), (4, 1)]


def test_equal_places_are_asked_for_once(roads: FakeRoads, provider: RoadProvider) -> None:
    twice = [PLACES[0], PLACES[1], PLACES[0]]

    matrices = provider.matrices(twice)

    assert matrices.distance_m.tolist() == real_m(twice)
    assert matrices.troubles == ()
    assert roads.asked == [(2, 2)]


def test_one_place_or_none_asks_nobody(roads: FakeRoads, provider: RoadProvider) -> None:
    assert provider.matrices([]).distance_m.shape == (0, 0)
    assert provider.matrices(PLACES[:1]).distance_m.tolist() == [[0]]
    assert roads.asked == []


def test_a_service_that_is_down_leaves_the_estimate_and_a_sentence(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    roads.always = status(503)

    matrices = provider.matrices(PLACES)

    estimated = travel_matrices(PLACES, ESTIMATE)
    assert matrices.distance_m.tolist() == estimated.distance_m.tolist()
    assert matrices.duration_s.tolist() == estimated.duration_s.tolist()
    assert (matrices.source, matrices.estimated_pairs) == ("estimate", 42)
    assert matrices.troubles == (
        "42 of 42 distances are estimated: The road service fails (status 503).",
    )
    # Asked twice, then let alone.
    assert len(roads.asked) == 2


def test_a_service_that_has_failed_is_let_alone_for_a_while(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    resting = replace(provider, patience=replace(provider.patience, rest_s=60.0))
    roads.always = status(503)

    first, second = resting.matrices(PLACES), resting.matrices(PLACES)

    assert second.troubles == first.troubles
    assert len(roads.asked) == 2


def test_what_is_kept_outlives_the_service(roads: FakeRoads, provider: RoadProvider) -> None:
    provider.matrices(PLACES[:6])
    roads.always = status(500)

    matrices = provider.matrices(PLACES)

    assert matrices.distance_m[:6, :6].tolist() == real_m(PLACES[:6])
    assert matrices.distance_m[6, 0] == travel_matrices(PLACES, ESTIMATE).distance_m[6, 0]
    assert (matrices.source, matrices.estimated_pairs) == ("osrm", 12)
    assert matrices.troubles[0].startswith("12 of 42 distances are estimated: ")


def test_what_was_answered_before_it_broke_is_kept(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    roads.faults = [send]
    roads.always = status(500)

    first = provider.matrices(PLACES)
    roads.always = None
    roads.asked.clear()
    second = provider.matrices(PLACES)

    assert first.source == "osrm"
    assert len(first.troubles) == 1
    assert second.distance_m.tolist() == real_m(PLACES)
    assert len(roads.asked) == 3


def test_a_smaller_limit_than_ours_is_found_by_halving(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    roads.most_pairs = 5

    matrices = provider.matrices(PLACES)

    assert matrices.distance_m.tolist() == real_m(PLACES)
    assert matrices.troubles == ()


def test_a_place_the_service_refuses_is_estimated_and_named(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    roads.unknown = {PLACES[2]}

    matrices = provider.matrices(PLACES)

    assert matrices.distance_m[2, 0] == travel_matrices(PLACES, ESTIMATE).distance_m[2, 0]
    assert matrices.distance_m[0, 1] == road_m(PLACES[0], PLACES[1])
    assert matrices.source == "osrm"
    assert matrices.troubles == (
        "The road service reaches 1 place by no road: 34.720000 113.620000 (latitude, "
        "longitude). Its distances are estimated.",
    )


def test_unreachable_pairs_are_estimated_told_and_not_asked_again(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    roads.always = changed(lambda answer: answer["durations"][0].__setitem__(1, None))

    first = provider.matrices(PLACES[:3])
    again = provider.matrices(PLACES[:3])

    assert first.troubles == ("No road leads between 1 pair of places; its distance is estimated.",)
    assert again.troubles == first.troubles
    assert again.distance_m.tolist() == first.distance_m.tolist()
    assert len(roads.asked) == 1


def test_an_address_that_answers_nothing_is_soon_given_up(
    roads: FakeRoads, provider: RoadProvider
) -> None:
    roads.always = status(404, "no such page")

    matrices = provider.matrices(PLACES)

    assert matrices.source == "estimate"
    assert "The road service refuses: no such page" in matrices.troubles[0]
    assert len(roads.asked) == 20


def test_a_slow_service_may_not_hold_up_the_plan(roads: FakeRoads, provider: RoadProvider) -> None:
    roads.always = late(0.15)
    hurried = replace(provider, patience=replace(provider.patience, total_s=0.2))

    matrices = hurried.matrices(PLACES)

    assert matrices.source == "osrm"
    assert "distances are estimated: The road service" in matrices.troubles[0]
    assert len(roads.asked) <= 3


def test_a_cache_that_cannot_be_written_costs_only_time(
    roads: FakeRoads, provider: RoadProvider, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    nowhere = TravelCache(tmp_path / "file" / "osrm.npz", max_age_days=30)

    matrices = replace(provider, cache=nowhere).matrices(PLACES)

    assert matrices.distance_m.tolist() == real_m(PLACES)
    assert matrices.troubles == ("The roads could not be kept; the next plan asks again.",)
