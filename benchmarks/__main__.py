"""`make bench`: the day's steps and papers, then the routing engines, on the data at hand."""

import sys
from pathlib import Path

from benchmarks.day.run import main as time_day
from benchmarks.routing.run import main as compare_engines

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SECONDS = "30"


def main() -> None:
    """Run the whole protocol; it takes about a quarter of an hour."""
    day = DATA / "day_zhengzhou"
    if not day.is_dir():
        sys.exit(f"The reference data is missing: {DATA}")
    time_day(["--data", str(day), "--runs", "3", "--solver-seconds", SECONDS])
    compare_engines(["--families", "DAY", "CVRP", "VRPTW", "--seconds", SECONDS])


if __name__ == "__main__":
    main()
