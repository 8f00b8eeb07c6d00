"""Time all papers of a day; `README.md` beside this file is the protocol.

python -m benchmarks.papers.run --data ../shared/data/day_zhengzhou
python -m benchmarks.papers.run --data ../shared/data/day_zhengzhou --leaders 2000
"""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.day.baselines import plain_pages_seconds
from benchmarks.scratch import scratch_database

ROOT = Path(__file__).resolve().parents[2]
FONT = ROOT / "static/vendor/fonts/noto-sans-sc/NotoSansSC_400Regular.ttf"
# Enough pages for a steady figure; the baseline is scaled to the day's own.
PLAIN_PAGES = 500


def main(arguments: Sequence[str] | None = None) -> None:
    """Play the day into a database of its own, draw its papers, write the figures."""
    options = _options().parse_args(arguments)
    figures = papers_timed(options.data, options.leaders, check=options.check)
    for name, value in figures.items():
        shown = f"{value:.1f}" if isinstance(value, float) else value
        print(f"{name:<20}{shown}")
    _write(figures)


def papers_timed(data: Path, leaders: int, *, check: bool) -> dict[str, Any]:
    """Figures of one run: the day, its papers, the baseline, and the check if asked for."""
    with scratch_database("papers") as scratch, tempfile.TemporaryDirectory() as folder:
        day = scratch.run("benchmarks.papers.program:play", data.resolve(), leaders)
        load = os.getloadavg()[0]
        plain_s = plain_pages_seconds(PLAIN_PAGES, FONT)
        drawn = scratch.run("benchmarks.papers.program:draw", folder)
        figures = {
            "day": data.name,
            **day,
            **drawn,
            "pages_per_s": drawn["pages"] / drawn["seconds"],
            "papers_per_s": drawn["papers"] / drawn["seconds"],
            "plain_s": plain_s / PLAIN_PAGES * drawn["pages"],
            "load_average": load,
        }
        figures["x_plain"] = drawn["seconds"] / figures["plain_s"]
        if check:
            figures["check"] = scratch.run("benchmarks.papers.program:compare", folder)
    return figures


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a day bundle")
    parser.add_argument("--leaders", type=int, default=0, help="grow the day to so many leaders")
    parser.add_argument("--check", action="store_true", help="compare every page with the rows")
    return parser


def _write(figures: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    result = {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
        "measured_at": now.isoformat(timespec="seconds"),
        "papers": figures,
    }
    path = ROOT / "benchmarks" / "results" / f"papers-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written to {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
