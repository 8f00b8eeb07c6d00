"""A day too large for one search: regions side by side, in rounds.

Each round cuts the day into one region for each process, the borders elsewhere
than before; each process improves its own with PyVRP, in smaller regions again
(`regions.improve`). The last round is OR-Tools', under every rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.findings import Findings
from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.engines.processes import Job, run_side_by_side
from fulfillment.routing.engines.regions import Regions
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask, SolveParams, Watch

# Above it a day is cut; below, one search over all of it finds more.
LARGE_STOPS = 700
# A round takes about this long; starting its processes is a second of it.
_ROUND_S = 20.0
_POLISH_SHARE = 0.08
# Asked for by count, iterations are PyVRP's; OR-Tools gets a group for so many.
_ITERATIONS_PER_GROUP = 3_000
_SEED_RANGE = 2**31


@dataclass(frozen=True, slots=True)
class _Round:
    """One step: which program of which engine, for how long, and when it must end."""

    program: str
    engine: str
    seconds: float
    deadline: float
    iterations: int | None


def plan_large_day(
    problem: RoutingProblem, params: SolveParams, findings: Findings, watch: Watch
) -> None:
    """Improve the best of `findings` in rounds and keep what each round gives."""
    journal = Journal(started=watch.started)
    for number, step in enumerate(_rounds(params, watch)):
        day = Regions(problem, findings.best_duties())
        regions = day.cut(params.processes, number)
        jobs = []
        for at, region in enumerate(regions):
            seed = (params.seed + number * params.processes + at) % _SEED_RANGE
            task = SearchTask(
                problem=region.problem,
                params=replace(_counted(step, region.problem, params), seed=seed),
                start=region.start,
                is_warm=True,
            )
            jobs.append(Job(engine=step.program, task=task, deadline=step.deadline, is_whole=False))
        answers = run_side_by_side(jobs, watch)
        troubles = [answer.message for answer in answers if isinstance(answer, EngineFailed)]
        for region, answer in zip(regions, answers, strict=True):
            if isinstance(answer, SearchOutcome):
                day.replace(region, answer.duties)
        journal.note(step.engine, number + 1, day.objective_fen)
        found = SearchOutcome(
            duties=day.duties,
            by=step.engine,
            trajectory=tuple(journal.points[-1:]),
            troubles=tuple(troubles),
        )
        findings.keep((number, 0), found)


def _rounds(params: SolveParams, watch: Watch) -> Sequence[_Round]:
    """Return the rounds that the time left is good for."""
    ends = watch.started + params.guard_s
    starts = min(monotonic(), ends - 1.0)
    search_s = (ends - starts) * (1 - _POLISH_SHARE)
    # From the whole budget: the same count, however long the first plan took.
    count = max(1, round(params.seconds * (1 - _POLISH_SHARE) / _ROUND_S))
    total = params.iterations
    rounds = [
        _Round(
            program="pyvrp_regions",
            engine="pyvrp",
            seconds=params.seconds * (1 - _POLISH_SHARE) / count,
            deadline=starts + search_s * (number + 1) / count,
            iterations=max(1, total // count) if total else None,
        )
        for number in range(count)
    ]
    polish = _Round(
        program="ortools_polish",
        engine="ortools",
        seconds=params.seconds * _POLISH_SHARE,
        deadline=ends,
        iterations=max(1, total // _ITERATIONS_PER_GROUP) if total else None,
    )
    return [*rounds, polish]


def _counted(step: _Round, problem: RoutingProblem, params: SolveParams) -> SolveParams:
    count = step.iterations or iterations_for(step.program, problem, step.seconds)
    return replace(params, seconds=step.seconds, iterations=count)
