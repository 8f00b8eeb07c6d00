"""Every engine on every named problem: as cheap as trying everything."""

from collections.abc import Callable

import pytest

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import ortools, pyvrp, vroom
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams
from tests.fulfillment.routing.builders import HOUR_S, brute_force_fen, drop, on_a_map, van
from tests.fulfillment.routing.engines.named_problems import (
    NAMED,
    one_van_two_sides,
    second_trip,
)

# Counts end these searches long before the clock could.
GENEROUS_S = 60.0


def task_for(problem: RoutingProblem, iterations: int, seed: int = 1) -> SearchTask:
    params = SolveParams(seconds=GENEROUS_S, seed=seed, iterations=iterations)
    start = SavingsEngine().search(problem, SolveParams(iterations=1)).duties
    return SearchTask(problem=problem, params=params, start=start)


@pytest.mark.parametrize("name", NAMED)
def test_pyvrp_finds_what_trying_everything_finds(name: str) -> None:
    problem = NAMED[name]()

    plan = build_plan(problem, pyvrp.search(task_for(problem, 300)).duties)

    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert plan.cost_fen == brute_force_fen(problem)


@pytest.mark.parametrize("name", NAMED)
def test_ortools_finds_what_trying_everything_finds(name: str) -> None:
    problem = NAMED[name]()

    plan = build_plan(problem, ortools.search(task_for(problem, 60)).duties)

    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert plan.cost_fen == brute_force_fen(problem)


@pytest.mark.parametrize("name", NAMED)
def test_vroom_never_leaves_a_stop_out_nor_beats_the_optimum(name: str) -> None:
    problem = NAMED[name]()

    found = vroom.search(task_for(problem, 1))

    plan = build_plan(problem, found.duties)
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert plan.cost_fen >= (brute_force_fen(problem) or 0)
    assert [point.cost_fen for point in found.trajectory] == [plan.cost_fen]


@pytest.mark.parametrize("name", NAMED)
def test_savings_never_leaves_a_stop_out_nor_beats_the_optimum(name: str) -> None:
    problem = NAMED[name]()

    plan = build_plan(problem, SavingsEngine().search(problem, SolveParams()).duties)

    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert plan.cost_fen >= (brute_force_fen(problem) or 0)


def test_polishing_repairs_a_clumsy_day() -> None:
    problem = one_van_two_sides()
    clumsy = (Duty(0, ((1, 3),)), Duty(1, ((4, 2),)))
    params = SolveParams(seconds=GENEROUS_S, iterations=3)

    found = ortools.search(SearchTask(problem=problem, params=params, start=clumsy))

    assert build_plan(problem, found.duties).cost_fen == brute_force_fen(problem)
    assert [point.engine for point in found.trajectory] == ["ortools"] * len(found.trajectory)
    assert found.trajectory[-1].cost_fen == brute_force_fen(problem)


def test_polishing_keeps_second_trips_and_their_reload() -> None:
    problem = second_trip()
    params = SolveParams(seconds=GENEROUS_S, iterations=3)
    start = (Duty(0, ((2, 1), (3, 4))),)

    plan = build_plan(
        problem,
        ortools.search(SearchTask(problem=problem, params=params, start=start)).duties,
    )

    assert check_plan(problem, plan) == ()
    assert [trip.trip for trip in plan.trips] == [1, 2]
    assert plan.trips[1].departs_s - plan.trips[0].returns_s >= 1_200


def test_polishing_takes_in_a_stop_that_was_left_out() -> None:
    problem = one_van_two_sides()
    params = SolveParams(seconds=GENEROUS_S, iterations=3)
    start = (Duty(0, ((1, 2, 3),)),)

    found = ortools.search(SearchTask(problem=problem, params=params, start=start))

    assert build_plan(problem, found.duties).unserved == ()


@pytest.mark.parametrize("search", [pyvrp.search, ortools.search, vroom.search])
def test_a_stop_nobody_can_carry_is_left_out_and_the_rest_is_served(
    search: Callable[[SearchTask], SearchOutcome],
) -> None:
    stops = [drop("A"), drop("B", weight_g=2_000_000), drop("C", closes_s=6 * HOUR_S)]
    problem = on_a_map([(1, 0), (2, 0), (90, 0)], stops, [van()])

    plan = build_plan(problem, search(task_for(problem, 50)).duties)

    assert check_plan(problem, plan) == ()
    assert [(u.stop_key, u.reason) for u in plan.unserved] == [
        ("B", UnservedReason.TOO_HEAVY),
        ("C", UnservedReason.WINDOW_UNREACHABLE),
    ]


@pytest.mark.parametrize("search", [pyvrp.search, ortools.search])
def test_the_same_seed_finds_the_same_day(search: Callable[[SearchTask], SearchOutcome]) -> None:
    problem = second_trip()

    first, second = search(task_for(problem, 40)), search(task_for(problem, 40))

    assert first == second


@pytest.mark.parametrize("search", [pyvrp.search, ortools.search])
def test_more_than_the_fleet_can_carry_is_left_out_where_it_costs_least(
    search: Callable[[SearchTask], SearchOutcome],
) -> None:
    stops = [drop(key, weight_g=600_000) for key in "ABC"]
    problem = on_a_map([(3, 0), (1, 0), (2, 0)], stops, [van()])

    plan = build_plan(problem, search(task_for(problem, 60)).duties)

    assert check_plan(problem, plan) == ()
    assert [trip.stops[0].stop_key for trip in plan.trips] == ["B"]
    assert {left_out.reason for left_out in plan.unserved} == {UnservedReason.NO_VEHICLE_LEFT}


def test_pyvrp_finds_room_that_the_start_did_not() -> None:
    problem = one_van_two_sides()
    task = SearchTask(
        problem=problem,
        params=SolveParams(seconds=GENEROUS_S, iterations=300),
        start=(Duty(0, ((1, 2),)),),
    )

    plan = build_plan(problem, pyvrp.search(task).duties)

    assert plan.unserved == ()
    assert plan.cost_fen == brute_force_fen(problem)


def test_pyvrp_says_so_when_it_finds_nothing() -> None:
    problem = on_a_map([(1, 0)], [drop("A", weight_g=2_000_000)], [van()])
    # A start that claims to serve what cannot be served.
    lie = SearchTask(
        problem=problem,
        params=SolveParams(seconds=GENEROUS_S, iterations=5),
        start=(Duty(0, ((1,),)),),
    )

    with pytest.raises(EngineFailed, match="no feasible plan"):
        pyvrp.search(lie)
