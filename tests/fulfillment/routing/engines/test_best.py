"""The planning job: both engines take part, faults cost only their turn."""

from collections.abc import Callable, Sequence

import pytest

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import best
from fulfillment.routing.engines.alone import ProcessEngine
from fulfillment.routing.engines.best import BestEngine
from fulfillment.routing.engines.processes import Answer, Chain, Job
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchOutcome, SolveParams, Watch
from tests.fulfillment.routing.builders import brute_force_fen, on_a_map, van
from tests.fulfillment.routing.engines.named_problems import second_trip, small_load_small_van

PARAMS = SolveParams(seconds=120, iterations=200, seed=5)


def answered_by(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Job], Answer]) -> None:
    """Let `answer` stand in for the engines' processes."""

    def run_chains(chains: Sequence[Chain], slots: int, watch: Watch) -> None:
        for chain in chains:
            job = next(chain, None)
            while job is not None:
                try:
                    job = chain.send(answer(job))
                except StopIteration:
                    job = None

    monkeypatch.setattr(best, "run_chains", run_chains)


def test_the_planning_job_finds_the_optimum_and_finds_it_again() -> None:
    problem = small_load_small_van()

    first = BestEngine().search(problem, PARAMS)

    assert build_plan(problem, first.duties).cost_fen == brute_force_fen(problem)
    assert first.troubles == ()
    assert {point.engine for point in first.trajectory} >= {"savings", "pyvrp"}
    assert BestEngine().search(problem, PARAMS) == first


def test_each_process_searches_with_its_seed_and_polishes_what_it_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = second_trip()
    found = (Duty(0, ((2, 1), (3, 4))),)
    asked: list[tuple[str, int, bool]] = []

    def answer(job: Job) -> Answer:
        asked.append((job.engine, job.task.params.seed, job.task.start == found))
        return SearchOutcome(duties=found, by=job.engine)

    answered_by(monkeypatch, answer)

    BestEngine().search(problem, PARAMS)

    assert asked == [
        ("pyvrp", 5, False),
        ("ortools_polish", 5, True),
        ("vroom", 7_924, False),
        ("pyvrp", 7_924, True),
        ("ortools_polish", 7_924, True),
    ]


def test_the_first_process_is_pyvrp_as_it_would_search_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = second_trip()
    jobs: list[Job] = []

    def answer(job: Job) -> Answer:
        jobs.append(job)
        return EngineFailed("Not now.")

    answered_by(monkeypatch, answer)
    alone: list[Job] = []

    def run_side_by_side(asked: Sequence[Job], watch: Watch) -> list[Answer]:
        alone.extend(asked)
        return [SearchOutcome(duties=())]

    monkeypatch.setattr("fulfillment.routing.engines.alone.run_side_by_side", run_side_by_side)
    params = SolveParams(seconds=60, seed=3)

    BestEngine().search(problem, params)
    ProcessEngine("pyvrp").search(problem, params)

    assert jobs[0].task == alone[0].task


def test_a_start_is_where_the_first_process_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    start = (Duty(0, ((2, 1), (4, 3))),)
    warm: list[bool] = []

    def answer(job: Job) -> Answer:
        warm.append(job.task.is_warm and job.task.start == start)
        return EngineFailed("Not now.")

    answered_by(monkeypatch, answer)

    BestEngine().search(second_trip(), PARAMS, start)

    assert warm == [True, False, False, False, False]


def test_a_start_that_comes_too_late_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(job: Job) -> Answer:
        asked.append(job.engine)
        return EngineFailed("Not now.")

    answered_by(monkeypatch, answer)
    monkeypatch.setattr(best, "vroom_seconds", lambda problem, level: 12.1)

    BestEngine().search(second_trip(), PARAMS)

    assert "vroom" not in asked


def test_the_plan_given_is_kept_where_nothing_beats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = small_load_small_van()
    given = BestEngine().search(problem, PARAMS).duties
    answered_by(monkeypatch, lambda job: EngineFailed("Not now."))

    found = BestEngine().search(problem, PARAMS, given)

    assert found.duties == given
    assert found.by in ("savings", "start")


def test_engines_that_fail_or_cheat_leave_the_savings_plan_and_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = second_trip()
    overloaded = SearchOutcome(duties=(Duty(0, ((1, 2, 3, 4),)),), by="pyvrp")

    def answer(job: Job) -> Answer:
        return overloaded if job.engine == "pyvrp" else EngineFailed("It broke.")

    answered_by(monkeypatch, answer)

    found = BestEngine().search(problem, PARAMS)

    assert found.by == "savings"
    assert check_plan(problem, build_plan(problem, found.duties)) == ()
    assert found.troubles[0].startswith("A plan by pyvrp was refused: over_weight at V1 trip 1")
    assert found.troubles[1] == "It broke."


@pytest.mark.parametrize(
    "problem",
    [on_a_map([], [], [van()]), on_a_map([], [], [])],
    ids=["nothing_to_deliver", "nobody_to_deliver"],
)
def test_an_empty_day_needs_no_search(problem: RoutingProblem) -> None:
    assert BestEngine().search(problem, PARAMS).duties == ()
