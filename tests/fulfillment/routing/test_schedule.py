"""When a vehicle leaves, arrives, waits, reloads and returns."""

from fulfillment.routing.schedule import Duty, build_plan, schedule_duty
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van


def clock(hours: int, minutes: int = 0) -> int:
    return hours * HOUR_S + minutes * MINUTE_S


def test_the_first_departure_is_the_latest_that_meets_the_opening() -> None:
    problem = on_a_line([10], [drop("A", opens_s=clock(7))], [van()])

    (trip,) = schedule_duty(problem, Duty(0, ((1,),)))

    # Ten kilometres take twenty minutes, unloading twelve.
    assert trip.departs_s == clock(6, 40)
    assert trip.stops[0].arrive_s == clock(7)
    assert trip.stops[0].wait_s == 0
    assert trip.returns_s == clock(7, 32)


def test_an_early_closing_forces_the_vehicle_to_wait_later_on() -> None:
    stops = [drop("A", opens_s=clock(6), closes_s=clock(6, 30)), drop("B", opens_s=clock(8))]
    problem = on_a_line([10, 20], stops, [van()])

    (trip,) = schedule_duty(problem, Duty(0, ((1, 2),)))

    # A must start by 06:30, so B is reached at 07:02 at the latest and opens at 08:00.
    assert trip.departs_s == clock(6, 10)
    assert [stop.arrive_s for stop in trip.stops] == [clock(6, 30), clock(7, 2)]
    assert [stop.wait_s for stop in trip.stops] == [0, 58 * MINUTE_S]
    assert trip.returns_s == clock(8, 52)


def test_nobody_leaves_before_the_shift_starts() -> None:
    problem = on_a_line([60], [drop("A", opens_s=clock(6))], [van()])

    (trip,) = schedule_duty(problem, Duty(0, ((1,),)))

    assert trip.departs_s == clock(5, 30)
    assert trip.stops[0].arrive_s == clock(7, 30)


def test_a_second_trip_leaves_when_the_vehicle_is_reloaded() -> None:
    stops = [drop("A", opens_s=clock(7)), drop("B", opens_s=clock(7))]
    problem = on_a_line([10, 20], stops, [van(max_trips=2)])

    first, second = schedule_duty(problem, Duty(0, ((1,), (2,))))

    assert (first.departs_s, first.returns_s) == (clock(6, 40), clock(7, 32))
    assert (second.departs_s, second.returns_s) == (clock(7, 52), clock(9, 24))
    assert [first.trip, second.trip] == [1, 2]


def test_a_second_trip_waits_at_the_depot_and_not_at_a_closed_door() -> None:
    stops = [drop("A", closes_s=clock(6, 30)), drop("B", opens_s=clock(10))]
    problem = on_a_line([10, 20], stops, [van(max_trips=2)])

    _, second = schedule_duty(problem, Duty(0, ((1,), (2,))))

    assert second.departs_s == clock(9, 20)
    assert second.stops[0].wait_s == 0


def test_a_plan_adds_up_distance_hours_and_cost() -> None:
    stops = [drop("A", opens_s=clock(7)), drop("B", opens_s=clock(7))]
    problem = on_a_line([10, 20], stops, [van("V1", max_trips=2), van("V2")])

    plan = build_plan(problem, [Duty(0, ((1,), (2,)))])

    # 60 km at 1.30 yuan, 06:40 to 09:24 at 30 yuan an hour, 140 yuan for the van.
    assert plan.distance_m == 60_000
    assert plan.duration_s == clock(2, 44)
    assert plan.cost_fen == 14_000 + 7_800 + 8_200
    assert plan.vehicle_keys == ("V1",)
    assert plan.unserved == ()


def test_the_loads_of_a_trip_are_the_sums_of_its_stops() -> None:
    stops = [drop("A", weight_g=150_000, totes=7, volume_ml=300_000), drop("B")]
    problem = on_a_line([10, 20], stops, [van()])

    (trip,) = build_plan(problem, [Duty(0, ((2, 1),))]).trips

    assert (trip.weight_g, trip.totes, trip.volume_ml) == (350_000, 17, 700_000)
    assert [stop.stop_key for stop in trip.stops] == ["B", "A"]
    assert [stop.distance_m for stop in trip.stops] == [20_000, 10_000]
    assert trip.return_distance_m == 10_000
