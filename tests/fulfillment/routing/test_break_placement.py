"""Where breaks go, and when none is due."""

from dataclasses import replace

from fulfillment.routing.plan import PlannedBreak
from fulfillment.routing.problem import Stop, Vehicle
from fulfillment.routing.rules import Break, FixedTrip
from fulfillment.routing.schedule import Duty, DutyEvaluation, evaluate_duty
from fulfillment.routing.violations import ViolationCode
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van


def clock(hours: int, minutes: int = 0) -> int:
    return hours * HOUR_S + minutes * MINUTE_S


def pause(minutes: int, from_s: int, until_s: int) -> Break:
    return Break(duration_s=minutes * MINUTE_S, from_s=from_s, until_s=until_s)


def one_trip(stops: list[Stop], vehicle: Vehicle) -> DutyEvaluation:
    """Stops at 10 km, 20 km and so on, in this order."""
    kilometres = range(10, 10 * len(stops) + 1, 10)
    problem = on_a_line(kilometres, stops, [vehicle])
    return evaluate_duty(problem, Duty(0, (tuple(problem.nodes),)))


def test_a_break_costs_nothing_where_the_vehicle_would_wait() -> None:
    stops = [drop("A", closes_s=clock(6, 30)), drop("B", opens_s=clock(8))]
    rested = van(breaks=(pause(30, clock(6, 30), clock(8)),))

    day = one_trip(stops, rested)

    # A is done at 06:42; the van would be at B at 07:02 and wait until eight.
    assert day.trips[0].breaks == (
        PlannedBreak(after=1, starts_s=clock(6, 42), ends_s=clock(7, 12)),
    )
    assert day.trips[0].stops[1].arrive_s == clock(7, 32)
    assert day.costs == one_trip(stops, van()).costs


def test_a_break_may_be_taken_at_a_door_before_unloading() -> None:
    stops = [drop("A", closes_s=clock(6, 30)), drop("B", opens_s=clock(8))]
    rested = van(breaks=(pause(30, clock(7), clock(7, 10)),))
    back_soon = one_trip([stops[0], replace(stops[1], closes_s=clock(8))], rested)

    # Before A it is too early, after A at 07:00 the van would be late at B by none.
    (taken,) = back_soon.trips[0].breaks
    assert (taken.starts_s, taken.ends_s) == (clock(7), clock(7, 30))
    assert back_soon.costs == one_trip(stops, van()).costs
    assert back_soon.broken == ()


def test_a_break_that_finds_no_waiting_makes_the_day_longer() -> None:
    stops = [drop("A", closes_s=clock(6, 30)), drop("B"), drop("C")]

    day = one_trip(stops, van(breaks=(pause(30, clock(7), clock(8)),)))

    assert day.broken == ()
    assert len(day.trips[0].breaks) == 1
    assert day.costs.hours_fen == one_trip(stops, van()).costs.hours_fen + 1_500


def test_who_is_back_by_then_owes_no_break() -> None:
    stops = [drop("A", opens_s=clock(7))]

    back = one_trip(stops, van(breaks=(pause(30, clock(7), clock(7, 32)),)))
    away = one_trip(stops, van(breaks=(pause(30, clock(7), clock(7, 31)),)))

    assert back.trips[0].returns_s == clock(7, 32)
    assert back.trips[0].breaks == ()
    assert len(away.trips[0].breaks) == 1


def test_a_break_before_the_first_departure_is_not_paid() -> None:
    stops = [drop("A", opens_s=clock(7))]

    day = one_trip(stops, van(breaks=(pause(30, clock(6), clock(7)),)))

    assert day.trips[0].departs_s == clock(6, 40)
    assert day.trips[0].breaks == (PlannedBreak(after=0, starts_s=clock(6), ends_s=clock(6, 30)),)
    assert day.costs == one_trip(stops, van()).costs


def test_who_leaves_later_owes_no_break() -> None:
    far = on_a_line([60], [drop("A")], [van(breaks=(pause(30, clock(6), clock(6, 10)),))])

    day = evaluate_duty(far, Duty(0, ((1,),)))

    assert day.trips[0].departs_s >= clock(6, 10)
    assert day.trips[0].breaks == ()
    assert day.broken == ()


def test_a_break_between_trips_is_no_time_to_reload() -> None:
    stops = [drop("A", opens_s=clock(7), closes_s=clock(7)), drop("B")]
    rested = van(max_trips=2, breaks=(pause(20, clock(7, 30), clock(7, 35)),))
    problem = on_a_line([10, 20], stops, [rested])

    first, second = evaluate_duty(problem, Duty(0, ((1,), (2,)))).trips

    assert first.returns_s == clock(7, 32)
    assert second.breaks == (PlannedBreak(after=0, starts_s=clock(7, 32), ends_s=clock(7, 52)),)
    assert second.departs_s == clock(8, 12)


def test_a_day_without_room_for_its_break_says_so() -> None:
    in_a_hurry = drop("A", closes_s=clock(7, 30))
    far = on_a_line([60], [in_a_hurry], [van(breaks=(pause(30, clock(6), clock(6, 10)),))])

    day = evaluate_duty(far, Duty(0, ((1,),)))

    assert day.broken == (ViolationCode.BREAK_MISSING,)
    assert day.trips[0].stops[0].start_s == clock(7, 30)


def test_two_breaks_are_taken_in_their_order() -> None:
    rules = (pause(15, clock(6), clock(6, 30)), pause(30, clock(7), clock(8)))

    day = one_trip([drop("A", closes_s=clock(6, 20)), drop("B"), drop("C")], van(breaks=rules))

    taken = day.trips[0].breaks
    assert day.broken == ()
    assert [rest.ends_s - rest.starts_s for rest in taken] == [15 * MINUTE_S, 30 * MINUTE_S]
    assert taken[0].ends_s <= taken[1].starts_s


def test_a_day_that_is_over_is_not_asked_for_a_break() -> None:
    rested = van(breaks=(pause(30, clock(6), clock(6, 10)),))
    problem = on_a_line([60], [drop("A")], [rested])
    gone = FixedTrip(vehicle=0, trip=1, nodes=(1,), is_closed=True, departs_s=clock(5, 30))

    assert evaluate_duty(replace(problem, fixed=(gone,)), Duty(0, ((1,),))).broken == ()
