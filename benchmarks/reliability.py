"""Every promise of docs/reliability.md at full size, printed as one table.

python -m benchmarks.reliability            # all, about forty minutes
python -m benchmarks.reliability P1 P5      # some
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any

from benchmarks.programs import run_program
from benchmarks.scratch import scratch_database
from benchmarks.simulation import simulate
from config.embedded.commands import manage
from config.embedded.places import PROJECT_DIR, server_root
from config.embedded.postgres import PostgresServer

KILLS, RUNS, SEED, BUYERS = 200, 2_000, 0, 16
Figures = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Play the parts that were asked for, print the table and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="all, if none is named")
    wanted = parser.parse_args(arguments).parts or list(PARTS)
    if unknown := set(wanted) - PARTS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    rows = {part: _timed(PARTS[part]) for part in wanted}
    now = datetime.now(UTC)
    report = {
        "at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "rows": rows,
    }
    path = PROJECT_DIR / "benchmarks" / "results" / f"reliability-{now:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(path.relative_to(PROJECT_DIR))


def _timed(play: Callable[[], Figures]) -> Figures:
    """The figures of a part with its seconds and the load before it; printed as they come."""
    load, started = os.getloadavg()[0], perf_counter()
    figures = dict(play())
    figures |= {"seconds": round(perf_counter() - started), "load_before": round(load, 1)}
    name = next(part for part, known in PARTS.items() if known is play)
    print(f"{name:<5}" + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)
    return figures


def _scenario(name: str) -> Figures:
    with scratch_database("figures") as scratch:
        figures: Figures = scratch.run(f"tests.concurrency.figures:{name}")
    return figures


def _crashes() -> Figures:
    """P14: each crash point killed in an evening of its own, then kills at random."""
    with scratch_database("crash") as scratch:
        named = scratch.run("tests.journeys.prepay_crash:at_every_crashpoint")
    with scratch_database("crash") as scratch:
        anywhere = scratch.run("tests.journeys.prepay_crash:at_random_moments", KILLS, SEED)
    return {
        "points_killed": named["kills"],
        "points_unreached": len(named["unreached"]),
        "random_kills": anywhere["kills"],
        "evenings": named["evenings"] + anywhere["evenings"],
        "violations": len(named["violations"]) + len(anywhere["violations"]),
        "longest_resume_s": round(max(named["resume_s"] + anywhere["resume_s"]), 1),
    }


def _database_stops() -> Figures:
    """P16: on a server that flushes its commits, as production does."""
    server = PostgresServer(server_root("stopped-postgres"))
    server.join()
    try:
        stops = [_database_stop(server, f"stopped_{time}") for time in range(3)]
    finally:
        server.destroy()
    counted = ("acknowledged", "lost", "doubled", "errors_seen", "left_out")
    return {
        "stops": 2 * len(stops),
        **{name: sum(stop[name] for stop in stops) for name in counted},
        "broken_laws": sum(len(stop["broken_laws"]) for stop in stops),
        "longest_outage_s": max(stop["out_s"] for stop in stops),
    }


def _database_stop(server: PostgresServer, database: str) -> Figures:
    server.ensure_database(database)
    environment = os.environ | {
        "DATABASE_URL": server.url(database),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "LOG_LEVEL": "CRITICAL",
    }
    manage(environment, "migrate", "--skip-checks", "--verbosity", "0")
    figures: Figures = run_program(
        environment, "tests.concurrency.database_stop:main", server.root, BUYERS
    )
    return figures


def _simulation() -> Figures:
    """P22."""
    report = simulate(runs=RUNS, seed=SEED)
    counts = report["counts"]
    return {
        "runs": report["runs"],
        "steps": report["steps"],
        "payments": counts["paid"],
        "crashes": counts["crash"],
        "failed": len(report["failed"]),
    }


PARTS: Mapping[str, Callable[[], Figures]] = {
    "P1": partial(_scenario, "last_unit"),
    "P1b": partial(_scenario, "last_units_of_buckets"),
    "P2": partial(_scenario, "shuffled_baskets"),
    "P5": partial(_scenario, "freezes_under_load"),
    "P6": partial(_scenario, "one_notice_many_times"),
    "P7": partial(_scenario, "unheard_payments"),
    "P9": partial(_scenario, "late_money"),
    "P10": partial(_scenario, "one_refund_many_times"),
    "P11": partial(_scenario, "too_many_refunds"),
    "P14": _crashes,
    "P16": _database_stops,
    "P17": partial(_scenario, "two_schedulers"),
    "P22": _simulation,
}


if __name__ == "__main__":
    main()
