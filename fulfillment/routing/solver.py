"""One door to all engines: run, check, and fall back if the plan is not sound."""

from collections.abc import Mapping
from dataclasses import dataclass

from fulfillment.errors import EngineFailed, EngineUnknown, NoSoundPlan
from fulfillment.routing.checker import Violation, check_plan
from fulfillment.routing.engines.nearest_neighbour import NearestNeighbourEngine
from fulfillment.routing.engines.portfolio import PortfolioEngine
from fulfillment.routing.engines.processes import ProcessEngine
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import build_plan
from fulfillment.routing.search import SearchOutcome, SolveParams, Solver, TrajectoryPoint

FALLBACK = SavingsEngine()
ENGINES: Mapping[str, Solver] = {
    engine.name: engine
    for engine in (
        PortfolioEngine(),
        ProcessEngine("pyvrp", package="pyvrp"),
        ProcessEngine("ortools", package="ortools"),
        FALLBACK,
        NearestNeighbourEngine(),
    )
}
DEFAULT_ENGINE = PortfolioEngine().name


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveResult:
    """A checked plan and how it came about.

    `engine` is the engine asked for, `made_by` the one whose plan this is;
    they differ inside a portfolio and after a fallback. `troubles` tells, one
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
    problem: RoutingProblem, params: SolveParams, engine: str = DEFAULT_ENGINE
) -> SolveResult:
    """Plan `problem` with the named engine and return a plan the checker accepts.

    Raises
    ------
    EngineUnknown
        If no engine has that name.
    NoSoundPlan
        If the fallback's plan was refused as well, which is a bug in it.
    """
    if engine not in ENGINES:
        raise EngineUnknown(
            f"There is no routing engine named {engine}.", engine=engine, known=sorted(ENGINES)
        )
    return solve_with(ENGINES[engine], problem, params)


def solve_with(solver: Solver, problem: RoutingProblem, params: SolveParams) -> SolveResult:
    """Plan `problem` with `solver`, or with the fallback where that goes wrong."""
    troubles: tuple[str, ...] = ()
    try:
        outcome = solver.search(problem, params)
        plan, violations = _judge(problem, outcome)
        troubles = outcome.troubles + tuple(str(violation) for violation in violations)
        is_sound = not violations
    except EngineFailed as failure:
        troubles, is_sound = (failure.message,), False
    if not is_sound:
        outcome = FALLBACK.search(problem, params)
        plan, violations = _judge(problem, outcome)
        if violations:
            raise NoSoundPlan(
                "Not even the savings plan keeps the rules.",
                violations=[str(violation) for violation in violations],
            )
    return SolveResult(
        plan=plan,
        engine=solver.name,
        made_by=outcome.by,
        versions=solver.versions,
        params=params,
        trajectory=outcome.trajectory,
        troubles=troubles,
    )


def _judge(
    problem: RoutingProblem, outcome: SearchOutcome
) -> tuple[RoutePlan, tuple[Violation, ...]]:
    plan = build_plan(problem, outcome.duties)
    return plan, check_plan(problem, plan)
