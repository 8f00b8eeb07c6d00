"""Closed trips leave the problem and come back untouched."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.fixing import open_part
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break, FixedTrip
from fulfillment.routing.schedule import Duty, build_plan, evaluate_duty
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van
from tests.fulfillment.routing.rich_problems import rich_problems

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


def test_a_break_due_the_moment_of_the_return_is_due_if_the_day_goes_on() -> None:
    back_s = LEAVES_S + 104 * MINUTE_S
    pause = Break(duration_s=900, from_s=back_s, until_s=back_s)
    problem = loaded(vehicles=(van("V1", max_trips=2, breaks=(pause,)), van("V2")))
    part = open_part(problem)
    went_on = [Duty(0, ((1, 2),))]

    plan = build_plan(part.problem, went_on)

    assert [(b.after, b.starts_s) for b in plan.trips[0].breaks] == [(0, back_s)]
    assert check_plan(problem, build_plan(problem, part.restore(went_on))) == ()
    assert check_plan(problem, build_plan(problem, part.restore([]))) == ()


def test_hours_and_overtime_run_on() -> None:
    tired = van("V1", max_trips=2, shift_end_s=7 * HOUR_S, overtime_s=4 * HOUR_S)
    problem = loaded(vehicles=(replace(tired, overtime_fen_per_hour=6_000), van("V2")))
    part = open_part(problem)

    rest = build_plan(part.problem, [Duty(0, ((1, 2),))])
    whole = build_plan(problem, part.restore([Duty(0, ((1, 2),))]))
    closed = build_plan(problem, part.restore([]))

    assert rest.duration_s == 20 * MINUTE_S + 84 * MINUTE_S
    assert whole.cost_fen == closed.cost_fen + rest.cost_fen
    assert whole.costs.overtime_fen == closed.costs.overtime_fen + rest.costs.overtime_fen
    assert closed.costs.overtime_fen == 2_400


def test_a_break_missed_on_a_closed_trip_stops_no_further_trip() -> None:
    missed = Break(duration_s=7_200, from_s=LEAVES_S, until_s=LEAVES_S + 60)
    problem = loaded(vehicles=(van("V1", max_trips=2, breaks=(missed,)), van("V2")))
    part = open_part(problem)

    plan = build_plan(problem, part.restore([Duty(0, ((1, 2),))]))

    assert part.problem.vehicles[0].breaks == ()
    assert check_plan(problem, plan) == ()
    assert plan.stop_count == 4


@settings(deadline=None)
@given(rich_problems())
def test_a_sound_open_part_makes_a_sound_whole_and_moves_nothing_closed(
    problem: RoutingProblem,
) -> None:
    part = open_part(problem)
    found = mended(Judge(part.problem), ())

    duties = part.restore(found)

    assert check_plan(part.problem, build_plan(part.problem, found)) == ()
    assert check_plan(problem, build_plan(problem, duties)) == ()
    for fixed in problem.fixed:
        if fixed.is_closed and fixed.nodes:
            day = next(duty for duty in duties if duty.vehicle == fixed.vehicle)
            driven = evaluate_duty(problem, day).trips[fixed.trip - 1]
            assert day.trips[fixed.trip - 1] == fixed.nodes
            assert fixed.departs_s in (None, driven.departs_s)


@settings(deadline=None)
@given(rich_problems())
def test_closed_and_open_part_cost_what_the_whole_costs(problem: RoutingProblem) -> None:
    part = open_part(problem)
    found = {part.vehicles[duty.vehicle]: duty for duty in mended(Judge(part.problem), ())}
    for duty in part.restore(found.values()):
        if duty.vehicle not in part.closed or duty.vehicle not in found:
            continue
        done = Duty(duty.vehicle, part.closed[duty.vehicle])
        whole_fen = evaluate_duty(problem, duty).costs.total_fen
        closed_fen = evaluate_duty(problem, done).costs.total_fen
        open_fen = evaluate_duty(part.problem, found[duty.vehicle]).costs.total_fen

        # Hours and overtime are rounded once for the whole and once for each part.
        assert whole_fen - closed_fen - open_fen <= 2
        departures = [f.departs_s for f in problem.fixed if f.vehicle == duty.vehicle]
        if None not in departures and not problem.vehicles[duty.vehicle].breaks:
            assert whole_fen - closed_fen - open_fen >= -2
