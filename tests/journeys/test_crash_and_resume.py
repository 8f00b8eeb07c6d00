"""A day killed anywhere and called again ends as if nothing had happened."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from fulfillment.domain.cutoff_run import Step
from tests.builders import tiny_day
from tests.journeys.bundles import write_bundle
from tests.journeys.crash import MOMENTS, crash_program

pytestmark = pytest.mark.slow

# What a machine took, or when it took it; everything else must be the same.
MEASURES = {"seconds", "peak_memory_mb"}
TABLES_OF_THE_DAY = ("leaders_", "orders_", "fulfillment_")


class Town:
    """Databases of their own for days that are killed, copied from a migrated one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = write_bundle(directory / "bundle", tiny_day())
        self.server = os.environ["DATABASE_URL"].rpartition("/")[0]
        self.template = self._named("template")
        self._admin(sql.SQL("CREATE DATABASE {}"), self.template)
        subprocess.run(
            [*crash_program("undisturbed")[:1], "manage.py", "migrate", "-v0"],
            env=self._environment(self.template, directory),
            check=True,
        )

    def play(self, mode: str, *arguments: object) -> tuple[str, dict[str, object]]:
        """Play the day in a database of its own; return the output and what it left."""
        name = self._named(mode)
        out = self.directory / name
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, self.template)
        try:
            done = subprocess.run(
                [*crash_program(mode), self.data, out, *map(str, arguments)],
                env=self._environment(name, out),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout.strip(), self._traces(name, out)
        finally:
            self._admin(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def close(self) -> None:
        """Drop the migrated database."""
        self._admin(sql.SQL("DROP DATABASE {} WITH (FORCE)"), self.template)

    def _named(self, purpose: str) -> str:
        return f"crash_{purpose}_{uuid.uuid4().hex[:8]}"

    def _environment(self, database: str, directory: Path) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": f"{self.server}/{database}",
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "PAPERS_ROOT": str(directory / "made"),
        }

    def _admin(self, statement: sql.SQL, *names: str) -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))

    def _traces(self, database: str, out: Path) -> dict[str, object]:
        """Row counts of every table, and every file of the results."""
        traces: dict[str, object] = {}
        with psycopg.connect(f"{self.server}/{database}") as connection:
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            for (table,) in tables:
                if table.startswith(TABLES_OF_THE_DAY):
                    count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
                    traces[table] = connection.execute(count).fetchone()
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        traces["summary"] = {name: summary[name] for name in summary.keys() - MEASURES}
        for path in sorted(out.rglob("*")):
            if path.is_file() and path.name != "summary.json":
                traces[str(path.relative_to(out))] = path.read_bytes()
        return traces


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.close()


@pytest.fixture(scope="module")
def quiet_day(town: Town) -> tuple[float, dict[str, object]]:
    """Seconds of an undisturbed day, and what it leaves."""
    seconds, traces = town.play("undisturbed")
    return float(seconds), traces


def test_killed_at_every_boundary_it_ends_as_an_undisturbed_day(
    town: Town, quiet_day: tuple[float, dict[str, object]]
) -> None:
    _seconds, undisturbed = quiet_day

    killed, traces = town.play("at_every_boundary")

    assert int(killed) == len(Step) * len(MOMENTS) + 2
    assert traces == undisturbed


def test_killed_ten_times_at_random_it_ends_as_an_undisturbed_day(
    town: Town, quiet_day: tuple[float, dict[str, object]]
) -> None:
    seconds, undisturbed = quiet_day

    killed, traces = town.play("at_random_moments", 10, seconds, 1)

    assert int(killed) >= 1
    assert traces == undisturbed
