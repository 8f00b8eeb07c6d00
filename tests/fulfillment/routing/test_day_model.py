"""A day's drops and vehicles become a routing problem."""

from dataclasses import replace

import pytest

from fulfillment.routing.day_model import DayEstimates, DayVehicle, Drop, build_day_problem
from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import Depot
from fulfillment.routing.search import SolveParams
from fulfillment.routing.solver import solve
from leaders.domain.coordinates import Place
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S

WAREHOUSE = Depot(key="W1", place=Place(113.9740, 34.7210))
GARDEN = Drop(
    key="L0001",
    place=Place(113.6, 34.75),
    weight_g=174_000,
    volume_ml=420_000,
    totes=11,
    opens_s=8 * HOUR_S,
    closes_s=10 * HOUR_S,
    unload_s=6 * MINUTE_S,
)
VAN = DayVehicle(
    key="V02",
    capacity_g=1_000_000,
    capacity_totes=90,
    fixed_cost_fen=14_000,
    cost_per_km_fen=130,
    cost_per_hour_fen=3_000,
    shift_start_s=5 * HOUR_S + 30 * MINUTE_S,
    shift_end_s=12 * HOUR_S + 30 * MINUTE_S,
)


def test_service_takes_the_points_own_minutes_and_36_seconds_a_tote() -> None:
    problem = build_day_problem(WAREHOUSE, [GARDEN], [VAN], DayEstimates())

    assert problem.stop_at(1).service_s == 6 * 60 + 11 * 36
    assert problem.distance_m[0, 1] == 44_723
    assert problem.vehicles[0].reload_s == 20 * MINUTE_S
    assert problem.vehicles[0].max_trips == 2


def test_the_day_of_one_drop_is_what_one_works_out_by_hand() -> None:
    problem = build_day_problem(WAREHOUSE, [GARDEN], [VAN], DayEstimates())

    plan = solve(problem, SolveParams(seconds=5), engine="savings").plan

    # 6,440 s there, 756 s unloading, 6,440 s back; 89.446 km.
    (trip,) = plan.trips
    assert trip.departs_s == 8 * HOUR_S - 6_440
    assert trip.returns_s - trip.departs_s == 13_636
    assert plan.distance_m == 89_446
    assert plan.cost_fen == 14_000 + round(89.446 * 130 + 13_636 / 3_600 * 3_000)


def test_a_drop_above_every_vehicle_stays_in_the_problem_and_gets_its_reason() -> None:
    mountain = replace(GARDEN, key="L0002", weight_g=1_000_001)
    problem = build_day_problem(WAREHOUSE, [GARDEN, mountain], [VAN], DayEstimates())

    plan = solve(problem, SolveParams(seconds=5), engine="savings").plan

    assert [(u.stop_key, u.reason) for u in plan.unserved] == [("L0002", UnservedReason.TOO_HEAVY)]
    assert plan.stop_count == 1


def test_a_depot_without_a_place_has_no_distances() -> None:
    with pytest.raises(ValueError, match="needs a place"):
        build_day_problem(Depot(key="W1"), [GARDEN], [VAN], DayEstimates())
