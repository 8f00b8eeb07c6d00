"""When a day begins where lateness, overtime, trucks or traffic have a price."""

from dataclasses import replace

from fulfillment.routing.rules import FixedTrip, Traffic
from fulfillment.routing.schedule import Duty, build_plan, evaluate_duty
from fulfillment.routing.violations import ViolationCode
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van


def clock(hours: int, minutes: int = 0) -> int:
    return hours * HOUR_S + minutes * MINUTE_S


def test_leaving_early_pays_where_lateness_is_dearer_than_waiting() -> None:
    eager = drop("A", prefers_until_s=clock(6, 30), lateness_fen_per_hour=6_000)
    problem = on_a_line([10, 20], [eager, drop("B", opens_s=clock(8))], [van()])

    day = evaluate_duty(problem, Duty(0, ((1, 2),)))

    # 58 minutes of waiting at 30 yuan an hour against 58 of lateness at 60.
    assert day.trips[0].departs_s == clock(6, 10)
    assert [stop.start_s for stop in day.trips[0].stops] == [clock(6, 30), clock(8)]
    assert (day.costs.lateness_fen, day.costs.hours_fen) == (0, 8_100)


def test_a_little_lateness_is_bought_where_waiting_is_dearer() -> None:
    patient = drop("A", prefers_until_s=clock(6, 30), lateness_fen_per_hour=2_000)
    problem = on_a_line([10, 20], [patient, drop("B", opens_s=clock(8))], [van()])

    day = evaluate_duty(problem, Duty(0, ((1, 2),)))

    # 58 minutes at 20 yuan are 19.33; out from 07:08 to 08:52.
    assert day.trips[0].departs_s == clock(7, 8)
    assert day.trips[0].stops[0].lateness_fen == 1_933
    assert (day.costs.lateness_fen, day.costs.hours_fen) == (1_933, 5_200)


def test_a_door_that_is_late_anyway_does_not_call_anybody_out_of_bed() -> None:
    hopeless = drop("A", opens_s=clock(7), prefers_until_s=clock(6), lateness_fen_per_hour=6_000)
    problem = on_a_line([10], [hopeless], [van()])

    day = evaluate_duty(problem, Duty(0, ((1,),)))

    assert day.trips[0].departs_s == clock(6, 40)
    assert day.costs.lateness_fen == 6_000


def test_overtime_is_paid_on_top_of_the_hours_and_ends_the_day() -> None:
    tired = van(shift_end_s=clock(7), overtime_s=HOUR_S, overtime_fen_per_hour=4_500)
    problem = on_a_line([30, 35], [drop("A"), drop("B")], [tired])

    day = evaluate_duty(problem, Duty(0, ((1,),)))
    late = evaluate_duty(problem, Duty(0, ((1, 2),)))

    # 05:30 to 07:42: 132 minutes at 30 an hour, 42 at 45 on top.
    assert (day.costs.hours_fen, day.costs.overtime_fen) == (6_600, 3_150)
    assert day.broken == ()
    assert late.broken == (ViolationCode.AFTER_SHIFT,)


def test_a_truck_waits_until_trucks_are_let_in() -> None:
    stop = drop("A", trucks_from_s=clock(7))
    problem = on_a_line([10], [stop], [van("V1"), van("V2", size=3)])

    small, large = (evaluate_duty(problem, Duty(at, ((1,),))).trips[0] for at in (0, 1))

    assert small.stops[0].start_s == clock(6)
    assert (large.departs_s, large.stops[0].start_s) == (clock(6, 40), clock(7))


def test_a_rush_is_waited_out_at_home() -> None:
    rush = Traffic(((0, 100), (clock(6), 200), (clock(8), 100)))
    problem = replace(on_a_line([30], [drop("A")], [van()]), traffic=rush)

    (trip,) = evaluate_duty(problem, Duty(0, ((1,),))).trips

    # Leaving at 05:30 is back at 08:36 after 186 minutes.
    assert (trip.departs_s, trip.stops[0].arrive_s) == (clock(8), clock(9))
    assert trip.returns_s == clock(10, 12)


def test_a_rush_is_driven_through_where_the_door_closes() -> None:
    rush = Traffic(((0, 100), (clock(6), 200), (clock(8), 100)))
    early = on_a_line([30], [drop("A", closes_s=clock(7))], [van()])

    (trip,) = evaluate_duty(replace(early, traffic=rush), Duty(0, ((1,),))).trips

    # Half an hour before six, and the other half takes an hour.
    assert (trip.departs_s, trip.stops[0].arrive_s) == (clock(5, 30), clock(7))
    # 48 minutes of rush are 24 of the way home, 36 are left at eight.
    assert trip.returns_s == clock(8, 36)


def test_a_closed_trip_leaves_when_it_left_and_is_not_judged_again() -> None:
    late = drop("A", closes_s=clock(6), weight_g=5_000_000)
    problem = on_a_line([10, 20], [late, drop("B")], [van(max_trips=2)])
    gone = FixedTrip(vehicle=0, trip=1, nodes=(1,), is_closed=True, departs_s=clock(7))

    day = evaluate_duty(replace(problem, fixed=(gone,)), Duty(0, ((1,), (2,))))

    assert day.broken == ()
    assert [trip.departs_s for trip in day.trips] == [clock(7), clock(8, 12)]
    assert [trip.returns_s for trip in day.trips] == [clock(7, 52), clock(9, 44)]


def test_an_open_trip_before_a_loaded_one_must_be_back_and_reloaded() -> None:
    problem = on_a_line([10, 20], [drop("A"), drop("B")], [van(max_trips=2)])
    loaded = FixedTrip(vehicle=0, trip=2, nodes=(2,), is_closed=True, departs_s=clock(6, 40))

    tight = evaluate_duty(replace(problem, fixed=(loaded,)), Duty(0, ((1,), (2,))))
    later = replace(loaded, departs_s=clock(8))
    easy = evaluate_duty(replace(problem, fixed=(later,)), Duty(0, ((1,), (2,))))

    # Out at 05:40 the first trip is back at 06:32 and reloaded at 06:52.
    assert tight.broken == (ViolationCode.RELOAD_TOO_SHORT,)
    assert easy.broken == ()
    assert [trip.departs_s for trip in easy.trips] == [clock(6, 48), clock(8)]


def test_a_vehicle_that_is_back_reloads_and_is_paid_from_then_on() -> None:
    back = van(back_s=clock(8), shift_start_s=clock(8, 20), fixed_cost_fen=0)
    problem = on_a_line([10], [drop("A")], [back])

    plan = build_plan(problem, [Duty(0, ((1,),))])

    assert (plan.trips[0].departs_s, plan.trips[0].returns_s) == (clock(8, 20), clock(9, 12))
    assert plan.duration_s == 72 * MINUTE_S


def test_costs_are_told_by_cause() -> None:
    eager = drop("A", prefers_until_s=clock(6), lateness_fen_per_hour=600)
    tired = van(shift_end_s=clock(7), overtime_s=HOUR_S, overtime_fen_per_hour=4_500)
    problem = on_a_line([30], [eager], [tired])

    plan = build_plan(problem, [Duty(0, ((1,),))])

    # 60 km at 1.30, 132 minutes at 30.00, 42 of overtime at 45.00, 30 late at 6.00.
    assert plan.costs.fixed_fen == 14_000
    assert plan.costs.distance_fen == 7_800
    assert plan.costs.hours_fen == 6_600
    assert plan.costs.overtime_fen == 3_150
    assert plan.costs.lateness_fen == 300
    assert plan.cost_fen == plan.costs.total_fen == 31_850
