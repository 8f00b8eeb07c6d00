"""Closed trips leave the problem and come back untouched."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.routing.checker import check_plan
from fulfillment.routing.fixing import open_part
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break, FixedTrip
from fulfillment.routing.schedule import Duty, build_plan
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van

# In time for the first door, 10 km down the road, at six.
LEAVES_S = 6 * HOUR_S - 20 * MINUTE_S


def loaded(**changes: Any) -> RoutingProblem:
    """V1 has 10 km and 20 km loaded and two more stops to fetch; V2 stands idle."""
    fleet = [van("V1", max_trips=2), van("V2")]
    problem = on_a_line([10, 20, 5, 15], [drop(key) for key in "ABCD"], fleet)
    fixed = FixedTrip(vehicle=0, trip=1, nodes=(1, 2), is_closed=True, departs_s=LEAVES_S)
    return replace(problem, **{"fixed": (fixed,), **changes})


def test_a_problem_without_closed_trips_is_left_as_it_is() -> None:
    problem = loaded(fixed=(FixedTrip(vehicle=0, trip=1, nodes=(2,)),))

    part = open_part(problem)

    assert part.problem.stops == problem.stops
    assert part.problem.vehicles == problem.vehicles
    assert part.problem.fixed == problem.fixed
    assert part.restore([Duty(0, ((2, 1),))]) == (Duty(0, ((2, 1),)),)


def test_closed_stops_leave_and_their_vehicle_goes_on_from_the_depot() -> None:
    part = open_part(loaded())

    # 40 km at two minutes a kilometre and two stops of twelve minutes.
    back_s = LEAVES_S + 104 * MINUTE_S
    first = part.problem.vehicles[0]
    assert [stop.key for stop in part.problem.stops] == ["C", "D"]
    assert part.problem.distance_m.tolist() == [
        [0, 5_000, 15_000],
        [5_000, 0, 10_000],
        [15_000, 10_000, 0],
    ]
    assert (first.back_s, first.shift_start_s) == (back_s, back_s + 20 * MINUTE_S)
    assert (first.max_trips, first.fixed_cost_fen) == (1, 0)
    assert part.problem.vehicles[1] == van("V2")
    assert part.problem.fixed == ()


def test_restored_duties_are_the_closed_trips_and_then_the_new_ones() -> None:
    part = open_part(loaded())

    assert part.restore([Duty(0, ((1, 2),))]) == (Duty(0, ((1, 2), (3, 4))),)
    assert part.restore([Duty(1, ((2, 1),))]) == (Duty(0, ((1, 2),)), Duty(1, ((4, 3),)))
    assert part.restore([]) == (Duty(0, ((1, 2),)),)
    assert part.reduce([Duty(0, ((1, 2), (3, 4)))]) == (Duty(0, ((1, 2),)),)


def test_a_vehicle_without_trips_or_time_left_is_not_offered() -> None:
    spent = loaded(vehicles=(van("V1", max_trips=1), van("V2")))
    tired = van("V1", max_trips=2, shift_end_s=7 * HOUR_S + 40 * MINUTE_S)
    late = loaded(vehicles=(tired, van("V2")))

    assert [vehicle.key for vehicle in open_part(spent).problem.vehicles] == ["V2"]
    assert [vehicle.key for vehicle in open_part(late).problem.vehicles] == ["V2"]
    assert open_part(late).restore([Duty(0, ((1,),))]) == (Duty(0, ((1, 2),)), Duty(1, ((3,),)))


def test_stops_fixed_to_a_day_that_is_over_can_be_served_by_nobody() -> None:
    closed = loaded().fixed[0]
    problem = loaded(
        vehicles=(van("V1", max_trips=1), van("V2")),
        fixed=(closed, FixedTrip(vehicle=0, trip=2, nodes=(3,))),
    )

    part = open_part(problem)

    assert [stop.vehicle_keys for stop in part.problem.stops] == [frozenset(), None]
    assert part.problem.fixed == ()


def test_open_prefixes_and_pairs_are_renumbered() -> None:
    closed = loaded().fixed[0]
    problem = loaded(
        fixed=(closed, FixedTrip(vehicle=0, trip=2, nodes=(4,))),
        forbidden_pairs=frozenset({(1, 3), (3, 4)}),
    )

    part = open_part(problem)

    assert part.problem.fixed == (FixedTrip(vehicle=0, trip=1, nodes=(2,)),)
    assert part.problem.forbidden_pairs == frozenset({(1, 2)})


def test_a_break_before_the_return_is_over_and_a_later_one_is_still_due() -> None:
    over = Break(duration_s=900, from_s=4 * HOUR_S, until_s=5 * HOUR_S)
    due = Break(duration_s=900, from_s=8 * HOUR_S, until_s=10 * HOUR_S)
    fleet = (van("V1", max_trips=2, breaks=(over, due)), van("V2"))

    assert open_part(loaded(vehicles=fleet)).problem.vehicles[0].breaks == (due,)


def test_closed_trips_come_first() -> None:
    fixed = FixedTrip(vehicle=0, trip=2, nodes=(1,), is_closed=True)

    with pytest.raises(ValueError, match="follows one that is not closed"):
        open_part(loaded(fixed=(fixed,)))


def test_the_restored_plan_is_sound_and_the_closed_trip_stands() -> None:
    problem = loaded()
    part = open_part(problem)

    plan = build_plan(problem, part.restore([Duty(0, ((1, 2),))]))

    assert check_plan(problem, plan) == ()
    assert [stop.stop_key for trip in plan.trips for stop in trip.stops] == ["A", "B", "C", "D"]
