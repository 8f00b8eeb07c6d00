"""Time the steps of a day; `README.md` beside this file is the protocol.

python -m benchmarks.day.run --data ../shared/data/day_zhengzhou --runs 3
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.day.baselines import copy_seconds, plain_pages_seconds

ROOT = Path(__file__).resolve().parents[2]
FONT = ROOT / "static/vendor/fonts/noto-sans-sc/NotoSansSC_400Regular.ttf"
# Enough pages for a steady figure; the baseline is scaled to the day's own.
PLAIN_PAGES = 500


def main(arguments: Sequence[str] | None = None) -> None:
    """Play the day several times, print the medians, write every row."""
    options = _options().parse_args(arguments)
    runs = [_run(options.data, options.solver_seconds) for _number in range(options.runs)]
    _print_table(runs)
    _write(options.data, runs)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--solver-seconds", type=int, default=30)
    return parser


def _run(data: Path, solver_seconds: int) -> dict[str, float]:
    """One day, with the baselines measured right before it."""
    load = os.getloadavg()[0]
    copy_s = copy_seconds(data / "orders.csv")
    plain_s = plain_pages_seconds(PLAIN_PAGES, FONT)
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(
            [
                "make", "--no-print-directory", "day",
                f"DATA={data}", f"OUT={out}", f"SOLVER_SECONDS={solver_seconds}",
            ],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        summary = json.loads((Path(out) / "summary.json").read_text(encoding="utf-8"))
        with (Path(out) / "papers.csv").open(encoding="utf-8") as papers:
            pages = sum(int(row["pages"]) for row in csv.DictReader(papers))
    return {
        "load_average": load,
        "copy_s": copy_s,
        "plain_s": plain_s / PLAIN_PAGES * pages,
        "pages": pages,
        "peak_memory_mb": summary["peak_memory_mb"],
        "route_cost_fen": summary["route_cost_fen"],
        **{f"step {step}": seconds for step, seconds in summary["seconds"].items()},
    }


def _print_table(runs: Sequence[Mapping[str, float]]) -> None:
    middle = {name: median(run[name] for run in runs) for name in runs[0]}
    print(f"{len(runs)} runs, medians; load {middle['load_average']:.1f}")
    print(f"{'step':<12}{'seconds':>9}{'x copy':>9}")
    for name, seconds in middle.items():
        if name.startswith("step "):
            ratio = seconds / middle["copy_s"]
            print(f"{name.removeprefix('step '):<12}{seconds:>9.2f}{ratio:>9.1f}")
    print_s = middle.get("step print", 0)
    if print_s:
        print(
            f"papers: {middle['pages']:.0f} pages, {middle['pages'] / print_s:.0f} a second,"
            f" {print_s / middle['plain_s']:.2f} x plain pages"
        )
    print(f"peak memory: {middle['peak_memory_mb']:.0f} MB")


def _write(data: Path, runs: Sequence[Mapping[str, float]]) -> None:
    now = datetime.now(UTC)
    path = ROOT / "benchmarks" / "results" / f"day-{now:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(exist_ok=True)
    report = {
        "day": data.name,
        "at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "runs": runs,
    }
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
