"""Days cut into regions: nothing is lost, nothing is shared, and every cut may gain."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import pyvrp, regions
from fulfillment.routing.engines.regions import City, Regions, improve
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams
from tests.fulfillment.routing.builders import drop, on_a_map, van
from tests.fulfillment.routing.engines.towns import town


def savings(problem: RoutingProblem) -> tuple[Duty, ...]:
    return SavingsEngine().search(problem, SolveParams(iterations=1)).duties


@pytest.mark.parametrize("turn", range(4))
def test_regions_share_no_stop_and_no_vehicle_and_are_the_whole_day(turn: int) -> None:
    problem = town(60, vans=14)
    duties = savings(problem)

    cut = City(problem).cut(duties, 3, turn)

    assert sorted(chain.from_iterable(region.nodes for region in cut)) == list(problem.nodes)
    fleet = sorted(chain.from_iterable(region.vehicles for region in cut))
    assert fleet == list(range(len(problem.vehicles)))
    restored = chain.from_iterable(region.restore(region.start) for region in cut)
    assert sorted(restored, key=lambda duty: duty.vehicle) == list(duties)


def test_regions_have_about_equally_many_stops() -> None:
    problem = town(90, vans=20)

    sizes = [len(region.nodes) for region in City(problem).cut(savings(problem), 3, 0)]

    assert sum(sizes) == 90
    assert max(sizes) - min(sizes) <= 2 * max(len(duty.nodes) for duty in savings(problem))


def test_another_turn_moves_the_borders() -> None:
    problem = town(60, vans=14)
    duties = savings(problem)

    cuts = [
        frozenset(frozenset(region.nodes) for region in City(problem).cut(duties, 3, turn))
        for turn in range(4)
    ]

    assert len(set(cuts)) == 4


def test_the_map_drawn_from_distances_keeps_neighbours_together() -> None:
    problem = on_a_map(
        [(10, 0), (-10, 0), (11, 1), (-11, 1)], [drop(key) for key in "ABCD"], [van("V1")] * 0
    )
    duties = tuple(Duty(at, ((node,),)) for at, node in enumerate(problem.nodes))
    fleet = tuple(van(f"V{number}") for number in range(4))

    cut = City(replace(problem, vehicles=fleet)).cut(duties, 2, 0)

    assert sorted(region.nodes for region in cut) == [(1, 3), (2, 4)]


def test_a_stop_left_out_goes_to_the_region_nearest_to_it() -> None:
    points = [(10, 0), (-10, 0), (12, 0)]
    problem = on_a_map(points, [drop(key) for key in "ABC"], [van("V1"), van("V2"), van("V3")])

    cut = City(problem).cut((Duty(0, ((1,),)), Duty(1, ((2,),))), 2, 0)

    assert sorted(region.nodes for region in cut) == [(1, 3), (2,)]


def test_a_region_is_replaced_only_for_something_sound_and_better() -> None:
    problem = on_a_map([(10, 0), (11, 0)], [drop("A"), drop("B")], [van("V1"), van("V2")])
    day = Regions(problem, (Duty(0, ((1,),)), Duty(1, ((2,),))))
    (region,) = day.cut(1, 0)
    overloaded = (Duty(0, ((1, 2) * 4,)),)

    assert not day.replace(region, overloaded)
    assert not day.replace(region, (Duty(0, ((2,),)),))
    assert not day.replace(region, region.start)
    assert day.replace(region, (Duty(0, ((1, 2),)),))
    assert day.duties == (Duty(0, ((1, 2),)),)


def test_improving_by_regions_gains_serves_all_and_finds_the_same_day_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regions, "REGION_STOPS", 40)
    monkeypatch.setattr(regions, "ITERATIONS_PER_STOP", 4)
    problem = town(120, vans=30)
    task = SearchTask(
        problem=problem,
        params=SolveParams(seconds=300, iterations=900, seed=4),
        start=savings(problem),
    )

    first, second = improve(task, pyvrp.search, "pyvrp"), improve(task, pyvrp.search, "pyvrp")

    plan, before = build_plan(problem, first.duties), build_plan(problem, task.start)
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert objective_fen(problem, plan) < objective_fen(problem, before)
    assert first.duties == second.duties


def test_a_region_whose_search_fails_stays_as_it_is() -> None:
    problem = town(20, vans=6)
    start = savings(problem)

    def failing(task: SearchTask) -> SearchOutcome:
        raise EngineFailed("Nothing found.")

    params = SolveParams(seconds=60, iterations=20_000)
    found = improve(SearchTask(problem=problem, params=params, start=start), failing, "pyvrp")

    assert found.duties == start


def test_stops_at_one_place_can_be_cut_too() -> None:
    problem = on_a_map([(5, 5)] * 4, [drop(key) for key in "ABCD"], [van("V1"), van("V2")])
    duties = (Duty(0, ((1, 2),)), Duty(1, ((3, 4),)))

    cut = City(problem).cut(duties, 2, 1)

    assert np.concatenate([region.nodes for region in cut]).size == 4
