"""The planning job: the engines side by side on the cores there are, best plan kept.

1. Savings gives a plan within a second, to fall back on.
2. Each process searches with PyVRP for most of the budget: the first exactly
   as the engine alone would, so the plan is never dearer than its own; the
   others with seeds of their own.
3. Each process then has OR-Tools polish, under every rule, what it found.

Every plan is judged by the checker before it may replace another; an engine
that is missing, fails or errs only loses its turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.alone import counted
from fulfillment.routing.engines.processes import (
    Answer,
    Chain,
    Job,
    package_versions,
    run_chains,
)
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import (
    Journal,
    SearchOutcome,
    SearchTask,
    SolveParams,
    Watch,
)

# Of the budget; on day_zhengzhou PyVRP's last seconds gain more than
# OR-Tools' first: docs/algorithms/routing.md.
_POLISH_SHARE = 0.12
# Asked for by count, iterations are PyVRP's; OR-Tools gets a group for so many.
_ITERATIONS_PER_GROUP = 3_000
# Seeds of one plan's processes must not meet those of the next seed.
_SEED_STEP = 7_919
_SEED_RANGE = 2**31


@dataclass(frozen=True, slots=True)
class BestEngine:
    """All engines together, behind the engine protocol."""

    name: str = "best"

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the packages that take part, without importing them."""
        return package_versions("ortools", "pyvrp")

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
        """Return the cheapest plan of all engines that the checker accepts."""
        work = _Work(problem, params, start, watch or Watch(params.seconds))
        if problem.stops and problem.vehicles:
            chains = [work.chain(number) for number in range(params.processes)]
            run_chains(chains, params.processes, work.watch)
        return work.result()


class _Work:
    """One planning job: what is to do, and what has been found.

    Findings are kept by the process and step that they come from, so nothing
    depends on which process was ready first.
    """

    def __init__(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...],
        watch: Watch,
    ) -> None:
        self.watch = watch
        self._problem = problem
        self._params = params
        self._start = start
        self._journal = Journal()
        self._found: dict[tuple[int, int], _Finding] = {}
        self._quick = SavingsEngine().search(problem, replace(params, iterations=1))
        self._keep((-1, 0), self._quick)

    def chain(self, number: int) -> Chain:
        """Search, then polish what was found; the numbers differ by their seeds."""
        seed = (self._params.seed + number * _SEED_STEP) % _SEED_RANGE
        params = replace(self._params, seed=seed)
        found = yield self._search(params, is_first=number == 0)
        self._keep((number, 0), found)
        basis = self._quick if isinstance(found, EngineFailed) else found
        polished = yield self._polish(params, basis.duties)
        self._keep((number, 1), polished)

    def result(self) -> SearchOutcome:
        """Return the cheapest sound plan with everybody's trajectory and troubles."""
        found = [self._found[key] for key in sorted(self._found)]
        sound = [finding for finding in found if finding.cost_fen is not None]
        if not sound:
            raise EngineFailed("No engine produced a sound plan.")
        best = min(sound, key=lambda finding: finding.cost_fen or 0)
        return SearchOutcome(
            duties=best.outcome.duties,
            by=best.outcome.by,
            trajectory=tuple(p for finding in sound for p in finding.outcome.trajectory),
            troubles=tuple(told for finding in found for told in finding.troubles),
        )

    def _search(self, params: SolveParams, *, is_first: bool) -> Job:
        """Return PyVRP's job: from the start, if there is one, in the first process."""
        is_warm = is_first and bool(self._start)
        seconds = params.seconds * (1 if is_first else 1 - _POLISH_SHARE)
        task = SearchTask(
            problem=self._problem,
            params=counted("pyvrp", self._problem, replace(params, seconds=seconds)),
            start=self._start if is_warm else self._quick.duties,
            is_warm=is_warm,
            journal=self._journal,
        )
        return Job(engine="pyvrp", task=task, deadline=self._journal.started + seconds)

    def _polish(self, params: SolveParams, duties: tuple[Duty, ...]) -> Job:
        seconds = params.seconds * _POLISH_SHARE
        if params.iterations is None:
            params = counted("ortools_polish", self._problem, replace(params, seconds=seconds))
        else:
            groups = max(1, params.iterations // _ITERATIONS_PER_GROUP)
            params = replace(params, iterations=groups)
        task = SearchTask(
            problem=self._problem,
            params=params,
            start=duties,
            is_warm=True,
            journal=self._journal,
        )
        deadline = self._journal.started + self._params.seconds
        return Job(engine="ortools_polish", task=task, deadline=deadline)

    def _keep(self, key: tuple[int, int], found: Answer) -> None:
        """Judge what an engine answered and write it down."""
        if isinstance(found, EngineFailed):
            self._found[key] = _Finding(SearchOutcome(duties=()), None, (found.message,))
            return
        plan = build_plan(self._problem, found.duties)
        violations = check_plan(self._problem, plan)
        if violations:
            told = f"A plan by {found.by} was refused: {violations[0]}"
            self._found[key] = _Finding(found, None, (told,))
            return
        cost_fen = objective_fen(self._problem, plan)
        self.watch.hear(cost_fen)
        self._found[key] = _Finding(found, cost_fen, found.troubles)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What an engine answered; without a cost it does not count."""

    outcome: SearchOutcome
    cost_fen: int | None
    troubles: tuple[str, ...]
