"""The planning job: both engines take part, faults cost only their turn."""

from collections.abc import Sequence

import pytest

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import portfolio
from fulfillment.routing.engines.portfolio import PortfolioEngine
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams
from tests.fulfillment.routing.builders import brute_force_fen, on_a_map, van
from tests.fulfillment.routing.engines.named_problems import second_trip, small_load_small_van

PARAMS = SolveParams(seconds=120, iterations=200, seed=5)
Tasks = Sequence[tuple[str, SearchTask]]


def test_the_planning_job_finds_the_optimum_and_finds_it_again() -> None:
    problem = small_load_small_van()

    first = PortfolioEngine().search(problem, PARAMS)

    assert build_plan(problem, first.duties).cost_fen == brute_force_fen(problem)
    assert first.troubles == ()
    assert {point.engine for point in first.trajectory} >= {"savings", "pyvrp"}
    assert PortfolioEngine().search(problem, PARAMS) == first


def test_pyvrp_searches_from_nothing_and_ortools_polishes_its_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = second_trip()
    best = SavingsEngine().search(problem, SolveParams()).duties
    asked: list[tuple[str, int, bool]] = []

    def answer(tasks: Tasks, deadline: float) -> list[SearchOutcome | EngineFailed]:
        asked.extend((engine, task.params.seed, task.start == best) for engine, task in tasks)
        return [SearchOutcome(duties=best, by=engine) for engine, _ in tasks]

    monkeypatch.setattr(portfolio, "run_side_by_side", answer)

    PortfolioEngine().search(problem, PARAMS)

    assert asked == [
        ("pyvrp", 5, True),
        ("pyvrp", 7_924, True),
        ("ortools_polish", 5, True),
        ("ortools_polish", 7_924, True),
    ]


def test_engines_that_fail_or_cheat_leave_the_savings_plan_and_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = second_trip()
    overloaded = SearchOutcome(duties=(Duty(0, ((1, 2, 3, 4),)),), by="pyvrp")

    def answer(tasks: Tasks, deadline: float) -> list[SearchOutcome | EngineFailed]:
        return [overloaded, EngineFailed("The engine's process ended with status -11.")]

    monkeypatch.setattr(portfolio, "run_side_by_side", answer)

    found = PortfolioEngine().search(problem, PARAMS)

    assert found.by == "savings"
    assert check_plan(problem, build_plan(problem, found.duties)) == ()
    assert found.troubles[0].startswith("A plan by pyvrp was refused: over_weight at V1 trip 1")
    assert found.troubles[1] == "The engine's process ended with status -11."


@pytest.mark.parametrize(
    "problem",
    [on_a_map([], [], [van()]), on_a_map([], [], [])],
    ids=["nothing_to_deliver", "nobody_to_deliver"],
)
def test_an_empty_day_needs_no_search(problem: RoutingProblem) -> None:
    assert PortfolioEngine().search(problem, PARAMS).duties == ()
