"""Pictures of every paper and label: docs/img/papers/*.png, shown by docs/papers.md.

    make paper-pictures

A day is played into a database of its own and printed, and the first page of
each kind is pictured.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.scratch import scratch_database
from config.embedded.commands import manage

FOLDER = Path(__file__).resolve().parent / "img" / "papers"


def main() -> None:
    """Take all pictures, of the demo town's day or of the one in `--data`."""
    parser = argparse.ArgumentParser(prog="python -m docs.paper_pictures", description=__doc__)
    parser.add_argument("--data", type=Path, help="a day bundle; without, the demo town's")
    data = parser.parse_args().data
    with scratch_database("pictures") as scratch, tempfile.TemporaryDirectory() as folder:
        if data is None:
            data = Path(folder) / "town"
            manage(scratch.environment, "write_demo_town", str(data))
        scratch.run("benchmarks.papers.program:play", data.resolve(), 0)
        taken = scratch.run("docs.paper_pages:take", FOLDER, Path(folder) / "papers")
    for name, size in taken.items():
        sys.stdout.write(f"docs/img/papers/{name}.png {size // 1000} kB\n")


if __name__ == "__main__":
    main()
