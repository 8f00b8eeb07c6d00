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


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "LARGE_STOPS", 100)


def test_a_large_day_is_served_soundly_for_less_and_the_same_again() -> None:
    problem = town(120, vans=30)
    quick = build_plan(problem, SavingsEngine().search(problem, SolveParams(iterations=1)).duties)

    first = BestEngine().search(problem, PARAMS)

    plan = build_plan(problem, first.duties)
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert first.troubles == ()
    assert objective_fen(problem, plan) < objective_fen(problem, quick)
    assert BestEngine().search(problem, PARAMS) == first


def test_each_round_is_told_with_what_the_whole_day_costs_then() -> None:
    problem = town(120, vans=30)

    found = BestEngine().search(problem, PARAMS)

    engines = [point.engine for point in found.trajectory]
    assert engines == ["savings", "pyvrp", "pyvrp", "pyvrp", "ortools"]
    costs = [point.cost_fen for point in found.trajectory]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == objective_fen(problem, build_plan(problem, found.duties))


def test_without_pyvrp_the_day_is_planned_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Program(PROGRAMS["pyvrp"].module, "no_such_package", "no_such_package")
    monkeypatch.setitem(PROGRAMS, "pyvrp_regions", missing)
    problem = town(110, vans=28)

    found = BestEngine().search(problem, PARAMS)

    assert check_plan(problem, build_plan(problem, found.duties)) == ()
    assert found.troubles == ("The engine pyvrp_regions is not installed here.",)
