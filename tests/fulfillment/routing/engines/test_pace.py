"""Seconds become counts: more for more time, fewer for larger problems."""

import pytest

from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.problem import RoutingProblem, Vehicle
from tests.fulfillment.routing.builders import drop, on_a_line, van


def town(size: int, vehicle: Vehicle | None = None) -> RoutingProblem:
    stops = [drop(f"S{number}") for number in range(size)]
    return on_a_line(list(range(size)), stops, [vehicle or van()])


def test_a_day_of_300_stops_gets_1725_iterations_for_each_second_after_the_first() -> None:
    # 2,300 a second on the reference machine, three quarters of the budget.
    assert iterations_for("pyvrp", town(300), 31.0) == 30 * 1_725


def test_a_larger_day_gets_fewer_iterations_and_a_longer_budget_more() -> None:
    assert iterations_for("pyvrp", town(600), 31.0) < iterations_for("pyvrp", town(300), 31.0)
    assert iterations_for("pyvrp", town(300), 60.0) > iterations_for("pyvrp", town(300), 31.0)


def test_groups_are_polished_at_the_same_pace_on_every_problem() -> None:
    assert iterations_for("ortools_polish", town(300), 7.0) == 45
    assert iterations_for("ortools_polish", town(30), 7.0) == 45


@pytest.mark.parametrize("engine", ["pyvrp", "ortools", "ortools_polish"])
def test_even_a_blink_is_one_iteration(engine: str) -> None:
    assert iterations_for(engine, town(300), 0.001) == 1


def test_problems_without_hours_to_pay_run_faster() -> None:
    plain = van(cost_per_hour_fen=0)

    assert iterations_for("pyvrp", town(300, plain), 31.0) > iterations_for(
        "pyvrp", town(300), 31.0
    )
