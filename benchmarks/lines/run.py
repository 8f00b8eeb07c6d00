"""A million order lines: pages, and the freeze beside plain SQL; `README.md` is the protocol.

python -m benchmarks.lines.run --lines 1000000
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any

from benchmarks.scratch import Scratch, scratch_database
from config.embedded.places import PROJECT_DIR

RESULTS = PROJECT_DIR / "benchmarks" / "results"
FEW = 1_000
PROMISED_S = 1.0
PROMISED_RATIO = 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the protocol once; exit status 1 if a promise of speed is broken."""
    options = _options().parse_args(arguments)
    few = _few(options.asked)
    with scratch_database("lines") as town:
        lines = _grown(town, options.lines)
        freeze = town.run("benchmarks.lines.freeze:main", options.times)
        town.run("benchmarks.lines.town:freeze")
        pages = town.run("benchmarks.lines.pages:main", options.asked)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "load": os.getloadavg(),
        "lines": lines,
        "freeze": _freeze(freeze),
        "pages": {path: _page(asked, few.get(path)) for path, asked in pages.items()},
    }
    broken = _broken(report)
    _print(report)
    if options.keep:
        name = f"lines-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
        (RESULTS / name).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if broken:
        sys.exit("\n".join(broken))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="the freeze is measured")
    parser.add_argument("--asked", type=int, default=20, help="times a page is asked for")
    parser.add_argument("--no-keep", dest="keep", action="store_false", help="write no results")
    return parser


def _few(asked: int) -> dict[str, Any]:
    """The pages over few lines: what their number of queries is compared with."""
    with scratch_database("few_lines") as town:
        _grown(town, FEW)
        town.run("benchmarks.lines.town:freeze")
        pages: dict[str, Any] = town.run("benchmarks.lines.pages:main", min(asked, 1))
    return pages


def _grown(town: Scratch, lines: int) -> int:
    written: int = town.run("benchmarks.lines.town:main", lines)
    return written


def _freeze(measured: Mapping[str, Any]) -> dict[str, Any]:
    seconds = {name: round(median(times), 2) for name, times in measured["seconds"].items()}
    return {
        "median_seconds": seconds,
        "ratio_to_effects": round(seconds["platform"] / seconds["effects"], 2),
        "ratio_to_aggregation": round(seconds["platform"] / seconds["aggregation"], 1),
        "peak_memory_mb": measured["peak_memory_mb"],
    }


def _page(asked: Mapping[str, Any], few: Mapping[str, Any] | None) -> dict[str, Any]:
    times = sorted(asked["seconds"])
    p95 = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    return {
        "status": asked["status"],
        "p50_ms": round(median(times) * 1000),
        "p95_ms": round(p95 * 1000),
        "queries": asked["queries"],
        "queries_of_few": few["queries"] if few else None,
    }


def _broken(report: Mapping[str, Any]) -> list[str]:
    broken = []
    if report["freeze"]["ratio_to_effects"] > PROMISED_RATIO:
        broken.append(f"the freeze takes {report['freeze']['ratio_to_effects']} of plain SQL")
    for path, page in report["pages"].items():
        if page["status"] != 200:
            broken.append(f"{path} answered {page['status']}")
        if page["p95_ms"] > PROMISED_S * 1000:
            broken.append(f"{path} takes {page['p95_ms']} ms at p95")
        if page["queries"] != page["queries_of_few"]:
            broken.append(f"{path} asks {page['queries']} queries, {page['queries_of_few']} of few")
    return broken


def _print(report: Mapping[str, Any]) -> None:
    print(f"{report['lines']:,} lines, load {report['load'][0]:.1f}")
    print(json.dumps(report["freeze"], indent=1))
    slowest = sorted(report["pages"].items(), key=lambda entry: -entry[1]["p95_ms"])
    for path, page in slowest[:15]:
        print(f"{page['p95_ms']:>6} ms p95 {page['queries']:>3} queries  {path}")
    print(f"{len(report['pages'])} pages")


if __name__ == "__main__":
    main()
