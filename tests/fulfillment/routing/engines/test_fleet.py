"""The plain engines under rules beside loads and windows."""

from dataclasses import replace

import pytest

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.nearest_neighbour import NearestNeighbourEngine
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break, FixedTrip, Traffic
from fulfillment.routing.schedule import build_plan
from fulfillment.routing.search import SolveParams, Solver
from tests.fulfillment.routing.builders import HOUR_S, drop, micro_van, on_a_line, van

SAVINGS = SavingsEngine()
ENGINES: list[Solver] = [SAVINGS, NearestNeighbourEngine()]


def planned(problem: RoutingProblem, engine: Solver = SAVINGS) -> RoutePlan:
    """Return the engine's plan, which must be sound."""
    plan = build_plan(problem, engine.search(problem, SolveParams()).duties)
    assert check_plan(problem, plan) == ()
    return plan


def vehicle_of(plan: RoutePlan) -> dict[str, str]:
    return {stop.stop_key: trip.vehicle_key for trip in plan.trips for stop in trip.stops}


@pytest.mark.parametrize("engine", ENGINES)
def test_cold_goods_narrow_doors_and_named_drivers_get_their_vehicle(
    engine: Solver,
) -> None:
    stops = [
        drop("A", cold_totes=4),
        drop("B", largest_size=1),
        drop("C", vehicle_keys=frozenset({"V3"})),
    ]
    fleet = [van("V1", capacity_cold_totes=4), micro_van("V2", size=1), van("V3")]
    problem = on_a_line([10, 11, 12], stops, fleet)

    assert vehicle_of(planned(problem, engine)) == {"A": "V1", "B": "V2", "C": "V3"}


def test_a_driver_who_knows_the_door_is_sent_there_where_it_costs_no_more() -> None:
    known = drop("A", usual_vehicle_key="V2", change_penalty_fen=500)
    fleet = [van("V1"), van("V2"), van("V3")]

    assert vehicle_of(planned(on_a_line([10], [known], fleet))) == {"A": "V2"}
    # A van that costs 5.01 less is worth a strange face.
    fleet[2] = van("V3", fixed_cost_fen=13_499)
    assert vehicle_of(planned(on_a_line([10], [known], fleet))) == {"A": "V3"}


def test_neighbours_that_must_not_share_a_trip_do_not() -> None:
    problem = on_a_line([10, 11], [drop("A"), drop("B")], [van(max_trips=2)])
    apart = replace(problem, forbidden_pairs=frozenset({(1, 2)}))

    assert len(planned(problem).trips) == 1
    assert len(planned(apart).trips) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_fixed_stays_and_the_rest_is_planned_around_it(
    engine: Solver,
) -> None:
    stops = [drop(key) for key in "ABCDE"]
    fleet = [van("V1", max_trips=2), van("V2", max_trips=2)]
    fixed = (
        FixedTrip(vehicle=0, trip=1, nodes=(5, 1), is_closed=True, departs_s=6 * HOUR_S),
        FixedTrip(vehicle=1, trip=1, nodes=(4,)),
    )
    problem = replace(on_a_line([10, 12, 14, 16, 18], stops, fleet), fixed=fixed)

    plan = planned(problem, engine)

    first_of = {(trip.vehicle_key, trip.trip): trip.stops[0].stop_key for trip in plan.trips}
    assert plan.unserved == ()
    assert first_of["V1", 1] == "E"
    assert first_of["V2", 1] == "D"


def test_breaks_and_a_rush_leave_nobody_out_while_there_is_room() -> None:
    rest = Break(duration_s=1_800, from_s=7 * HOUR_S, until_s=8 * HOUR_S)
    rush = Traffic(((0, 100), (7 * HOUR_S, 180), (9 * HOUR_S, 100)))
    stops = [drop(f"S{number}", weight_g=100_000) for number in range(8)]
    fleet = [van(f"V{number}", breaks=(rest,)) for number in range(3)]
    problem = replace(on_a_line(range(10, 18), stops, fleet), traffic=rush)

    assert planned(problem).unserved == ()
