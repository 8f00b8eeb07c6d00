"""Around a change: which routes may move, and how all others come back untouched."""

from dataclasses import replace
from typing import Any

from fulfillment.routing.checker import check_plan
from fulfillment.routing.focus import focus_on
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.replanning import plan_duties, replan
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SolveParams
from tests.fulfillment.routing.builders import drop, on_a_line, van

# Three vans with two stops each along one road, a fourth at home; stop 7 is new.
KILOMETRES = [1, 2, 6, 7, 11, 12, 3]
STANDING = (Duty(0, ((1, 2),)), Duty(1, ((3, 4),)), Duty(2, ((5, 6),)))
QUICK = SolveParams(seconds=2)


def road(**changes: Any) -> RoutingProblem:
    problem = on_a_line(
        KILOMETRES,
        [drop(f"D{number}") for number in range(1, 8)],
        [van(f"V{number}") for number in range(1, 5)],
    )
    return replace(problem, **changes)


def test_the_nearest_route_and_vans_at_home_may_change() -> None:
    focus = focus_on(road(), STANDING, (), 1)

    assert focus.vehicles == (0, 3)
    assert focus.nodes == (1, 2, 7)
    assert focus.kept == STANDING[1:]
    assert focus.start == (Duty(0, ((1, 2),)),)
    assert [stop.key for stop in focus.problem.stops] == ["D1", "D2", "D7"]
    assert focus.problem.distance_m[1, 3] == road().distance_m[1, 7]


def test_what_is_restored_is_the_whole_plan() -> None:
    focus = focus_on(road(), STANDING, (), 1)

    duties = focus.restore([Duty(0, ((1, 2, 3),))])

    assert duties == (Duty(0, ((1, 2, 7),)), *STANDING[1:])


def test_a_route_that_is_named_may_change_although_nothing_is_loose() -> None:
    everything = (Duty(0, ((1, 2, 7),)), *STANDING[1:])

    focus = focus_on(road(), everything, (2,), 5)

    assert focus.vehicles == (2, 3)
    assert focus.nodes == (5, 6)


def test_a_route_that_breaks_a_rule_already_is_left_alone() -> None:
    stops = [drop(f"D{number}") for number in range(1, 8)]
    stops[0] = replace(stops[0], totes=91)

    focus = focus_on(road(stops=tuple(stops)), STANDING, (), 1)

    assert focus.vehicles == (1, 3)


def test_fixed_trips_and_pairs_come_along_with_their_vans() -> None:
    fixed = (
        FixedTrip(vehicle=0, trip=1, nodes=(1, 2), is_closed=True),
        FixedTrip(vehicle=2, trip=1, nodes=(5,)),
    )
    problem = road(fixed=fixed, forbidden_pairs=frozenset({(2, 7), (3, 5)}))

    focus = focus_on(problem, STANDING, (), 1)

    assert focus.problem.fixed == (fixed[0],)
    assert focus.problem.forbidden_pairs == frozenset({(2, 3)})


def test_replanning_serves_what_is_loose_and_moves_no_other_route() -> None:
    problem = road()

    duties, _result = replan(problem, STANDING, QUICK, engine="savings")

    plan = build_plan(problem, duties)
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()


def test_where_the_vans_nearby_are_full_all_routes_may_move() -> None:
    vans = tuple(van(f"V{number}", capacity_totes=30) for number in range(1, 12))
    stops = tuple(drop(f"D{number}") for number in range(1, 32))
    problem = on_a_line(list(range(1, 32)), stops, vans)
    standing = tuple(
        Duty(number, (tuple(range(3 * number + 1, 3 * number + 4)),)) for number in range(10)
    )
    full = replace(problem, vehicles=(*vans[:10], van("V11", capacity_totes=10)))
    loose = [node for node in full.nodes if node not in {n for d in standing for n in d.nodes}]

    duties, _result = replan(full, standing, QUICK, engine="savings")

    assert loose == [31]
    assert build_plan(full, duties).unserved == ()


def test_the_sequences_of_a_plan_are_its_duties() -> None:
    problem = road()

    assert plan_duties(problem, build_plan(problem, STANDING)) == STANDING
