"""P22: seeded runs of the simulation; a failure prints the seed that replays it.

python -m benchmarks.simulation --runs 2000 --seed 0
python -m benchmarks.simulation --replay 1234
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.scratch import scratch_database


def main(arguments: Sequence[str] | None = None) -> None:
    """Play the runs on a database of their own; exit status 1 if one breaks a law."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the rest follow")
    parser.add_argument("--replay", type=int, help="play this seed alone and show each step")
    options = parser.parse_args(arguments)
    report = simulate(runs=options.runs, seed=options.seed, replay=options.replay)
    print(json.dumps(report, indent=1, ensure_ascii=False))
    if report["failed"]:
        sys.exit("A law was broken; replay a seed with --replay.")


def simulate(*, runs: int, seed: int = 0, replay: int | None = None) -> dict[str, Any]:
    """Play runs (or one alone, with its trail) and return what came of them."""
    with scratch_database("simulation") as scratch:
        if replay is None:
            report = scratch.run("tests.simulation.runs:play", seed, runs)
        else:
            report = scratch.run("tests.simulation.runs:replay", replay)
    assert isinstance(report, dict)
    return report


if __name__ == "__main__":
    main()
