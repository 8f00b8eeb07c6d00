"""Under every rule there is, engines return only what the checker accepts."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import best, ortools, pyvrp, vroom
from fulfillment.routing.engines.processes import Answer, Chain, Job
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams, Watch
from fulfillment.routing.solver import FALLBACKS, solve
from tests.fulfillment.routing.rich_problems import rich_duties, rich_problems

PARAMS = SolveParams(seconds=60, iterations=40, seed=1)
NOTHING_FOUND = "PyVRP found no feasible plan in its time."
ASKED_INSTEAD = [f"The engine {name} was asked instead." for name in FALLBACKS]
# The engines themselves, without the second a process takes to start.
SEARCHES: Mapping[str, Callable[[SearchTask], SearchOutcome]] = {
    "pyvrp": pyvrp.search,
    "vroom": vroom.search,
    "ortools": ortools.search,
    "ortools_polish": ortools.search,
}


def answered(job: Job) -> Answer:
    try:
        return SEARCHES[job.engine](job.task)
    except EngineFailed as failure:
        return failure


def run_chains(chains: Sequence[Chain], slots: int, watch: Watch) -> None:
    for chain in chains:
        job = next(chain, None)
        while job is not None:
            try:
                job = chain.send(answered(job))
            except StopIteration:
                job = None


def run_side_by_side(jobs: Sequence[Job], watch: Watch) -> list[Answer]:
    return [answered(job) for job in jobs]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "run_chains", run_chains)
    monkeypatch.setattr("fulfillment.routing.engines.alone.run_side_by_side", run_side_by_side)


@pytest.mark.parametrize("engine", ["best", "pyvrp", "vroom"])
@settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(problem=rich_problems())
def test_engines_plan_rich_days_soundly(engine: str, problem: RoutingProblem) -> None:
    result = solve(problem, PARAMS, engine=engine)

    assert check_plan(problem, result.plan) == ()
    # So few iterations may find nothing; what they find is never refused.
    assert set(result.troubles) <= {NOTHING_FOUND, *ASKED_INSTEAD}


@settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=rich_duties())
def test_any_plan_will_do_as_a_start(drawn: tuple[RoutingProblem, tuple[Duty, ...]]) -> None:
    problem, start = drawn

    result = solve(problem, PARAMS, start=start)

    assert check_plan(problem, result.plan) == ()
