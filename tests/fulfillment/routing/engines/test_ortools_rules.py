"""One small day for each rule: only a plan that keeps it is sound, and it changes the plan."""

from dataclasses import replace

import pytest

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import ortools
from fulfillment.routing.plan import RoutePlan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break, FixedTrip, Traffic
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchTask, SolveParams
from tests.fulfillment.routing.builders import (
    HOUR_S,
    MINUTE_S,
    drop,
    micro_van,
    on_a_line,
    van,
)

Trips = list[tuple[str, list[str]]]


def planned(problem: RoutingProblem, start: tuple[Duty, ...] = ()) -> RoutePlan:
    params = SolveParams(seconds=60.0, iterations=4)
    found = ortools.search(SearchTask(problem=problem, params=params, start=start))
    plan = build_plan(problem, found.duties)
    assert check_plan(problem, plan) == ()
    return plan


def trips(plan: RoutePlan) -> Trips:
    return [(trip.vehicle_key, [stop.stop_key for stop in trip.stops]) for trip in plan.trips]


def left_out(plan: RoutePlan) -> list[str]:
    return [unserved.stop_key for unserved in plan.unserved]


def test_boxes_that_fill_a_van_take_another() -> None:
    roomy = on_a_line([10, 12], [drop("A"), drop("B")], [van("V1"), van("V2")])
    tight = [van(key, capacity_ml=700_000) for key in ("V1", "V2")]

    assert len(planned(roomy).trips) == 1
    assert len(planned(replace(roomy, vehicles=tuple(tight))).trips) == 2


def test_frozen_goods_go_by_the_van_that_keeps_them_cold() -> None:
    chilled = van("COLD", capacity_cold_totes=6, fixed_cost_fen=30_000)
    stops = [drop("A", weight_g=600_000), drop("B", weight_g=600_000)]
    problem = on_a_line([10, 12], stops, [van("V1"), van("V2"), chilled])
    one_cold = (replace(stops[0], cold_totes=4), stops[1])
    both_cold = tuple(replace(stop, cold_totes=4) for stop in stops)

    assert trips(planned(problem)) == [("V1", ["A"]), ("V2", ["B"])]
    assert ("COLD", ["A"]) in trips(planned(replace(problem, stops=one_cold)))
    # Six places, one trip.
    assert len(left_out(planned(replace(problem, stops=both_cold)))) == 1


def test_a_narrow_lane_sees_only_the_small_van() -> None:
    fleet = [van("V1", size=2), micro_van("M1", size=1, fixed_cost_fen=20_000)]
    stops = (drop("A", weight_g=500_000), drop("LANE"))
    wide = on_a_line([10, 12], stops, fleet)
    narrow = replace(wide, stops=(stops[0], drop("LANE", largest_size=1)))

    assert [key for key, _ in trips(planned(wide))] == ["V1"]
    assert trips(planned(narrow)) == [("V1", ["A"]), ("M1", ["LANE"])]


def test_a_stop_goes_by_a_vehicle_that_it_allows() -> None:
    problem = on_a_line(
        [10, 12],
        [drop("A", vehicle_keys=frozenset({"V2"})), drop("B", vehicle_keys=frozenset({"V1"}))],
        [van("V1"), van("V2"), van("V3")],
    )

    assert trips(planned(problem)) == [("V1", ["B"]), ("V2", ["A"])]


def test_a_stop_that_allows_nobody_stays_out() -> None:
    stops = [drop("A", vehicle_keys=frozenset()), drop("B")]

    plan = planned(on_a_line([10, 12], stops, [van("V1")]))

    assert left_out(plan) == ["A"]


def test_a_door_closed_to_trucks_is_served_by_a_van_or_later() -> None:
    truck = van("T1", size=3)
    early = drop("A", closes_s=6 * HOUR_S + 30 * MINUTE_S, trucks_from_s=7 * HOUR_S)
    late = drop("A", trucks_from_s=7 * HOUR_S)
    dear = van("V1", fixed_cost_fen=40_000)

    by_van = planned(on_a_line([10], [early], [truck, dear]))
    by_truck = planned(on_a_line([10], [late], [truck, dear]))

    assert trips(by_van) == [("V1", ["A"])]
    assert trips(by_truck) == [("T1", ["A"])]
    assert by_truck.trips[0].stops[0].start_s == 7 * HOUR_S


def test_a_door_that_wants_its_goods_early_comes_first() -> None:
    wish = {"prefers_until_s": 6 * HOUR_S + 40 * MINUTE_S, "lateness_fen_per_hour": 6_000}
    stops = [drop("NEAR", service_s=HOUR_S), drop("FAR", **wish)]
    problem = on_a_line([10, 30], stops, [van("V1")])
    other_way = build_plan(problem, [Duty(0, ((1, 2),))])

    plan = planned(problem)

    assert check_plan(problem, other_way) == ()
    assert other_way.costs.lateness_fen == 6_000
    assert trips(plan) == [("V1", ["FAR", "NEAR"])]
    assert plan.cost_fen == other_way.cost_fen - 6_000


