"""Play a day, print it, read every page back and compare it with the rows.

python -m benchmarks.papers.verify --data ../shared/data/day_zhengzhou
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scratch import scratch_database


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was read; end with an error if a paper and a row disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a day bundle")
    data = parser.parse_args(arguments).data
    with scratch_database("verify") as scratch, tempfile.TemporaryDirectory() as folder:
        scratch.run("benchmarks.papers.program:play", data.resolve(), 0)
        scratch.run("benchmarks.papers.program:draw", folder)
        report = scratch.run("benchmarks.papers.program:compare", folder)
    print(
        f"{report['papers']} papers, {report['pages']} pages, {report['codes']} codes decoded at"
        f" 203 dpi, {report['lines']} printed rows compared, {report['mismatches']} mismatches"
        f" in {report['seconds']:.0f} s"
    )
    for mismatch in report["first_mismatches"]:
        print(mismatch)
    sys.exit(1 if report["mismatches"] else 0)


if __name__ == "__main__":
    main()
