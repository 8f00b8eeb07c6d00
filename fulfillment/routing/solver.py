"""One door to all engines: run, check, and fall back if the plan is not sound.

Engines see the open part of a problem only (`fixing`); plans are judged whole.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from fulfillment.errors import EngineFailed, EngineUnknown, NoSoundPlan
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.alone import ProcessEngine
from fulfillment.routing.engines.best import BestEngine
from fulfillment.routing.engines.nearest_neighbour import NearestNeighbourEngine
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.fixing import open_part
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import (
    Progress,
    SolveParams,
    Solver,
    TrajectoryPoint,
    Watch,
)

ENGINES: Mapping[str, Solver] = {
    engine.name: engine
    for engine in (
        BestEngine(),
        ProcessEngine("pyvrp"),
        ProcessEngine("ortools"),
        ProcessEngine("vroom"),
        SavingsEngine(),
        NearestNeighbourEngine(),
    )
}
DEFAULT_ENGINE = BestEngine().name
# Asked in this order when an engine is missing, breaks down, runs out of time
# or errs; the last needs no package and no time to speak of.
FALLBACKS = ("pyvrp", "ortools", "savings")
# Less is not worth starting a process for.
_WORTHWHILE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveResult:
    """A checked plan and how it came about.

    `engine` is the engine asked for, `made_by` the one whose plan this is;
    they differ inside `best` and after a fallback. `troubles` tells, one
    sentence each, what failed or was refused on the way; usually nothing.
    """

    plan: RoutePlan
    engine: str
    made_by: str
    versions: Mapping[str, str]
    params: SolveParams
    trajectory: tuple[TrajectoryPoint, ...]
    troubles: tuple[str, ...] = ()

    @property
    def seed(self) -> int:
        """The seed of every random choice."""
        return self.params.seed


def solve(
    problem: RoutingProblem,
    params: SolveParams,
    engine: str = DEFAULT_ENGINE,
    start: tuple[Duty, ...] = (),
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> SolveResult:
    """Plan `problem` with the named engine and return a plan the checker accepts.

    Parameters
    ----------
    start
        A plan to begin with, such as the one in force; engines that cannot
        begin with a plan begin from nothing.
    should_stop
        Asked about twice a second; true ends the search and its processes.
    on_progress
        Told about twice a second how far the search is.

    Raises
    ------
    EngineUnknown
        If no engine has that name.
    SearchCancelled
        If `should_stop` said so.
    NoSoundPlan
        If the last fallback's plan was refused as well, which is a bug in it.
    """
    if engine not in ENGINES:
        raise EngineUnknown(
            f"There is no routing engine named {engine}.", engine=engine, known=sorted(ENGINES)
        )
    watch = Watch(params.guard_s, should_stop, on_progress)
    return solve_with(ENGINES[engine], problem, params, start, watch)


def solve_with(
    solver: Solver,
    problem: RoutingProblem,
    params: SolveParams,
    start: tuple[Duty, ...] = (),
    watch: Watch | None = None,
) -> SolveResult:
    """Plan `problem` with `solver`, or with the first fallback that has a sound plan."""
    watch = watch or Watch(params.guard_s)
    part = open_part(problem)
    start = part.reduce(start)
    troubles: list[str] = []
    for turn, turn_params in _turns(solver, params, watch):
        if troubles:
            troubles.append(f"The engine {turn.name} was asked instead.")
        try:
            outcome = turn.search(part.problem, turn_params, start, watch)
        except EngineFailed as failure:
            troubles.append(failure.message)
            continue
        troubles.extend(outcome.troubles)
        plan = build_plan(problem, part.restore(outcome.duties))
        violations = check_plan(problem, plan)
        if not violations:
            return SolveResult(
                plan=plan,
                engine=solver.name,
                made_by=outcome.by,
                versions={**solver.versions, **turn.versions},
                params=params,
                trajectory=outcome.trajectory,
                troubles=tuple(troubles),
            )
        troubles.extend(f"A plan by {outcome.by} was refused: {told}" for told in violations)
    raise NoSoundPlan("Not even the last fallback keeps the rules.", troubles=troubles)


def _turns(
    solver: Solver, params: SolveParams, watch: Watch
) -> Iterator[tuple[Solver, SolveParams]]:
    """Yield the engine asked for, then the fallbacks that the time left is worth."""
    yield solver, params
    for name in FALLBACKS:
        left_s = watch.started + params.guard_s - monotonic()
        is_last = name == FALLBACKS[-1]
        if name != solver.name and (is_last or left_s > _WORTHWHILE_S):
            seconds = max(left_s, _WORTHWHILE_S)
            yield ENGINES[name], replace(params, seconds=seconds, iterations=None, patience=1.0)
