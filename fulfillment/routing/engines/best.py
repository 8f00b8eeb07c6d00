"""The planning job: the engines side by side on the cores there are, best plan kept.

1. Savings gives a plan within a second, to fall back on.
2. Each process searches with PyVRP for most of the budget: the first exactly
   as the engine alone would, so the plan is never dearer than its own; the
   others with seeds of their own.
3. Each process then has OR-Tools polish, under every rule, what it found.

A large day is cut into regions instead (`large_day`). Every plan is judged by
the checker before it may replace another; an engine that is missing, fails or
errs only loses its turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.alone import counted
from fulfillment.routing.engines.findings import Findings
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.large_day import LARGE_STOPS, plan_large_day
from fulfillment.routing.engines.processes import (
    Chain,
    Job,
    engine_versions,
    run_chains,
)
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
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
# The steps of `Findings` before any process.
_QUICK, _GIVEN = (-1, 0), (-1, 1)


@dataclass(frozen=True, slots=True)
class BestEngine:
    """All engines together, behind the engine protocol."""

    name: str = "best"

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of the packages that take part, without importing them."""
        return engine_versions("ortools", "pyvrp")

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
        """Return the cheapest plan of all engines that the checker accepts."""
        watch = watch or Watch(params.guard_s)
        work = _Work(problem, params, start, watch)
        if len(problem.stops) > LARGE_STOPS:
            plan_large_day(problem, params, work.findings, watch)
        elif problem.stops and problem.vehicles:
            chains = [work.chain(number) for number in range(params.processes)]
            run_chains(chains, params.processes, watch)
        return work.findings.result()


class _Work:
    """One planning job: what is to do, and what has been found."""

    def __init__(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...],
        watch: Watch,
    ) -> None:
        self._problem = problem
        self._params = params
        self._start = mended(Judge(problem), start) if start else ()
        self._journal = Journal()
        self._quick = SavingsEngine().search(problem, replace(params, iterations=1))
        self.findings = Findings(problem, watch)
        self.findings.keep(_QUICK, self._quick)
        if start:
            self.findings.keep(_GIVEN, SearchOutcome(duties=self._start, by="start"))

    def chain(self, number: int) -> Chain:
        """Search, then polish what was found; the numbers differ by their seeds."""
        seed = (self._params.seed + number * _SEED_STEP) % _SEED_RANGE
        params = replace(self._params, seed=seed)
        found = yield self._search(params, is_first=number == 0)
        self.findings.keep((number, 0), found)
        basis = self._quick if isinstance(found, EngineFailed) else found
        polished = yield self._polish(params, basis.duties)
        self.findings.keep((number, 1), polished)

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
        return Job(
            engine="pyvrp", task=task, deadline=self._journal.started + seconds * params.patience
        )

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
        deadline = self._journal.started + self._params.guard_s
        return Job(engine="ortools_polish", task=task, deadline=deadline)
