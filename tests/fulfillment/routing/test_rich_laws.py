"""Laws of scheduler, judge and plain engines under every rule, drawn at random."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.fleet import Roads
from fulfillment.routing.engines.nearest_neighbour import NearestNeighbourEngine
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan, duty_cost_fen, evaluate_duty
from fulfillment.routing.search import SolveParams
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S
from tests.fulfillment.routing.rich_problems import rich_duties, rich_problems

RichDuties = tuple[RoutingProblem, tuple[Duty, ...]]


@settings(deadline=None, max_examples=300)
@given(rich_duties())
def test_scheduler_and_judge_find_the_same_broken_rules(drawn: RichDuties) -> None:
    problem, duties = drawn

    found = {violation.code for violation in check_plan(problem, build_plan(problem, duties))}

    days = [evaluate_duty(problem, duty) for duty in duties]
    assert found == {code for day in days for code in day.broken}


@settings(deadline=None)
@given(rich_duties(), st.integers(0, 12))
def test_they_agree_on_vehicles_that_come_back_from_closed_trips_too(
    drawn: RichDuties, half_hours: int
) -> None:
    problem, duties = drawn
    back_s = 5 * HOUR_S + half_hours * 30 * MINUTE_S
    fleet = tuple(
        replace(vehicle, back_s=back_s, shift_start_s=back_s + vehicle.reload_s)
        for vehicle in problem.vehicles
    )
    problem = replace(problem, vehicles=fleet, fixed=())

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
    problem = replace(problem, traffic=None, fixed=())
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


@settings(deadline=None)
@given(rich_problems(), st.integers(0, 99))
def test_savings_plans_are_sound_and_repeatable(problem: RoutingProblem, seed: int) -> None:
    params = SolveParams(seed=seed, seconds=30, iterations=2)

    first = SavingsEngine().search(problem, params)

    assert check_plan(problem, build_plan(problem, first.duties)) == ()
    assert SavingsEngine().search(problem, params).duties == first.duties


@settings(deadline=None)
@given(rich_problems())
def test_nearest_neighbour_plans_are_sound(problem: RoutingProblem) -> None:
    found = NearestNeighbourEngine().search(problem, SolveParams())

    assert check_plan(problem, build_plan(problem, found.duties)) == ()


@settings(deadline=None)
@given(rich_duties())
def test_plain_engines_price_a_day_as_the_scheduler_does(drawn: RichDuties) -> None:
    problem, duties = drawn
    roads = Roads(problem)
    for duty in duties:
        trips = tuple(trip for trip in duty.trips if trip)
        fits = all(roads.fits(problem.vehicles[duty.vehicle], trip) for trip in trips)
        if trips and fits:
            assert roads.day_cost_fen(duty.vehicle, trips) == duty_cost_fen(problem, duty)
