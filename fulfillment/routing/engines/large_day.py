"""A day too large for one search: regions side by side, in rounds.

Each round cuts the day into one region for each process, the borders elsewhere
than before; each process improves its own with PyVRP, in smaller regions again
(`regions.improve`). The last round is OR-Tools', under every rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.findings import Findings
from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.engines.processes import Answer, Job, run_side_by_side
from fulfillment.routing.engines.regions import Regions
from fulfillment.routing.focus import Focus
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask, SolveParams, Watch

# A round takes about this long; starting its processes is a second of it.
_ROUND_S = 20.0
# Of the rounds' seconds.
_POLISH_SHARE = 0.08
_START_SHARE = 0.1
# Asked for by count, iterations are PyVRP's; OR-Tools gets a group for so many.
_ITERATIONS_PER_GROUP = 3_000
_SEED_RANGE = 2**31
# Steps of `Findings`: after all others.
_FIRST_STEP = 1_000


@dataclass(frozen=True, slots=True)
class _Round:
    """One step: which program of which engine, worth how many seconds, when it must end."""

    program: str
    engine: str
    seconds: float
    deadline: float


class Rounds:
    """The rounds of one day; each adds what it found to `findings`."""

    def __init__(
        self, problem: RoutingProblem, params: SolveParams, findings: Findings, watch: Watch
    ) -> None:
        self._problem = problem
        self._params = params
        self._findings = findings
        self._watch = watch
        self._journal = Journal(started=watch.started)
        self._number = 0

    def start(self, duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
        """Return VROOM's plan of every region, or the region as it was where it has none.

        It may cost more than `duties`; searches that begin with it find more.
        """
        seconds = self._params.seconds * _START_SHARE
        deadline = self._watch.started + 2 * seconds * self._params.patience
        step = _Round("vroom", "vroom", seconds, deadline)
        day = Regions(self._problem, duties)
        found: list[Duty] = []
        troubles = []
        for region, answer in self._answers(day, step):
            if isinstance(answer, EngineFailed):
                troubles.append(answer.message)
            new = answer.duties if isinstance(answer, SearchOutcome) else region.start
            found.extend(region.restore(new))
        self._keep(Regions(self._problem, found), step, troubles)
        return tuple(sorted(found, key=lambda duty: duty.vehicle))

    def run(self, duties: tuple[Duty, ...], seconds: float) -> None:
        """Improve `duties` for `seconds` worth of rounds, until the budget ends."""
        for step in self._rounds(seconds):
            day = Regions(self._problem, duties)
            troubles = []
            for region, answer in self._answers(day, step):
                if isinstance(answer, EngineFailed):
                    troubles.append(answer.message)
                else:
                    day.replace(region, answer.duties)
            self._keep(day, step, troubles)
            duties = day.duties

    def _rounds(self, seconds: float) -> Iterator[_Round]:
        search_s = seconds * (1 - _POLISH_SHARE)
        count = max(1, round(search_s / _ROUND_S))
        ends = self._watch.started + self._params.guard_s
        polish_s = seconds * _POLISH_SHARE
        for left in range(count, 0, -1):
            # What a round does not use is there for the next.
            rest_s = ends - polish_s * self._params.patience - monotonic()
            deadline = monotonic() + rest_s / left
            yield _Round("pyvrp_regions", "pyvrp", search_s / count, deadline)
        yield _Round("ortools_polish", "ortools", polish_s, ends)

    def _answers(self, day: Regions, step: _Round) -> list[tuple[Focus, Answer]]:
        """Return what the engine made of each region of the day."""
        count = self._params.processes
        regions = day.cut(count, self._number)
        jobs = [
            self._job(region, step, self._number * count + at) for at, region in enumerate(regions)
        ]
        self._number += 1
        return list(zip(regions, run_side_by_side(jobs, self._watch), strict=True))

    def _job(self, region: Focus, step: _Round, number: int) -> Job:
        params = replace(
            self._params,
            seconds=step.seconds,
            seed=(self._params.seed + number) % _SEED_RANGE,
            iterations=self._iterations(region, step),
        )
        task = SearchTask(problem=region.problem, params=params, start=region.start, is_warm=True)
        return Job(engine=step.program, task=task, deadline=step.deadline, is_whole=False)

    def _iterations(self, region: Focus, step: _Round) -> int:
        asked = self._params.iterations
        if asked is None or step.engine == "vroom":
            return iterations_for(step.program, region.problem, step.seconds)
        return max(1, asked // _ITERATIONS_PER_GROUP) if step.engine == "ortools" else asked

    def _keep(self, day: Regions, step: _Round, troubles: Sequence[str]) -> None:
        self._journal.note(step.engine, self._number, day.objective_fen)
        found = SearchOutcome(
            duties=day.duties,
            by=step.engine,
            trajectory=tuple(self._journal.points[-1:]),
            troubles=tuple(troubles),
        )
        self._findings.keep((_FIRST_STEP, self._number), found)
