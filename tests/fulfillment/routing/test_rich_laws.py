"""Laws of scheduler and judge under every rule, drawn at random."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.routing.checker import check_plan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan, duty_cost_fen, evaluate_duty
from tests.fulfillment.routing.rich_problems import rich_duties

RichDuties = tuple[RoutingProblem, tuple[Duty, ...]]


@settings(deadline=None, max_examples=300)
@given(rich_duties())
def test_scheduler_and_judge_find_the_same_broken_rules(drawn: RichDuties) -> None:
    problem, duties = drawn

    found = {violation.code for violation in check_plan(problem, build_plan(problem, duties))}

    days = [evaluate_duty(problem, duty) for duty in duties]
    assert found == {code for day in days for code in day.broken}


@settings(deadline=None)
@given(rich_duties())
def test_a_duty_costs_what_its_plan_says_and_nothing_where_a_rule_is_broken(
    drawn: RichDuties,
) -> None:
    problem, duties = drawn
    for duty in duties:
        day = evaluate_duty(problem, duty)

        assert duty_cost_fen(problem, duty) == (None if day.broken else day.costs.total_fen)


@settings(deadline=None)
@given(rich_duties(), st.integers(0, 7_200))
def test_a_driver_who_comes_later_is_never_cheaper(drawn: RichDuties, later_s: int) -> None:
    problem, duties = drawn
    problem = replace(problem, traffic=None)
    late = replace(
        problem,
        vehicles=tuple(
            replace(vehicle, shift_start_s=vehicle.shift_start_s + later_s)
            for vehicle in problem.vehicles
        ),
    )
    for duty in duties:
        cost_fen, late_fen = duty_cost_fen(problem, duty), duty_cost_fen(late, duty)

        assert late_fen is None or (cost_fen is not None and cost_fen <= late_fen)
