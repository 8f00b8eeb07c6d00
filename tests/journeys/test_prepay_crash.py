"""P14, small: an evening that is killed anywhere ends as it would have ended."""

import os
import subprocess
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.embedded_database import migrated_database
from tests.journeys.crashpoints import EVENING_APPS, crashpoint_names
from tests.journeys.prepay_crash import Report, prepay_crash_program, read_report

pytestmark = pytest.mark.slow

KILLS, SEED = 2, 1


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a migrated database that nobody else uses."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = f"evening_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        template = sql.Identifier(migrated_database() or "")
        connection.execute(make.format(sql.Identifier(name), template))
        yield f"{server}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def play(database: str, mode: str, *arguments: object) -> Report:
    done = subprocess.run(
        [*prepay_crash_program(mode), *map(str, arguments)],
        env=os.environ
        | {
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LOG_LEVEL": "CRITICAL",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return read_report(done.stdout)


def test_killed_at_each_crash_point_in_turn_an_evening_loses_and_doubles_nothing(
    database: str,
) -> None:
    report = play(database, "at_each_crashpoint_in_turn")

    assert report.unreached == []
    assert report.kills == len(crashpoint_names(apps=EVENING_APPS))
    assert report.violations == []


def test_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(database: str) -> None:
    report = play(database, "at_random_moments", KILLS, SEED)

    assert report.kills >= KILLS
    assert report.violations == []
