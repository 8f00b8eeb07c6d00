"""What a plan moves: from one day to the next, and after a breakdown.

python -m benchmarks.routing.stability --stops 300 --seconds 60
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from benchmarks.routing.generated_days import generated_day, with_usual_vehicles
from fulfillment.routing.checker import check_plan
from fulfillment.routing.day_model import DayEstimates
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.replanning import plan_duties, replan
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import DEFAULT_ENGINE, solve

ROOT = Path(__file__).resolve().parents[2]
# The default of the setting ROUTE_CHANGE_FEN, and of REPLAN_CHANGE_FEN.
ROUTE_CHANGE_FEN, REPLAN_CHANGE_FEN = 600, 5_000
REPLAN_SECONDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """The second of two days, planned with and without regard to the first."""

    stops: int
    known: int
    kept: int
    kept_without: int
    cost_fen: int
    cost_without_fen: int

    @property
    def kept_percent(self) -> float:
        """Doors of both days whose driver comes again."""
        return round(100 * self.kept / self.known, 1)

    @property
    def extra_percent(self) -> float:
        """What that costs."""
        return round(100 * (self.cost_fen / self.cost_without_fen - 1), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The fullest van of a day breaks down before it is loaded."""

    stops: int
    left_over: int
    moved: int
    unserved: int
    seconds: float
    extra_percent: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Plan two days and a breakdown, print what moves, keep the figures."""
    options = _options().parse_args(arguments)
    params = SolveParams(seconds=options.seconds, seed=options.seed)
    stability, day, plan = two_days(options.stops, params)
    print(
        f"{stability.known} doors of both days: {stability.kept} keep their driver"
        f" ({stability.kept_percent} %), {stability.kept_without} by chance;"
        f" {stability.extra_percent} % dearer"
    )
    breakdown = breaks_down(day, plan, options.seed)
    print(
        f"breakdown: {breakdown.left_over} stops left over, {breakdown.moved} moved,"
        f" {breakdown.unserved} unserved, {breakdown.seconds} s,"
        f" {breakdown.extra_percent} % dearer"
    )
    figures = {
        "seed": options.seed,
        "seconds": options.seconds,
        "stability": asdict(stability)
        | {"kept_percent": stability.kept_percent, "extra_percent": stability.extra_percent},
        "breakdown": asdict(breakdown),
    }
    name = f"stability-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    (ROOT / "benchmarks" / "results" / name).write_text(json.dumps(figures, indent=1) + "\n")


def two_days(
    stops: int,
    params: SolveParams,
    engine: str = DEFAULT_ENGINE,
    change_fen: int = ROUTE_CHANGE_FEN,
) -> tuple[Stability, RoutingProblem, RoutePlan]:
    """Plan a day, and the next one with and without its drivers; return the next with its plan."""
    estimates = DayEstimates()
    first = generated_day(stops, params.seed, day=1, estimates=estimates)
    before = _planned(first, params, engine)
    usual = _vehicle_of(before)
    second = generated_day(stops, params.seed, day=2, estimates=estimates)
    familiar = with_usual_vehicles(second, usual, change_fen)
    plan = _planned(familiar, params, engine, _again(second, before))
    without = _planned(second, params, engine)
    stability = Stability(
        stops=len(second.stops),
        known=len(usual.keys() & _vehicle_of(plan).keys()),
        kept=_kept(usual, _vehicle_of(plan)),
        kept_without=_kept(usual, _best_names(usual, _vehicle_of(without))),
        cost_fen=plan.cost_fen,
        cost_without_fen=without.cost_fen,
    )
    return stability, second, plan


def breaks_down(problem: RoutingProblem, plan: RoutePlan, seed: int) -> Breakdown:
    """Take the van with most stops out of a day and plan again around what it leaves."""
    vehicle_of = _vehicle_of(plan)
    ((broken, left_over),) = Counter(vehicle_of.values()).most_common(1)
    stays = [number for number, v in enumerate(problem.vehicles) if v.key != broken]
    position = {vehicle: at for at, vehicle in enumerate(stays)}
    part = with_usual_vehicles(
        replace(problem, vehicles=tuple(problem.vehicles[number] for number in stays)),
        {key: van for key, van in vehicle_of.items() if van != broken},
        REPLAN_CHANGE_FEN,
    )
    standing = tuple(
        Duty(position[duty.vehicle], duty.trips)
        for duty in plan_duties(problem, plan)
        if duty.vehicle in position
    )
    started = perf_counter()
    duties, _result = replan(part, standing, SolveParams(seconds=REPLAN_SECONDS, seed=seed))
    seconds = perf_counter() - started
    after = build_plan(part, duties)
    assert not check_plan(part, after)
    now = _vehicle_of(after)
    return Breakdown(
        stops=len(problem.stops),
        left_over=left_over,
        moved=sum(now.get(key) != van for key, van in vehicle_of.items()),
        unserved=len(after.unserved),
        seconds=round(seconds, 1),
        extra_percent=round(100 * (after.cost_fen / plan.cost_fen - 1), 2),
    )


def _again(problem: RoutingProblem, plan: RoutePlan) -> tuple[Duty, ...]:
    """The routes of a day with those of its doors that order on the next."""
    node = {stop.key: number for number, stop in enumerate(problem.stops, start=1)}
    position = {vehicle.key: number for number, vehicle in enumerate(problem.vehicles)}
    trips_of: dict[str, list[tuple[int, ...]]] = {}
    for trip in plan.trips:
        nodes = tuple(node[stop.stop_key] for stop in trip.stops if stop.stop_key in node)
        trips_of.setdefault(trip.vehicle_key, []).append(nodes)
    return tuple(Duty(position[code], tuple(trips)) for code, trips in trips_of.items())


def _planned(
    problem: RoutingProblem, params: SolveParams, engine: str, start: tuple[Duty, ...] = ()
) -> RoutePlan:
    result = solve(problem, params, engine, start)
    assert not check_plan(problem, result.plan)
    return result.plan


def _vehicle_of(plan: RoutePlan) -> dict[str, str]:
    return {stop.stop_key: trip.vehicle_key for trip in plan.trips for stop in trip.stops}


def _kept(before: dict[str, str], after: dict[str, str]) -> int:
    return sum(after.get(key) == van for key, van in before.items())


def _best_names(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """The vans of a plan that knew no names, called so that most doors see theirs again."""
    shared = Counter((van, before[key]) for key, van in after.items() if key in before)
    names: dict[str, str] = {}
    for (van, name), _doors in shared.most_common():
        if van not in names and name not in names.values():
            names[van] = name
    return {key: names.get(van, "") for key, van in after.items()}


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    main()
