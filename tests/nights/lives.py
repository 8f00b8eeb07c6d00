"""One life of a platform: its nights played in a database of its own, and what it left."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.programs import run_program
from config.embedded.supervisor import Supervisor
from config.embedded.valkey import valkey_program
from tests.nights.clock import clock_install
from tests.nights.contents import CONTROL, Contents, contents_differ, contents_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What is lived: so many nights of so many cities, with the dice of a seed."""

    nights: int
    cities: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a life left: its report, the rows of the platform, and those of the control."""

    report: Mapping[str, Any]
    contents: Contents
    clumsy: Contents

    def differs_from(self, quiet: "Life") -> list[str]:
        """What is not as in a quiet life, in sentences."""
        return contents_differ(self.contents, quiet.contents)

    def clumsily_differs_from(self, quiet: "Life") -> list[str]:
        """The same of the control's effects, which are not safe against a kill."""
        return contents_differ(self.clumsy, quiet.clumsy)


def life_live(
    *, database_url: str, folder: Path, plot: Plot, kill_pause_s: float | None = None
) -> Life:
    """Live the nights on a migrated database that nobody else uses.

    With a pause its processes are killed one after the other, that far apart
    on average; without one nobody is. Its papers and logs go to the folder.
    """
    clock_install(database_url)
    with Supervisor(folder / "broker") as supervisor:
        broker, broker_url = valkey_program(folder / "broker")
        supervisor.launch(broker)
        supervisor.wait_ready("valkey")
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "BROKER_URL": broker_url,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LOG_LEVEL": "ERROR",
            # A worker is back at once, as it is where its machine does nothing else.
            "CELERY_SKIP_CHECKS": "1",
            "PAPERS_ROOT": str(folder / "papers"),
            "TUANPEI_VAR": str(folder / "var"),
        }
        report = run_program(
            environment,
            "tests.nights.play:" + ("quiet" if kill_pause_s is None else "harassed"),
            folder / "crew.log",
            plot.nights,
            plot.cities,
            plot.seed,
            *([] if kill_pause_s is None else [kill_pause_s]),
        )
    return Life(
        report=report,
        contents=contents_read(database_url),
        clumsy=contents_read(database_url, prefixes=CONTROL),
    )