def test_overtime_is_worked_where_it_is_cheaper_than_another_van() -> None:
    stops = [drop(key, service_s=3 * HOUR_S) for key in "AB"]
    worked = [van(key, overtime_s=HOUR_S, overtime_fen_per_hour=1_000) for key in ("V1", "V2")]
    dear = [replace(vehicle, overtime_fen_per_hour=60_000) for vehicle in worked]
    problem = on_a_line([10, 30], stops, worked)

    one, two = planned(problem), planned(replace(problem, vehicles=tuple(dear)))

    # Away for eight hours of the seven from 05:30, for 10.00 yuan more.
    assert [key for key, _ in trips(one)] == ["V1"]
    assert one.costs.overtime_fen == 1_000
    assert [key for key, _ in trips(two)] == ["V1", "V2"]
    assert two.costs.overtime_fen == 0


def test_a_break_that_falls_due_changes_the_order() -> None:
    stops = [drop("A"), drop("B", closes_s=7 * HOUR_S)]
    pause = Break(duration_s=HOUR_S, from_s=6 * HOUR_S, until_s=6 * HOUR_S + 30 * MINUTE_S)
    problem = on_a_line([10, 20], stops, [van("V1", breaks=(pause,))])
    start = (Duty(0, ((1, 2),)),)

    assert check_plan(problem, build_plan(problem, start)) != ()
    assert trips(planned(problem, start)) == [("V1", ["B", "A"])]


def test_neighbours_who_must_not_meet_share_no_trip() -> None:
    stops = [drop("A"), drop("B")]
    apart = frozenset({(1, 2)})
    two_vans = on_a_line([10, 12], stops, [van("V1"), van("V2", fixed_cost_fen=90_000)])
    two_trips = replace(two_vans, vehicles=(van("V1", max_trips=2), two_vans.vehicles[1]))

    assert len(trips(planned(two_vans))) == 1
    assert [key for key, _ in trips(planned(replace(two_vans, forbidden_pairs=apart)))] == [
        "V1",
        "V2",
    ]
    assert [key for key, _ in trips(planned(replace(two_trips, forbidden_pairs=apart)))] == [
        "V1",
        "V1",
    ]


def test_what_is_fixed_stays_in_front_and_others_may_follow() -> None:
    stops = [drop("A"), drop("B"), drop("C")]
    problem = on_a_line([10, 12, 14], stops, [van("V1"), van("V2")])
    fixed = (FixedTrip(vehicle=1, trip=1, nodes=(3, 1)),)

    plan = planned(replace(problem, fixed=fixed))

    assert trips(plan) == [("V2", ["C", "A", "B"])]


def test_a_fixed_second_trip_stays_behind_a_first() -> None:
    stops = [drop(key, weight_g=600_000) for key in "AB"]
    problem = on_a_line([10, 12], stops, [van("V1", max_trips=2), van("V2")])
    fixed = (
        FixedTrip(vehicle=0, trip=1, nodes=(2,)),
        FixedTrip(vehicle=0, trip=2, nodes=(1,)),
    )

    assert trips(planned(replace(problem, fixed=fixed))) == [("V1", ["B"]), ("V1", ["A"])]


@pytest.mark.parametrize(("penalty", "expected"), [(100, 1), (60_000, 2)])
def test_a_familiar_driver_comes_where_that_is_worth_it(penalty: int, expected: int) -> None:
    knows = drop("B", usual_vehicle_key="V2", change_penalty_fen=penalty)
    other = drop("A", usual_vehicle_key="V1", change_penalty_fen=penalty)

    plan = planned(on_a_line([10, 12], [other, knows], [van("V1"), van("V2")]))

    assert len(plan.trips) == expected
    if expected == 2:
        assert trips(plan) == [("V1", ["A"]), ("V2", ["B"])]


def test_of_two_stops_for_one_place_the_one_of_higher_priority_is_served() -> None:
    stops = [
        drop("A", weight_g=900_000, unserved_penalty_fen=500_000),
        drop("B", weight_g=900_000, unserved_penalty_fen=2_000_000),
    ]

    plan = planned(on_a_line([5, 40], stops, [van("V1")]), start=(Duty(0, ((1,),)),))

    assert left_out(plan) == ["A"]


def test_the_rush_hour_is_counted() -> None:
    rush = Traffic(((0, 100), (6 * HOUR_S + 30 * MINUTE_S, 200)))
    stops = [drop("A", service_s=HOUR_S), drop("B", closes_s=8 * HOUR_S)]
    problem = on_a_line([10, 30], stops, [van("V1")])
    start = (Duty(0, ((1, 2),)),)
    busy = replace(problem, traffic=rush)

    # 20 km from seven on: forty minutes, or eighty.
    assert check_plan(problem, build_plan(problem, start)) == ()
    assert check_plan(busy, build_plan(busy, start)) != ()
    assert trips(planned(busy, start)) == [("V1", ["B", "A"])]
