"""P17: two workers and two beats, killed at any moment, leave what one of each leaves in peace."""

import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from config.embedded.commands import manage
from tests.embedded_database import migrated_database
from tests.nights.lives import Life, Plot, life_live

pytestmark = pytest.mark.slow

PLOT = Plot(nights=1, cities=2, seed=7)
KILL_PAUSE_S = 1.5


@contextmanager
def database() -> Iterator[str]:
    """The address of a migrated database of its own."""
    server, name = os.environ["DATABASE_URL"].rpartition("/")[0], f"night_{uuid.uuid4().hex[:8]}"
    template = migrated_database()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        made_from = sql.Identifier(template or "template1")
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), made_from)
        )
        try:
            url = f"{server}/{name}"
            if template is None:
                manage(os.environ | {"DATABASE_URL": url}, "migrate", "--verbosity", "0")
            yield url
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def life_of(folder: Path, kill_pause_s: float | None) -> Life:
    folder.mkdir()
    with database() as url:
        return life_live(database_url=url, folder=folder, plot=PLOT, kill_pause_s=kill_pause_s)


def test_killed_at_random_a_night_of_two_cities_leaves_what_a_quiet_one_leaves(
    tmp_path: Path,
) -> None:
    with ThreadPoolExecutor() as beside_each_other:
        lives = beside_each_other.map(
            life_of, (tmp_path / "quiet", tmp_path / "harassed"), (None, KILL_PAUSE_S)
        )
        quiet, harassed = lives

    assert harassed.report["kills"] >= PLOT.cities
    assert harassed.differs_from(quiet) == []
    assert [life.report["broken_laws"] for life in (quiet, harassed)] == [[], []]
    assert [life.report["parts_failed"] for life in (quiet, harassed)] == [[], []]
    # The control: an effect apart from its step is seen to be done twice.
    assert len(harassed.clumsily_differs_from(quiet)) == PLOT.cities
