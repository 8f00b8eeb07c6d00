"""The planning job: the engines side by side on the cores there are, best plan kept.

1. Savings gives a plan within a second, to fall back on.
2. Each process searches with PyVRP: the first exactly as the engine alone
   would, so the plan is never dearer than its own; the second from VROOM's
   plan, where that is quick; further ones from nothing with seeds of their own.
3. Each process then has OR-Tools polish, under every rule, what it found.

On a large day the second process works in regions, and the end belongs to
regions side by side; a day still larger is searched in regions only
(`large_day`). Every plan is judged by the checker before it may replace
another; an engine that is missing, fails or errs only loses its turn.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

from fulfillment.routing.engines.findings import Findings
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.large_day import Rounds
from fulfillment.routing.engines.pace import iterations_for, vroom_seconds
from fulfillment.routing.engines.processes import (
    Answer,
    Chain,
    Job,
    engine_versions,
    run_chains,
)
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask, SolveParams, Watch

# Above the first, regions help; above the second, nothing else does.
LARGE_STOPS = 700
HUGE_STOPS = 1_500
# Of the budget. On day_zhengzhou PyVRP's last seconds gain more than OR-Tools'
# first: docs/algorithms/routing.md.
_POLISH_SHARE = 0.12
# Regions side by side at the end of a large day, polish included.
_JOINT_SHARE = 0.2
# What PyVRP alone leaves of a large day's budget, in regions of its plan.
_AFTER_SHARE = 0.4
# A start that takes longer comes too late.
_START_SHARE = 0.1
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
        return engine_versions("ortools", "pyvrp", "vroom")

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
        if problem.stops and problem.vehicles:
            work.search()
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
        self._watch = watch
        self._journal = Journal()
        quick = SavingsEngine().search(problem, replace(params, iterations=1))
        self._quick = quick.duties
        self._given = mended(Judge(problem), start) if start else ()
        self.findings = Findings(problem, watch)
        self.findings.keep(_QUICK, quick)
        if start:
            self.findings.keep(_GIVEN, SearchOutcome(duties=self._given, by="start"))

    def search(self) -> None:
        """Do everything that the size of the day asks for."""
        stops, seconds = len(self._problem.stops), self._params.seconds
        count = self._params.processes
        if stops <= LARGE_STOPS:
            run_chains([self._chain(number) for number in range(count)], count, self._watch)
            return
        rounds = Rounds(self._problem, self._params, self.findings, self._watch)
        if stops > HUGE_STOPS:
            rounds.run(self._given or rounds.start(self._quick), seconds)
            return
        chains = [self._alone_then_regions()]
        chains += [self._in_regions(number) for number in range(1, count)]
        run_chains(chains, count, self._watch)
        rounds.run(self.findings.best_duties(), seconds * _JOINT_SHARE)

    def _chain(self, number: int) -> Chain:
        """Search, then polish what was found."""
        seconds = self._params.seconds
        if number == 0:
            yield from self._alone(seconds)
        else:
            start = (yield from self._start(number)) if number == 1 else ()
            until = seconds * (1 - _POLISH_SHARE)
            job = self._job("pyvrp", number, until, until, start or self._quick)
            job = replace(job, task=replace(job.task, is_warm=bool(start)))
            self.findings.keep((number, 1), (yield job))
        basis = self.findings.duties((number, 1)) or self._quick
        polish_s = seconds * _POLISH_SHARE
        job = self._job("ortools_polish", number, polish_s, seconds, basis)
        self.findings.keep((number, 2), (yield job))

    def _alone(self, until: float) -> Chain:
        """Search as PyVRP alone would, for the whole budget; `until` only guards."""
        job = self._job("pyvrp", 0, self._params.seconds, until, self._given or self._quick)
        job = replace(job, task=replace(job.task, is_warm=bool(self._given)))
        self.findings.keep((0, 1), (yield job))

    def _alone_then_regions(self) -> Chain:
        """Search as PyVRP alone would, then improve what was found region by region."""
        seconds = self._params.seconds
        until = seconds * (1 - _JOINT_SHARE)
        yield from self._alone(until)
        found = self.findings.duties((0, 1)) or self._quick
        job = self._job("pyvrp_regions", 0, seconds * _AFTER_SHARE, until, found)
        self.findings.keep((0, 2), (yield job))

    def _in_regions(self, number: int) -> Chain:
        """Search region by region, from the plan given or from VROOM's."""
        until = self._params.seconds * (1 - _JOINT_SHARE)
        start = self._given or (yield from self._start(number)) or self._quick
        job = self._job("pyvrp_regions", number, self._params.seconds, until, start)
        self.findings.keep((number, 1), (yield job))

    def _start(self, number: int) -> Generator[Job, Answer, tuple[Duty, ...]]:
        """Return VROOM's plan; nothing where it takes too long or fails."""
        seconds = self._params.seconds * _START_SHARE
        if vroom_seconds(self._problem, 0) > seconds:
            return ()
        job = self._job("vroom", number, seconds, seconds, self._quick)
        self.findings.keep((number, 0), (yield job))
        return self.findings.duties((number, 0))

    def _job(
        self, engine: str, number: int, seconds: float, until: float, start: tuple[Duty, ...]
    ) -> Job:
        """Return a job worth `seconds`, to end `until` seconds after the beginning."""
        params = self._params
        task = SearchTask(
            problem=self._problem,
            params=replace(
                params,
                seed=(params.seed + number * _SEED_STEP) % _SEED_RANGE,
                iterations=self._iterations(engine, seconds),
            ),
            start=start,
            journal=self._journal,
        )
        deadline = self._journal.started + until * params.patience
        return Job(engine=engine, task=task, deadline=deadline)

    def _iterations(self, engine: str, seconds: float) -> int:
        asked = self._params.iterations
        if asked is None or engine == "vroom":
            return iterations_for(engine, self._problem, seconds)
        return max(1, asked // _ITERATIONS_PER_GROUP) if engine == "ortools_polish" else asked
