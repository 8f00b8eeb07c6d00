"""Measure the routing engines; `README.md` beside this file is the protocol.

python -m benchmarks.routing.run --day day_zhengzhou --seconds 30
python -m benchmarks.routing.run --instances CVRP VRPTW --seconds 30
"""

import argparse
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from time import perf_counter

from benchmarks.routing.day import read_day
from fulfillment.routing.checker import check_plan
from fulfillment.routing.instances import read_instance
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, ENGINES, SolveResult, solve

ROOT = Path(__file__).resolve().parents[2]
DAY_ENGINES = ("nearest_neighbour", "savings", "ortools", "pyvrp", DEFAULT_ENGINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One run of one engine on one problem."""

    problem: str
    engine: str
    made_by: str
    seed: int
    budget_s: float
    used_s: float
    sound: bool
    served: int
    unserved: int
    cost: float
    gap_pct: float | None
    vehicles: int
    trips: int
    km: float
    load_average: float
    troubles: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for, print a table, write the rows."""
    options = _options().parse_args(arguments)
    engines = options.engines
    rows: list[Row] = []
    print(_HEAD)
    for row in _rows(options, engines):
        rows.append(row)
        print(_line(row), flush=True)
    _print_gaps(rows)
    _write(rows, options.results)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--day", action="append", default=[], metavar="BUNDLE")
    parser.add_argument("--instances", nargs="*", default=[], metavar="FAMILY_OR_FILE")
    parser.add_argument("--engines", nargs="*", choices=sorted(ENGINES), metavar="ENGINE")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results")
    return parser


def _rows(options: argparse.Namespace, engines: Sequence[str] | None) -> Iterator[Row]:
    for seed in options.seeds:
        params = SolveParams(seconds=options.seconds, seed=seed)
        for bundle in options.day:
            problem = read_day(options.data / bundle)
            for engine in engines or DAY_ENGINES:
                result, used_s = _timed(problem, params, engine)
                yield _row(bundle, problem, result, used_s, result.plan.cost_fen, None)
        for path in _files(options):
            instance = read_instance(path)
            for engine in engines or (DEFAULT_ENGINE,):
                result, used_s = _timed(instance.problem, params, engine)
                cost, gap = instance.cost(result.plan), instance.gap_pct(result.plan)
                yield _row(instance.name, instance.problem, result, used_s, cost, gap)


def _files(options: argparse.Namespace) -> Iterator[Path]:
    for name in options.instances:
        folder = options.data / "cvrplib_bks" / name
        if folder.is_dir():
            yield from sorted((*folder.glob("*.vrp"), *folder.glob("*.txt")))
        else:
            yield Path(name)


def _timed(problem: RoutingProblem, params: SolveParams, engine: str) -> tuple[SolveResult, float]:
    start = perf_counter()
    result = solve(problem, params, engine)
    return result, perf_counter() - start


def _row(
    name: str,
    problem: RoutingProblem,
    result: SolveResult,
    used_s: float,
    cost: float,
    gap_pct: float | None,
) -> Row:
    plan = result.plan
    return Row(
        problem=name,
        engine=result.engine,
        made_by=result.made_by,
        seed=result.seed,
        budget_s=result.params.seconds,
        used_s=round(used_s, 1),
        sound=not check_plan(problem, plan),
        served=plan.stop_count,
        unserved=len(plan.unserved),
        cost=cost,
        gap_pct=gap_pct,
        vehicles=len(plan.vehicle_keys),
        trips=len(plan.trips),
        km=plan.distance_m / 1000,
        load_average=round(os.getloadavg()[0], 1),
        troubles=result.troubles,
    )


_HEAD = (
    "| problem | engine | by | seed | s used | sound | served | cost | gap % "
    "| vehicles | trips | km | load |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def _line(row: Row) -> str:
    gap = "" if row.gap_pct is None else f"{row.gap_pct:.2f}"
    served = f"{row.served}/{row.served + row.unserved}"
    return (
        f"| {row.problem} | {row.engine} | {row.made_by} | {row.seed} | {row.used_s} "
        f"| {'yes' if row.sound else 'NO'} | {served} | {row.cost:,} | {gap} "
        f"| {row.vehicles} | {row.trips} | {row.km:,.0f} | {row.load_average} |"
    )


def _print_gaps(rows: Sequence[Row]) -> None:
    for engine in dict.fromkeys(row.engine for row in rows):
        gaps = [row.gap_pct for row in rows if row.engine == engine and row.gap_pct is not None]
        if gaps:
            print(
                f"\n{engine}: mean {fmean(gaps):.2f} %, worst {max(gaps):.2f} %, {len(gaps)} runs"
            )


def _write(rows: Sequence[Row], folder: Path) -> None:
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"routing-{now:%Y%m%d-%H%M%S}.json"
    record = {
        "measured_at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: dict(engine.versions) for name, engine in ENGINES.items()},
        "rows": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nWritten to {path}")


if __name__ == "__main__":
    main()
