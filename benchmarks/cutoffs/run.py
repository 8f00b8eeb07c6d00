"""Many cut-offs in one minute; `README.md` beside this file is the protocol.

python -m benchmarks.cutoffs.run --campaigns 100 --orders 50
"""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.programs import run_program
from benchmarks.scratch import scratch_database
from config.embedded.places import PROJECT_DIR
from config.embedded.supervisor import Supervisor
from config.embedded.valkey import valkey_program

WAYS = ("floor", "serial", "workers")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each way on a database of its own, print the figures and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--campaigns", type=int, default=100)
    parser.add_argument("--orders", type=int, default=50, help="of each campaign, two lines each")
    options = parser.parse_args(arguments)
    now, load = datetime.now(UTC), os.getloadavg()[0]
    sizes = (options.campaigns, options.orders)
    with scratch_database("cutoffs") as scratch:
        server, _slash, migrated = scratch.environment["DATABASE_URL"].rpartition("/")
        figures = {way: _measured(way, server, migrated, sizes) for way in WAYS}
    report = {
        "at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before",
        "campaigns": options.campaigns,
        "orders_each": options.orders,
        **figures,
        "workers_to_serial": _ratio(figures["workers"], figures["serial"]),
        "serial_to_floor": _ratio(figures["serial"], figures["floor"]),
    }
    path = PROJECT_DIR / "benchmarks" / "results" / f"cutoffs-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1, ensure_ascii=False))
    print(path.relative_to(PROJECT_DIR))


def _measured(way: str, server: str, migrated: str, sizes: tuple[int, int]) -> dict[str, Any]:
    """The figures of a way in a copy of the migrated database, and with a broker of its own."""
    name = f"{migrated}_{way}"
    copy, drop = (
        sql.SQL(text).format(name=sql.Identifier(name), migrated=sql.Identifier(migrated))
        for text in ("CREATE DATABASE {name} TEMPLATE {migrated}", "DROP DATABASE {name} (FORCE)")
    )
    with (
        psycopg.connect(f"{server}/postgres", autocommit=True) as admin,
        TemporaryDirectory() as folder,
        Supervisor(Path(folder) / "broker") as supervisor,
    ):
        broker, broker_url = valkey_program(Path(folder) / "broker")
        supervisor.launch(broker)
        supervisor.wait_ready("valkey")
        environment = os.environ | {
            "DATABASE_URL": f"{server}/{name}",
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "BROKER_URL": broker_url,
            "CELERY_SKIP_CHECKS": "1",
            "LOG_LEVEL": "CRITICAL",
        }
        log = Path(folder) / "crew.log"
        admin.execute(copy)
        try:
            figures: dict[str, Any] = run_program(
                environment, f"benchmarks.cutoffs.ways:{way}", *sizes, log
            )
        finally:
            admin.execute(drop)
    return figures


def _ratio(one: dict[str, Any], other: dict[str, Any]) -> float:
    return round(float(one["max_s"]) / max(float(other["max_s"]), 0.01), 2)


if __name__ == "__main__":
    main()
