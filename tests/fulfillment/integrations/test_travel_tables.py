"""One block of pairs from OSRM and from Valhalla, over real HTTP."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from fulfillment.integrations.travel_cells import NO_ROAD, RoadTable
from fulfillment.integrations.travel_osrm import OsrmTable
from fulfillment.integrations.travel_valhalla import ValhallaTable
from fulfillment.route_errors import TravelQuestionRefused, TravelUnavailable
from leaders.domain.coordinates import Place
from tests.fake_roads import FakeRoads, changed, fake_roads, road_m, road_s

WEST, MIDDLE, EAST = Place(113.60, 34.70), Place(113.65, 34.75), Place(113.70, 34.72)
Service = Callable[[str], RoadTable]

pytestmark = pytest.mark.usefixtures("english")
both = pytest.mark.parametrize("service", [OsrmTable, ValhallaTable])


@pytest.fixture
def roads() -> Iterator[FakeRoads]:
    with fake_roads() as served:
        yield served


@both
def test_a_block_has_a_row_per_source_and_a_column_per_destination(
    roads: FakeRoads, service: Service
) -> None:
    cells = service(roads.url).block([WEST, EAST], [MIDDLE, EAST, WEST], within_s=5)

    expected = [[road_m(here, there) for there in (MIDDLE, EAST, WEST)] for here in (WEST, EAST)]
    assert cells.distance_m.tolist() == expected
    assert cells.duration_s[1].tolist() == [road_s(EAST, MIDDLE), 0, road_s(EAST, WEST)]
    # There and back are not alike, and metres stay metres.
    assert cells.distance_m[0, 1] - cells.distance_m[1, 2] == 100
    assert cells.distance_m.dtype == cells.duration_s.dtype == np.int32


@both
def test_pairs_without_a_road_are_told_apart(roads: FakeRoads, service: Service) -> None:
    roads.roadless = {EAST}

    cells = service(roads.url).block([WEST, EAST], [WEST, MIDDLE], within_s=5)

    assert cells.distance_m[1].tolist() == cells.duration_s[1].tolist() == [NO_ROAD, NO_ROAD]
    assert cells.distance_m[0, 1] == road_m(WEST, MIDDLE)


@both
def test_too_large_a_question_is_refused(roads: FakeRoads, service: Service) -> None:
    roads.most_pairs = 3

    with pytest.raises(TravelQuestionRefused, match="Too many table coordinates"):
        service(roads.url).block([WEST, EAST], [WEST, EAST], within_s=5)


def test_a_place_far_from_every_road_of_osrm_is_off_its_map(roads: FakeRoads) -> None:
    roads.off_map = {EAST}

    cells = OsrmTable(roads.url).block([WEST, EAST], [MIDDLE, EAST], within_s=5)

    assert cells.distance_m.tolist() == [
        [road_m(WEST, MIDDLE), NO_ROAD],
        [NO_ROAD, NO_ROAD],
    ]


def test_osrm_is_asked_by_longitude_first_and_each_place_once(roads: FakeRoads) -> None:
    OsrmTable(roads.url + "/", profile="van").block([WEST, EAST], [EAST], within_s=5)

    parts = urlsplit(roads.paths[0])
    assert parts.path == "/table/v1/van/113.600000,34.700000;113.700000,34.720000"
    query = parse_qs(parts.query)
    assert query["sources"] == ["0;1"]
    assert query["destinations"] == ["1"]
    assert query["annotations"] == ["duration,distance"]


def test_an_address_never_outgrows_what_servers_take(roads: FakeRoads) -> None:
    table = OsrmTable(roads.url, block_size=1_000)
    size = table.block_size
    sources = [Place(-113.123456 - number / 1_000, -34.123456) for number in range(size)]
    destinations = [Place(-114.123456 - number / 1_000, -35.123456) for number in range(size)]
    roads.most_pairs = 1_000_000

    cells = table.block(sources, destinations, within_s=30)

    assert size == 145
    assert cells.is_known.all()
    assert len(roads.paths[0]) < 8_000


def test_block_sizes_are_those_the_services_come_with() -> None:
    assert (OsrmTable("http://x").block_size, ValhallaTable("http://x").block_size) == (100, 50)
    assert ValhallaTable("http://x", block_size=7).block_size == 7


def _drop(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda answer: answer.pop(key)


def _set(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda answer: answer.update({key: value})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_drop("distances"), id="no_distances"),
        pytest.param(_set("durations", [[0, 1]]), id="a_row_is_missing"),
        pytest.param(_set("durations", [[0], [1, 2]]), id="rows_of_two_lengths"),
        pytest.param(_set("distances", [[0, -5], [5, 0]]), id="a_negative_distance"),
        pytest.param(_set("distances", [[0, 1e12], [5, 0]]), id="around_the_moon"),
        pytest.param(_set("durations", [["x", 1], [1, 0]]), id="words"),
        pytest.param(_set("durations", [[{}, 1], [1, 0]]), id="objects"),
        pytest.param(_set("durations", "none"), id="no_table"),
        pytest.param(_set("sources", [None, None]), id="no_waypoints"),
        pytest.param(_set("sources", [{"distance": 1.0}]), id="a_waypoint_is_missing"),
    ],
)
def test_an_answer_of_another_shape_is_none(
    roads: FakeRoads, change: Callable[[dict[str, Any]], object]
) -> None:
    roads.always = changed(change)

    with pytest.raises(TravelUnavailable, match="cannot be read"):
        OsrmTable(roads.url).block([WEST, EAST], [WEST, EAST], within_s=5)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_drop("sources_to_targets"), id="no_table"),
        pytest.param(_set("sources_to_targets", {"distances": []}), id="the_short_form"),
        pytest.param(_set("sources_to_targets", [[{"time": 1}] * 2] * 2), id="no_distances"),
        pytest.param(_set("sources_to_targets", [[]]), id="empty"),
    ],
)
def test_valhalla_of_another_shape_is_none(
    roads: FakeRoads, change: Callable[[dict[str, Any]], object]
) -> None:
    roads.always = changed(change)

    with pytest.raises(TravelUnavailable, match="cannot be read"):
        ValhallaTable(roads.url).block([WEST, EAST], [WEST, EAST], within_s=5)
