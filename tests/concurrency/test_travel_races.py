"""Two processes keep roads in one file at once: nothing that was answered is lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_cells import NOT_ASKED, RoadCells
from leaders.domain.coordinates import Place
from tests.concurrency.race import Runner, errors, race

PLACES = [Place(round(113.60 + number / 100, 2), 34.70) for number in range(40)]

_write_at_once = TravelCache._replace


@pytest.fixture
def cache(tmp_path: Path) -> TravelCache:
    return TravelCache(tmp_path / "osrm.npz", max_age_days=30)


def own_rows(runner: Runner) -> RoadCells:
    """Every fourth row, answered by one runner."""
    cells = RoadCells.blank(len(PLACES), len(PLACES))
    cells.distance_m[runner.number :: 4] = 1_000 + runner.number
    cells.duration_s[runner.number :: 4] = 100 + runner.number
    return cells


def write_slowly(cache: TravelCache, stored: Any) -> None:
    """Write what was read a while ago: the others have time to read the same."""
    time.sleep(0.3)
    _write_at_once(cache, stored)


def lost_rows(cache: TravelCache) -> int:
    known = cache.read(PLACES).distance_m
    return int((known == NOT_ASKED).any(axis=1).sum())


def test_what_four_processes_were_answered_is_all_kept(cache: TravelCache) -> None:
    outcomes = race(
        lambda runner: cache.add(PLACES, own_rows(runner)),
        processes=4,
        without=[patch.object(TravelCache, "_replace", write_slowly)],
    )

    assert errors(outcomes) == []
    assert lost_rows(cache) == 0
    assert np.unique(cache.read(PLACES).distance_m).tolist() == [0, 1000, 1001, 1002, 1003]


@pytest.mark.control
def test_without_waiting_the_last_writer_wins(cache: TravelCache) -> None:
    @contextmanager
    def nobody_waits(_cache: TravelCache) -> Iterator[None]:
        yield

    race(
        lambda runner: cache.add(PLACES, own_rows(runner)),
        processes=4,
        without=[
            patch.object(TravelCache, "_replace", write_slowly),
            patch.object(TravelCache, "_alone", nobody_waits),
        ],
    )

    assert lost_rows(cache) > 0


def test_readers_see_whole_files_while_others_write(cache: TravelCache) -> None:
    def use(runner: Runner) -> set[int]:
        if runner.number < 2:
            cache.add(PLACES, own_rows(runner))
            return set()
        known = cache.read(PLACES).distance_m
        return set(np.unique(known[known != 0]).tolist())

    outcomes = race(use, processes=4, rounds=10)

    assert errors(outcomes) == []
    seen = set().union(*(outcome.value or set() for outcome in outcomes))
    assert seen <= {NOT_ASKED, 1000, 1001}
