"""The planning job: several engines, one after another, best plan kept.

1. Savings gives a plan within a second, to fall back on.
2. PyVRP searches for most of the budget, in as many processes as allowed, each
   with its own seed.
3. OR-Tools polishes the best plans found, in as many processes, for the rest.

Every plan is judged by the checker before it may replace another; an engine
that fails or errs only loses its turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from time import monotonic

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.engines.processes import run_side_by_side
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import build_plan
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams, TrajectoryPoint

# Of the budget; the rest is OR-Tools'. On day_zhengzhou PyVRP's last seconds
# gain more than OR-Tools' first: docs/algorithms/routing.md.
_SEARCH_SHARE = 0.9
# Asked for by count, iterations are PyVRP's; OR-Tools gets a group for so many.
_ITERATIONS_PER_GROUP = 3_000
# Seeds of one plan's processes must not meet those of the next seed.
_SEED_STEP = 7_919
_SEED_RANGE = 2**31


@dataclass(frozen=True, slots=True)
class PortfolioEngine:
    """PyVRP searching and OR-Tools polishing, behind the engine protocol."""

    name: str = "portfolio"

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of both packages, without importing them."""
        return {package: version(package) for package in ("ortools", "pyvrp")}

    def search(self, problem: RoutingProblem, params: SolveParams) -> SearchOutcome:
        """Return the best plan of all engines that the checker accepts."""
        started = monotonic()
        ranking = _Ranking(problem)
        quick = SavingsEngine().search(problem, replace(params, iterations=1))
        ranking.enter(quick)
        if not problem.stops or not problem.vehicles:
            return ranking.result()
        search_s = params.seconds * _SEARCH_SHARE
        tasks = [
            _task("pyvrp", problem, _with(params, search_s, seed), quick)
            for seed in range(params.processes)
        ]
        for found in run_side_by_side(tasks, started + search_s):
            ranking.enter(found)
        polish_s = params.seconds - search_s
        tasks = [
            _task("ortools_polish", problem, _with(params, polish_s, seed), start)
            for seed, start in enumerate(ranking.best(params.processes))
        ]
        for found in run_side_by_side(tasks, started + params.seconds):
            ranking.enter(found)
        return ranking.result()


def _with(params: SolveParams, seconds: float, number: int) -> SolveParams:
    seed = (params.seed + number * _SEED_STEP) % _SEED_RANGE
    return replace(params, seconds=seconds, seed=seed)


def _task(
    engine: str, problem: RoutingProblem, params: SolveParams, start: SearchOutcome
) -> tuple[str, SearchTask]:
    if params.iterations is None:
        iterations = iterations_for(engine, problem, params.seconds)
    elif engine == "pyvrp":
        iterations = params.iterations
    else:
        iterations = max(1, params.iterations // _ITERATIONS_PER_GROUP)
    counted = replace(params, iterations=iterations)
    return engine, SearchTask(problem=problem, params=counted, start=start.duties)


class _Ranking:
    """Sound outcomes, cheapest first; equal ones in the order they came."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._problem = problem
        self._entries: list[tuple[int, SearchOutcome]] = []
        self._trajectory: list[TrajectoryPoint] = []
        self._troubles: list[str] = []

    def enter(self, found: SearchOutcome | EngineFailed) -> None:
        """Take part, if there is a plan and it keeps the rules."""
        if isinstance(found, EngineFailed):
            self._troubles.append(found.message)
            return
        plan = build_plan(self._problem, found.duties)
        violations = check_plan(self._problem, plan)
        if violations:
            self._troubles.append(f"A plan by {found.by} was refused: {violations[0]}")
            return
        left_out = {unserved.stop_key for unserved in plan.unserved}
        penalties = sum(
            stop.unserved_penalty_fen for stop in self._problem.stops if stop.key in left_out
        )
        self._trajectory.extend(found.trajectory)
        self._entries.append((plan.cost_fen + penalties, found))
        self._entries.sort(key=lambda entry: entry[0])

    def best(self, count: int) -> Sequence[SearchOutcome]:
        """Return the best outcomes, at most `count`."""
        return [outcome for _, outcome in self._entries[:count]]

    def result(self) -> SearchOutcome:
        """Return the best outcome with everybody's trajectory."""
        if not self._entries:
            raise EngineFailed("No engine of the portfolio produced a sound plan.")
        return replace(
            self._entries[0][1],
            trajectory=tuple(self._trajectory),
            troubles=tuple(self._troubles),
        )
