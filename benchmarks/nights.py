"""P17: two workers and two beats killed at random through many nights, beside one quiet life.

python -m benchmarks.nights --nights 50 --seed 0
"""

import argparse
import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.scratch import scratch_database
from config.embedded.places import PROJECT_DIR
from tests.nights.lives import Life, Plot, life_live

CITIES = 2
NAMED_MAX = 400


def main(arguments: Sequence[str] | None = None) -> None:
    """Live quietly, then harassed; compare and write the result; exit status 1 if they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--pause", type=float, default=2.0, help="seconds between kills, on average"
    )
    options = parser.parse_args(arguments)
    plot = Plot(nights=options.nights, cities=CITIES, seed=options.seed)
    load, now = os.getloadavg()[0], datetime.now(UTC)
    quiet = _life("quiet", plot, None)
    harassed = _life("harassed", plot, options.pause)
    differences = harassed.differs_from(quiet)
    report = {
        "at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before",
        "command": f"python -m benchmarks.nights --nights {plot.nights} --seed {plot.seed}"
        f" --pause {options.pause:g}",
        "campaigns": plot.nights * plot.cities,
        "tables_compared": len(quiet.contents),
        "rows_compared": sum(rows.total() for rows in quiet.contents.values()),
        "differences": len(differences),
        "differences_by_table": Counter(told.partition(":")[0] for told in differences),
        "named": differences[:NAMED_MAX],
        "control_differences": len(harassed.clumsily_differs_from(quiet)),
        "quiet": quiet.report,
        "harassed": harassed.report,
    }
    path = PROJECT_DIR / "benchmarks" / "results" / f"nights-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({key: report[key] for key in report.keys() - {"named"}}, indent=1))
    print(path.relative_to(PROJECT_DIR))
    if differences or quiet.report["broken_laws"] or harassed.report["broken_laws"]:
        sys.exit("The two lives differ.")


def _life(name: str, plot: Plot, pause_s: float | None) -> Life:
    with scratch_database(f"nights_{name}") as scratch, TemporaryDirectory() as folder:
        return life_live(
            database_url=scratch.environment["DATABASE_URL"],
            folder=Path(folder),
            plot=plot,
            kill_pause_s=pause_s,
        )


if __name__ == "__main__":
    main()
