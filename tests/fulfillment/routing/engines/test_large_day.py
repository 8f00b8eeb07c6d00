"""Large days: regions side by side in rounds, sound and the same again."""

import pytest

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import best
from fulfillment.routing.engines.best import BestEngine
from fulfillment.routing.engines.processes import PROGRAMS, Program
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.schedule import build_plan
from fulfillment.routing.search import SolveParams
from tests.fulfillment.routing.engines.towns import town

PARAMS = SolveParams(seconds=60, iterations=1_200, seed=2, patience=5)
SIZES = pytest.mark.parametrize("huge_stops", [100, 1_000], ids=["huge", "large"])


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "LARGE_STOPS", 100)


@SIZES
def test_a_large_day_is_served_soundly_for_less_and_the_same_again(
    monkeypatch: pytest.MonkeyPatch, huge_stops: int
) -> None:
    monkeypatch.setattr(best, "HUGE_STOPS", huge_stops)
    problem = town(120, vans=30)
    quick = build_plan(problem, SavingsEngine().search(problem, SolveParams(iterations=1)).duties)

    first = BestEngine().search(problem, PARAMS)

    plan = build_plan(problem, first.duties)
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert first.troubles == ()
    assert objective_fen(problem, plan) < objective_fen(problem, quick)
    assert BestEngine().search(problem, PARAMS) == first


def test_each_round_is_told_with_what_the_whole_day_costs_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(best, "HUGE_STOPS", 100)
    problem = town(120, vans=30)

    found = BestEngine().search(problem, PARAMS)

    rounds = [(p.engine, p.iteration) for p in found.trajectory if p.engine != "savings"]
    assert rounds == [("vroom", 1), ("pyvrp", 2), ("pyvrp", 3), ("pyvrp", 4), ("ortools", 5)]
    costs = [point.cost_fen for point in found.trajectory if point.engine != "vroom"]
    assert costs[-1] == objective_fen(problem, build_plan(problem, found.duties)) == min(costs)


def test_a_large_day_begins_as_pyvrp_alone_and_ends_in_regions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = town(120, vans=30)

    found = BestEngine().search(problem, PARAMS)

    costs = [point.cost_fen for point in found.trajectory]
    assert {point.engine for point in found.trajectory} >= {"savings", "pyvrp", "ortools"}
    assert min(costs) == objective_fen(problem, build_plan(problem, found.duties))


def test_without_pyvrp_the_day_is_planned_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "HUGE_STOPS", 100)
    missing = Program(PROGRAMS["pyvrp"].module, "no_such_package", "no_such_package")
    monkeypatch.setitem(PROGRAMS, "pyvrp_regions", missing)
    problem = town(110, vans=28)

    found = BestEngine().search(problem, PARAMS)

    assert check_plan(problem, build_plan(problem, found.duties)) == ()
    assert found.troubles == ("The engine pyvrp_regions is not installed here.",)
