"""Roads kept in a file: what comes back, what grows old, and what a damaged file does."""

import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from fulfillment.integrations import travel_cache
from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_cells import NO_ROAD, NOT_ASKED, RoadCells
from leaders.domain.coordinates import Place

A, B, C = Place(113.60, 34.70), Place(113.65, 34.75), Place(113.70, 34.72)
DAY = date(2026, 11, 22)


def cells(rows: list[list[int]]) -> RoadCells:
    """Distances as given, durations a tenth; marks stay marks."""
    distance = np.array(rows, dtype=np.int32)
    return RoadCells(distance, np.where(distance >= 0, distance // 10, distance).astype(np.int32))


def cache_at(path: Path, day: date = DAY) -> TravelCache:
    return TravelCache(path, max_age_days=30, clock=lambda: day)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "travel" / "osrm.npz"


def test_nothing_is_known_before_anything_was_asked(path: Path) -> None:
    found = cache_at(path).read([A, B])

    assert found.distance_m.tolist() == [[0, NOT_ASKED], [NOT_ASKED, 0]]
    assert not path.parent.exists()


def test_what_was_added_comes_back_in_any_order_and_in_part(path: Path) -> None:
    cache_at(path).add([A, B, C], cells([[0, 120, 130], [210, 0, 230], [310, 320, 0]]))

    found = cache_at(path).read([C, A])

    assert found.distance_m.tolist() == [[0, 310], [130, 0]]
    assert found.duration_s.tolist() == [[0, 31], [13, 0]]


def test_the_file_grows_with_new_places(path: Path) -> None:
    cache = cache_at(path)
    cache.add([A, B], cells([[0, 120], [210, 0]]))
    cache.add([A, C], cells([[NOT_ASKED, 130], [NO_ROAD, NOT_ASKED]]))

    found = cache.read([A, B, C])

    assert found.distance_m.tolist() == [
        [0, 120, 130],
        [210, 0, NOT_ASKED],
        [NO_ROAD, NOT_ASKED, 0],
    ]


def test_a_newer_answer_replaces_an_older_one(path: Path) -> None:
    cache_at(path).add([A, B], cells([[0, 120], [210, 0]]))
    cache_at(path, DAY + timedelta(days=20)).add([A, B], cells([[0, 125], [NOT_ASKED, 0]]))

    later = cache_at(path, DAY + timedelta(days=31)).read([A, B])

    assert later.distance_m.tolist() == [[0, 125], [NOT_ASKED, 0]]


@pytest.mark.parametrize(("days", "is_kept"), [(30, True), (31, False), (-1, False)])
def test_answers_grow_old(path: Path, days: int, is_kept: bool) -> None:
    cache_at(path).add([A, B], cells([[0, 120], [210, 0]]))

    found = cache_at(path, DAY + timedelta(days=days)).read([A, B])

    assert found.distance_m[0, 1] == (120 if is_kept else NOT_ASKED)


def test_old_places_leave_the_file(path: Path) -> None:
    cache_at(path).add([A, B], cells([[0, 120], [210, 0]]))
    cache_at(path, DAY + timedelta(days=40)).add([B, C], cells([[0, 230], [320, 0]]))

    assert np.load(path)["keys"].tolist() == [[113_650_000, 34_750_000], [113_700_000, 34_720_000]]


def test_the_places_asked_for_longest_ago_make_room(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel_cache, "MOST_PLACES", 2)
    cache_at(path).add([A, B], cells([[0, 120], [210, 0]]))
    cache_at(path, DAY + timedelta(days=1)).add([B, C], cells([[0, 230], [320, 0]]))

    found = cache_at(path, DAY + timedelta(days=1)).read([A, B, C])

    assert found.distance_m[1, 2] == 230
    assert found.distance_m[0, 1] == NOT_ASKED


def test_places_are_told_apart_by_a_tenth_of_a_metre(path: Path) -> None:
    cache_at(path).add([A, B], cells([[0, 120], [210, 0]]))

    same, other = Place(A.lng + 2e-7, A.lat), Place(A.lng + 2e-6, A.lat)

    assert cache_at(path).read([same, B]).distance_m[0, 1] == 120
    assert cache_at(path).read([other, B]).distance_m[0, 1] == NOT_ASKED


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04 and no more", id="begun"),
        pytest.param(b"\x93NUMPY\x01\x00", id="not_an_archive"),
    ],
)
def test_a_file_that_is_no_cache_counts_as_empty(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    cache = cache_at(path)

    assert cache.read([A, B]).distance_m[0, 1] == NOT_ASKED
    cache.add([A, B], cells([[0, 120], [210, 0]]))
    assert cache.read([A, B]).distance_m[0, 1] == 120


def test_tables_that_do_not_belong_together_count_as_empty(path: Path) -> None:
    path.parent.mkdir()
    square = np.zeros((2, 2), dtype=np.int32)
    np.savez(
        path,
        keys=np.zeros((3, 2), dtype=np.int32),
        distance_m=square,
        duration_s=square,
        days=square.astype(np.uint16),
    )

    assert cache_at(path).read([A, B]).distance_m[0, 1] == NOT_ASKED


def test_no_damage_to_a_byte_is_ever_believed(path: Path) -> None:
    cache = cache_at(path)
    whole = cells([[0, 120, 130], [210, 0, 230], [310, 320, 0]])
    cache.add([A, B, C], whole)
    content = path.read_bytes()
    chance = random.Random(1)

    for _ in range(300):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged[: chance.choice([len(content), chance.randrange(len(content))])])

        found = cache.read([A, B, C]).distance_m

        off_diagonal = ~np.eye(3, dtype=np.bool_)
        assert (found == whole.distance_m).all() or (found[off_diagonal] == NOT_ASKED).all(), found


def test_what_a_killed_writer_left_behind_is_cleared_away(path: Path) -> None:
    cache = cache_at(path)
    cache.add([A, B], cells([[0, 120], [210, 0]]))
    (path.parent / f"{path.name}.x7.tmp").write_bytes(b"half a file")

    cache.add([A, C], cells([[0, 130], [310, 0]]))

    assert sorted(file.name for file in path.parent.iterdir()) == ["osrm.lock", "osrm.npz"]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OSError, match="file"):
        cache_at(tmp_path / "file" / "osrm.npz").add([A, B], cells([[0, 1], [1, 0]]))
