"""The judge: sound plans pass, and each planted fault is named."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.routing.checker import check_plan
from fulfillment.routing.plan import (
    PlannedBreak,
    PlannedStop,
    PlannedTrip,
    RoutePlan,
    Unserved,
    UnservedReason,
)
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break, FixedTrip, Traffic
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.violations import ViolationCode
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van


def town() -> RoutingProblem:
    """Three stops on one road, a van for two trips and a second van; D fits no van."""
    stops = [drop("A"), drop("B"), drop("C"), drop("D", weight_g=2_000_000)]
    return on_a_line([10, 20, 30, 40], stops, [van("V1", max_trips=2), van("V2")])


def sound_plan() -> RoutePlan:
    """A and B on the first trip of V1, C on its second, D left out as too heavy."""
    return build_plan(town(), [Duty(0, ((1, 2), (3,)))])


def codes(plan: RoutePlan, problem: RoutingProblem | None = None) -> set[ViolationCode]:
    return {violation.code for violation in check_plan(problem or town(), plan)}


def with_trip(number: int, **changes: Any) -> RoutePlan:
    """Return the sound plan with one trip changed."""
    plan = sound_plan()
    trips = list(plan.trips)
    trips[number] = replace(trips[number], **changes)
    return replace(plan, trips=tuple(trips))


def with_stop(**changes: Any) -> RoutePlan:
    """Return the sound plan with its first stop changed."""
    first, *others = sound_plan().trips[0].stops
    changed = replace(first, **changes)
    return with_trip(0, stops=(changed, *others))


def first_trip() -> PlannedTrip:
    return sound_plan().trips[0]


def first_stop() -> PlannedStop:
    return first_trip().stops[0]


def test_a_sound_plan_breaks_no_rule() -> None:
    plan = sound_plan()

    assert check_plan(town(), plan) == ()
    assert plan.unserved == (Unserved(stop_key="D", reason=UnservedReason.TOO_HEAVY),)


def test_a_plan_may_leave_everything_out_but_must_say_so() -> None:
    empty = build_plan(town(), [])

    assert check_plan(town(), empty) == ()
    assert codes(replace(empty, unserved=())) == {ViolationCode.STOP_MISSING}


def test_a_stop_nobody_ordered_is_named_before_anything_else() -> None:
    assert codes(with_stop(stop_key="Z")) == {ViolationCode.UNKNOWN_STOP}


def test_a_vehicle_nobody_owns_is_named() -> None:
    assert codes(with_trip(0, vehicle_key="V9")) == {ViolationCode.UNKNOWN_VEHICLE}


def test_a_stop_served_twice_is_named() -> None:
    plan = build_plan(town(), [Duty(0, ((1, 2), (3,))), Duty(1, ((1,),))])

    assert codes(plan) == {ViolationCode.STOP_REPEATED}


def test_a_stop_both_served_and_left_out_is_named() -> None:
    plan = sound_plan()
    both = (Unserved(stop_key="A", reason=UnservedReason.NO_VEHICLE_LEFT), *plan.unserved)

    assert codes(replace(plan, unserved=both)) == {ViolationCode.SERVED_AND_UNSERVED}


def test_an_excuse_that_does_not_hold_is_named() -> None:
    lazy = replace(
        sound_plan(), unserved=(Unserved(stop_key="D", reason=UnservedReason.NO_VEHICLE_LEFT),)
    )
    empty = build_plan(town(), [])
    boast = tuple(replace(u, reason=UnservedReason.TOO_HEAVY) for u in empty.unserved)

    assert codes(lazy) == {ViolationCode.REASON_FALSE}
    assert codes(replace(empty, unserved=boast)) == {ViolationCode.REASON_FALSE}


def test_a_load_above_the_capacity_is_named_for_weight_and_for_totes() -> None:
    heavy = on_a_line([10, 20], [drop("A", weight_g=600_000), drop("B", weight_g=600_000)], [van()])
    bulky = on_a_line([10, 20], [drop("A", totes=50), drop("B", totes=50)], [van()])
    together = [Duty(0, ((1, 2),))]

    assert codes(build_plan(heavy, together), heavy) == {ViolationCode.OVER_WEIGHT}
    assert codes(build_plan(bulky, together), bulky) == {ViolationCode.OVER_TOTES}


def test_service_outside_the_window_is_named() -> None:
    late = on_a_line([10], [drop("A", closes_s=21_600)], [van(shift_start_s=21_600)])

    assert codes(build_plan(late, [Duty(0, ((1,),))]), late) == {ViolationCode.AFTER_CLOSING}
    assert ViolationCode.BEFORE_OPENING in codes(with_stop(start_s=21_599))


def test_service_may_start_at_closing_time_and_end_after_it() -> None:
    problem = on_a_line([10], [drop("A", closes_s=21_600 + 1_200)], [van(shift_start_s=21_600)])

    assert check_plan(problem, build_plan(problem, [Duty(0, ((1,),))])) == ()


def test_a_departure_before_and_a_return_after_the_shift_are_named() -> None:
    assert ViolationCode.BEFORE_SHIFT in codes(with_trip(0, departs_s=19_799))
    short = on_a_line([30], [drop("A")], [van(shift_end_s=24_000)])

    assert codes(build_plan(short, [Duty(0, ((1,),))]), short) == {ViolationCode.AFTER_SHIFT}


def test_a_reload_cut_short_is_named() -> None:
    second = sound_plan().trips[1]
    stop = second.stops[0]
    early = with_trip(
        1,
        departs_s=second.departs_s - 1,
        returns_s=second.returns_s - 1,
        stops=(
            replace(
                stop,
                arrive_s=stop.arrive_s - 1,
                start_s=stop.start_s - 1,
                depart_s=stop.depart_s - 1,
            ),
        ),
    )

    assert ViolationCode.RELOAD_TOO_SHORT in codes(early)


def test_more_trips_than_allowed_are_named() -> None:
    plan = build_plan(town(), [Duty(1, ((1,), (2,), (3,)))])

    assert codes(plan) == {ViolationCode.TRIPS_TOO_MANY}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"arrive_s": first_stop().arrive_s - 1}, ViolationCode.ARRIVAL_WRONG),
        ({"start_s": first_stop().arrive_s - 1}, ViolationCode.START_WRONG),
        ({"depart_s": first_stop().depart_s - MINUTE_S}, ViolationCode.DEPARTURE_WRONG),
        ({"distance_m": 9_999}, ViolationCode.DISTANCE_WRONG),
        ({"weight_g": 1}, ViolationCode.LOAD_WRONG),
        ({"totes": 1}, ViolationCode.LOAD_WRONG),
        ({"volume_ml": 1}, ViolationCode.LOAD_WRONG),
    ],
)
def test_a_wrong_figure_at_a_stop_is_named(change: dict[str, Any], code: ViolationCode) -> None:
    assert code in codes(with_stop(**change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"returns_s": first_trip().returns_s - 1}, ViolationCode.RETURN_WRONG),
        ({"distance_m": 39_999}, ViolationCode.DISTANCE_WRONG),
        ({"return_distance_m": 19_999}, ViolationCode.DISTANCE_WRONG),
        ({"weight_g": 1}, ViolationCode.LOAD_WRONG),
        ({"trip": 2}, ViolationCode.TRIP_ORDER),
        ({"stops": ()}, ViolationCode.TRIP_EMPTY),
    ],
)
def test_a_wrong_figure_of_a_trip_is_named(change: dict[str, Any], code: ViolationCode) -> None:
    assert code in codes(with_trip(0, **change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"distance_m": 1}, ViolationCode.DISTANCE_WRONG),
        ({"duration_s": 1}, ViolationCode.DURATION_WRONG),
        ({"cost_fen": 1}, ViolationCode.COSTS_WRONG),
    ],
)
def test_a_wrong_total_is_named(change: dict[str, Any], code: ViolationCode) -> None:
    assert codes(replace(sound_plan(), **change)) == {code}


def late_town() -> RoutingProblem:
    """The stop prefers six and is reached at half past; the van comes home in its overtime."""
    stop = drop("A", prefers_until_s=6 * HOUR_S, lateness_fen_per_hour=600)
    tired = van(shift_end_s=7 * HOUR_S, overtime_s=HOUR_S, overtime_fen_per_hour=4_500)
    return on_a_line([30], [stop], [tired])


@pytest.mark.parametrize(
    ("vehicle", "stop", "code"),
    [
        ({"capacity_ml": 399_999}, {}, ViolationCode.OVER_VOLUME),
        ({"capacity_cold_totes": 1}, {"cold_totes": 2}, ViolationCode.OVER_COLD),
        ({"size": 3}, {"largest_size": 2}, ViolationCode.VEHICLE_TOO_LARGE),
        ({}, {"vehicle_keys": frozenset({"V2"})}, ViolationCode.VEHICLE_NOT_ALLOWED),
    ],
)
def test_a_vehicle_that_must_not_carry_or_come_is_named(
    vehicle: dict[str, Any], stop: dict[str, Any], code: ViolationCode
) -> None:
    problem = on_a_line([10], [drop("A", **stop)], [van("V1", **vehicle)])

    assert codes(build_plan(problem, [Duty(0, ((1,),))]), problem) == {code}


def test_a_truck_before_its_hour_is_named() -> None:
    early = on_a_line([10], [drop("A")], [van(size=3)])
    plan = build_plan(early, [Duty(0, ((1,),))])
    problem = replace(early, stops=(drop("A", trucks_from_s=7 * HOUR_S),))

    assert codes(plan, problem) == {ViolationCode.TRUCK_TOO_EARLY, ViolationCode.START_WRONG}


def test_a_forbidden_pair_on_one_trip_is_named() -> None:
    problem = replace(town(), forbidden_pairs=frozenset({(1, 2)}))

    assert codes(sound_plan(), problem) == {ViolationCode.PAIR_FORBIDDEN}


@pytest.mark.parametrize(
    "fixed",
    [
        FixedTrip(vehicle=0, trip=1, nodes=(2,)),
        FixedTrip(vehicle=0, trip=1, nodes=(3,)),
        FixedTrip(vehicle=1, trip=1, nodes=(1,)),
        FixedTrip(vehicle=0, trip=2, nodes=(4,)),
        FixedTrip(vehicle=0, trip=1, nodes=(1,), is_closed=True),
        FixedTrip(vehicle=0, trip=1, nodes=(1, 2), is_closed=True, departs_s=7 * HOUR_S),
    ],
)
def test_a_fixed_trip_that_is_not_as_it_was_is_named(fixed: FixedTrip) -> None:
    problem = replace(town(), fixed=(fixed,))

    assert ViolationCode.FIXED_TRIP_CHANGED in codes(sound_plan(), problem)


def test_a_fixed_trip_that_is_as_it_was_is_sound() -> None:
    fixed = (
        FixedTrip(vehicle=0, trip=1, nodes=(1, 2), is_closed=True),
        FixedTrip(vehicle=0, trip=2, nodes=(3,)),
    )

    assert codes(sound_plan(), replace(town(), fixed=fixed)) == set()


def test_a_break_left_out_or_not_due_is_named() -> None:
    problem = on_a_line([60], [drop("A", closes_s=7 * HOUR_S + 1_800)], [van()])
    plan = build_plan(problem, [Duty(0, ((1,),))])
    rest = Break(duration_s=600, from_s=7 * HOUR_S, until_s=8 * HOUR_S)
    rested = replace(problem, vehicles=(van(breaks=(rest,)),))

    assert codes(plan, rested) == {ViolationCode.BREAK_MISSING}
    assert codes(build_plan(rested, [Duty(0, ((1,),))]), rested) == set()
    assert ViolationCode.BREAK_WRONG in codes(build_plan(rested, [Duty(0, ((1,),))]), problem)


@pytest.mark.parametrize(
    ("after", "shift_s", "longer_s"), [(0, 1, 0), (0, -3_600, 0), (0, 0, 1), (0, 0, -1), (2, 0, 0)]
)
def test_a_break_at_the_wrong_time_or_place_is_named(
    after: int, shift_s: int, longer_s: int
) -> None:
    rest = Break(duration_s=600, from_s=7 * HOUR_S, until_s=7 * HOUR_S)
    stop = drop("A", opens_s=7 * HOUR_S + 600, closes_s=7 * HOUR_S + 600)
    problem = on_a_line([60, 70], [stop, drop("B")], [van(breaks=(rest,), shift_start_s=18_000)])
    plan = build_plan(problem, [Duty(0, ((1, 2),))])
    (trip,) = plan.trips
    (taken,) = trip.breaks
    wrong = PlannedBreak(
        after=taken.after + after,
        starts_s=taken.starts_s + shift_s,
        ends_s=taken.ends_s + shift_s + longer_s,
    )

    assert codes(plan, problem) == set()
    changed = replace(plan, trips=(replace(trip, breaks=(wrong,)),))
    assert ViolationCode.BREAK_WRONG in codes(changed, problem)


def test_overtime_has_an_end() -> None:
    problem = late_town()
    short = replace(problem, vehicles=(replace(problem.vehicles[0], overtime_s=41 * MINUTE_S),))
    plan = build_plan(problem, [Duty(0, ((1,),))])

    assert codes(plan, problem) == set()
    assert codes(plan, short) == {ViolationCode.AFTER_SHIFT}


@pytest.mark.parametrize(
    "name", ["fixed_fen", "distance_fen", "hours_fen", "overtime_fen", "lateness_fen"]
)
def test_a_cost_under_the_wrong_cause_is_named(name: str) -> None:
    problem = late_town()
    plan = build_plan(problem, [Duty(0, ((1,),))])
    wrong = replace(plan.costs, **{name: getattr(plan.costs, name) + 1})

    assert codes(replace(plan, costs=wrong), problem) == {ViolationCode.COSTS_WRONG}


def test_a_lateness_that_is_not_true_is_named() -> None:
    problem = late_town()
    plan = build_plan(problem, [Duty(0, ((1,),))])
    (trip,) = plan.trips
    kinder = replace(trip.stops[0], lateness_fen=0)
    changed = replace(plan, trips=(replace(trip, stops=(kinder,)),))

    assert ViolationCode.LATENESS_WRONG in codes(changed, problem)


def test_idling_at_an_open_door_is_named() -> None:
    stop = first_stop()
    idle = with_stop(start_s=stop.start_s + 60, depart_s=stop.depart_s + 60)

    assert ViolationCode.START_WRONG in codes(idle)


def test_vehicles_out_of_order_are_named() -> None:
    plan = build_plan(town(), [Duty(0, ((1, 2),)), Duty(1, ((3,),))])

    assert codes(replace(plan, trips=plan.trips[::-1])) == {ViolationCode.TRIP_ORDER}


def test_roads_at_the_wrong_hour_are_named() -> None:
    rush = replace(town(), traffic=Traffic(((0, 100), (6 * HOUR_S, 150))))

    assert ViolationCode.ARRIVAL_WRONG in codes(sound_plan(), rush)
