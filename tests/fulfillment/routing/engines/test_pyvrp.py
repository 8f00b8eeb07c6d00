"""What PyVRP is told of a day beside loads and windows."""

from dataclasses import replace

import pytest

from fulfillment.routing.engines import pyvrp
from fulfillment.routing.engines.pyvrp_model import Model
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchTask, SolveParams
from tests.fulfillment.routing.builders import HOUR_S, drop, micro_van, on_a_map, van


def search(problem: RoutingProblem, start: tuple[Duty, ...] = (), **changes: int) -> SearchTask:
    params = SolveParams(seconds=60, iterations=changes.get("iterations", 200), seed=1)
    return SearchTask(problem=problem, params=params, start=start, is_warm=bool(start))


def test_a_stop_goes_to_the_vehicle_that_may_come() -> None:
    points = [(10, 0), (11, 0), (-10, 0)]
    stops = [
        drop("A", largest_size=1),
        drop("B", vehicle_keys=frozenset({"V1"})),
        drop("C", vehicle_keys=frozenset({"V2"})),
    ]
    fleet = [van("V1", size=2), van("V2", size=2), micro_van("M1", size=1)]
    problem = on_a_map(points, stops, fleet)
    model = Model(problem, frozenset(problem.nodes))

    found = pyvrp.search(search(problem))

    served_by = {node: duty.vehicle for duty in found.duties for node in duty.nodes}
    assert served_by == {1: 2, 2: 0, 3: 1}
    assert model.data.num_profiles == 3


def test_the_usual_driver_comes_where_a_detour_is_worth_it() -> None:
    stops = [
        drop("A", usual_vehicle_key="V2", change_penalty_fen=3_000),
        drop("B", usual_vehicle_key="V1", change_penalty_fen=3_000),
    ]
    tight = [van("V1", capacity_totes=10), van("V2", capacity_totes=10)]
    problem = on_a_map([(10, 0), (-10, 0)], stops, tight)

    found = pyvrp.search(search(problem))

    assert found.duties == (Duty(0, ((2,),)), Duty(1, ((1,),)))


@pytest.mark.parametrize(
    ("changes", "room"),
    [
        ({"volume_ml": 900_000}, {"capacity_ml": 1_000_000}),
        ({"cold_totes": 6}, {"capacity_cold_totes": 8}),
        ({"totes": 6}, {"capacity_totes": 8}),
        ({"weight_g": 600_000}, {"capacity_g": 800_000}),
    ],
    ids=["volume", "cold", "totes", "weight"],
)
def test_each_load_fills_vehicles(changes: dict[str, int], room: dict[str, int]) -> None:
    stops = [drop("A", **changes), drop("B", **changes)]
    problem = on_a_map([(10, 0), (11, 0)], stops, [van("V1", **room), van("V2", **room)])

    found = pyvrp.search(search(problem))

    assert sorted(duty.nodes for duty in found.duties) == [(1,), (2,)]


def test_what_fits_in_any_case_is_no_load() -> None:
    problem = on_a_map([(10, 0)], [drop("A")], [van("V1")])

    assert Model(problem, frozenset()).data.num_load_dimensions == 0


def test_overtime_is_used_and_paid_where_nothing_else_serves() -> None:
    stops = [drop("A", opens_s=12 * HOUR_S, closes_s=13 * HOUR_S)]
    overtime = van("V1", overtime_s=2 * HOUR_S, overtime_fen_per_hour=4_500)
    problem = on_a_map([(10, 0)], stops, [overtime])

    plan = build_plan(problem, pyvrp.search(search(problem)).duties)

    assert plan.unserved == ()
    assert plan.costs.overtime_fen > 0


def test_a_warm_search_is_never_dearer_than_its_start() -> None:
    stops = [drop(key) for key in "ABCD"]
    problem = on_a_map([(10, 0), (11, 1), (-10, 0), (-11, 1)], stops, [van("V1"), van("V2")])
    start = (Duty(0, ((1, 2),)), Duty(1, ((3, 4),)))

    found = pyvrp.search(search(problem, start, iterations=1))

    before = objective_fen(problem, build_plan(problem, start))
    assert objective_fen(problem, build_plan(problem, found.duties)) <= before
    assert found.trajectory[0].iteration == 0


def test_second_trips_of_a_start_are_second_trips_there() -> None:
    stops = [drop("A", weight_g=800_000), drop("B", weight_g=700_000)]
    problem = on_a_map([(5, 0), (-5, 0)], stops, [van("V1", max_trips=2)])
    model = Model(problem, frozenset({1, 2}))
    duties = (Duty(0, ((1,), (2,))),)

    solution = model.solution(duties)

    assert solution.is_feasible()
    assert model.duties(solution) == duties
    assert model.cost_fen(solution) == build_plan(problem, duties).cost_fen


def test_a_short_fleet_serves_what_is_worth_most() -> None:
    stops = [
        drop("A", weight_g=600_000, unserved_penalty_fen=1_000_000),
        drop("B", weight_g=600_000, unserved_penalty_fen=3_000_000),
    ]
    problem = on_a_map([(1, 0), (9, 0)], stops, [van("V1")])
    # The start serves the other one.
    task = search(problem, (Duty(0, ((1,),)),))

    for is_warm in (True, False):
        found = pyvrp.search(replace(task, is_warm=is_warm))
        assert found.duties == (Duty(0, ((2,),)),)
