"""Measure the routing engines; `README.md` beside this file is the protocol.

make bench-routing
make bench-routing FAMILIES='DAY JD' ENGINES='pyvrp best' SECONDS='30 60'
"""

import argparse
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from benchmarks.routing.memory import PeakMemory
from benchmarks.routing.problems import FAMILIES, Measured, problems
from benchmarks.routing.rows import Row, report, row_of, rows_by_budget
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, ENGINES, solve

ROOT = Path(__file__).resolve().parents[2]
BUDGETS_S = (10.0, 30.0, 60.0)
# These do not care how long they may search.
_ONE_SHOT = ("nearest_neighbour", "savings")
# A longer run of these begins exactly like a shorter one, so one run tells all budgets.
_PREFIX = ("pyvrp", "ortools")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for and not yet in the results file; print what the file then says."""
    options = _options().parse_args(arguments)
    book = _Book(options.results)
    for measured in problems(options.data, options.families, options.only):
        for seed in options.seeds:
            for row in _rows(measured, options, seed, book):
                book.add(row)
                print(row.line(), flush=True)
    print(report(book.rows))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--only", nargs="+", default=[], metavar="PROBLEM")
    parser.add_argument("--engines", nargs="+", choices=sorted(ENGINES), default=sorted(ENGINES))
    parser.add_argument("--seconds", type=float, nargs="+", default=BUDGETS_S)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument(
        "--patience",
        type=float,
        default=1.0,
        help="how many times its budget a search may take on a busy machine",
    )
    parser.add_argument(
        "--results", type=Path, default=ROOT / "benchmarks" / "results" / "bench-routing.json"
    )
    return parser


def _rows(
    measured: Measured, options: argparse.Namespace, seed: int, book: "_Book"
) -> Iterator[Row]:
    for engine in options.engines:
        budgets = sorted(options.seconds)
        if engine in _ONE_SHOT:
            budgets = budgets[:1]
        missing = [s for s in budgets if not book.has(measured.name, engine, s, seed)]
        runs = missing[-1:] if engine in _PREFIX else missing
        for seconds in runs:
            params = SolveParams(seconds=seconds, seed=seed, patience=options.patience)
            row, points = _run(measured, params, engine)
            if engine in _PREFIX:
                earlier = [budget for budget in missing if budget < seconds]
                yield from rows_by_budget(measured, row, points, earlier)
            yield row


def _run(
    measured: Measured, params: SolveParams, engine: str
) -> tuple[Row, Sequence[tuple[int, int]]]:
    """Return the row of one run and its better plans as (iteration, cost)."""
    load = os.getloadavg()[0]
    begun = perf_counter()
    with PeakMemory() as memory:
        result = solve(measured.problem, params, engine)
    row = row_of(measured, result)
    row = replace(
        row,
        used_s=round(perf_counter() - begun, 1),
        peak_mb=memory.megabytes,
        load_average=round(load, 1),
    )
    return row, [(point.iteration, point.cost_fen) for point in result.trajectory]


class _Book:
    """The results file: every row is on disk as soon as it is known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: list[Row] = []
        if path.exists():
            record = json.loads(path.read_text(encoding="utf-8"))
            self.rows = [
                Row(**row | {"troubles": tuple(row["troubles"])}) for row in record["rows"]
            ]

    def has(self, problem: str, engine: str, budget_s: float, seed: int) -> bool:
        """Return whether this was measured."""
        wanted = (problem, engine, budget_s, seed)
        return any((r.problem, r.engine, r.budget_s, r.seed) == wanted for r in self.rows)

    def add(self, row: Row) -> None:
        """Keep a row."""
        self.rows.append(row)
        record = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
            "versions": dict(ENGINES[DEFAULT_ENGINE].versions) | dict(ENGINES["vroom"].versions),
            "rows": [asdict(row) for row in self.rows],
        }
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        fresh = self._path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self._path)


if __name__ == "__main__":
    main()
