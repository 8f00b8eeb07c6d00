"""Rules of a day that need no clock."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.schedule import Duty, duty_cost_fen, evaluate_duty
from fulfillment.routing.violations import ViolationCode
from tests.fulfillment.routing.builders import drop, on_a_line, van

BOTH = ((1, 2),)


def pair_of_stops(vehicle: dict[str, Any], stop: dict[str, Any]) -> RoutingProblem:
    """Two equal drops, ten and twenty kilometres from the depot, and one van."""
    return on_a_line([10, 20], [drop("A", **stop), drop("B", **stop)], [van("V1", **vehicle)])


@pytest.mark.parametrize(
    ("vehicle", "stop", "code"),
    [
        ({"capacity_g": 399_999}, {}, ViolationCode.OVER_WEIGHT),
        ({"capacity_totes": 19}, {}, ViolationCode.OVER_TOTES),
        ({"capacity_ml": 799_999}, {}, ViolationCode.OVER_VOLUME),
        ({"capacity_cold_totes": 3}, {"cold_totes": 2}, ViolationCode.OVER_COLD),
        ({"size": 3}, {"largest_size": 2}, ViolationCode.VEHICLE_TOO_LARGE),
        ({}, {"vehicle_keys": frozenset({"V2"})}, ViolationCode.VEHICLE_NOT_ALLOWED),
    ],
)
def test_a_trip_that_breaks_one_rule_names_it_once(
    vehicle: dict[str, Any], stop: dict[str, Any], code: ViolationCode
) -> None:
    problem = pair_of_stops(vehicle, stop)

    assert evaluate_duty(problem, Duty(0, BOTH)).broken == (code,)
    assert duty_cost_fen(problem, Duty(0, BOTH)) is None


def test_what_just_fits_is_allowed() -> None:
    exact = {"capacity_g": 400_000, "capacity_totes": 20, "capacity_ml": 800_000}
    problem = pair_of_stops({**exact, "capacity_cold_totes": 4}, {"cold_totes": 2})

    assert evaluate_duty(problem, Duty(0, BOTH)).broken == ()


def test_a_forbidden_pair_may_share_a_vehicle_but_no_trip() -> None:
    problem = pair_of_stops({"max_trips": 2}, {})
    problem = replace(problem, forbidden_pairs=frozenset({(1, 2)}))

    assert evaluate_duty(problem, Duty(0, BOTH)).broken == (ViolationCode.PAIR_FORBIDDEN,)
    assert evaluate_duty(problem, Duty(0, ((1,), (2,)))).broken == ()


def town(*fixed: FixedTrip) -> RoutingProblem:
    """Four drops on one road and two vans of two trips."""
    fleet = [van("V1", max_trips=2), van("V2", max_trips=2)]
    problem = on_a_line([5, 10, 15, 20], [drop(key) for key in "ABCD"], fleet)
    return replace(problem, fixed=fixed)


@pytest.mark.parametrize(
    ("trips", "is_kept"),
    [
        (((1, 2),), True),
        (((1, 2, 3),), True),
        (((1, 2), (3,)), True),
        (((2, 1),), False),
        (((1, 3, 2),), False),
        (((3, 1, 2),), False),
        (((3,), (1, 2)), False),
        (((1,), (2,)), False),
        ((), False),
    ],
)
def test_a_fixed_beginning_stays_where_it_is(
    trips: tuple[tuple[int, ...], ...], is_kept: bool
) -> None:
    problem = town(FixedTrip(vehicle=0, trip=1, nodes=(1, 2)))

    broken = evaluate_duty(problem, Duty(0, trips)).broken

    assert (ViolationCode.FIXED_TRIP_CHANGED not in broken) == is_kept


def test_nothing_joins_a_closed_trip() -> None:
    problem = town(FixedTrip(vehicle=0, trip=1, nodes=(1, 2), is_closed=True))

    assert evaluate_duty(problem, Duty(0, ((1, 2), (3,)))).broken == ()
    assert evaluate_duty(problem, Duty(0, ((1, 2, 3),))).broken == (
        ViolationCode.FIXED_TRIP_CHANGED,
    )


def test_a_second_fixed_trip_moves_up_where_the_first_trip_falls_away() -> None:
    problem = town(FixedTrip(vehicle=0, trip=2, nodes=(1,)))

    assert evaluate_duty(problem, Duty(0, ((2,), (1,)))).broken == ()
    assert evaluate_duty(problem, Duty(0, ((1,),))).broken == ()


def test_fixed_trips_keep_their_order() -> None:
    first = FixedTrip(vehicle=0, trip=1, nodes=(1,))
    second = FixedTrip(vehicle=0, trip=2, nodes=(2,))
    problem = town(first, second)

    assert evaluate_duty(problem, Duty(0, ((1,), (2,)))).broken == ()
    assert ViolationCode.FIXED_TRIP_CHANGED in evaluate_duty(problem, Duty(0, ((2,), (1,)))).broken


def test_a_stop_fixed_to_another_vehicle_is_not_taken() -> None:
    problem = town(FixedTrip(vehicle=0, trip=1, nodes=(1,)))

    assert evaluate_duty(problem, Duty(1, ((1,),))).broken == (ViolationCode.FIXED_TRIP_CHANGED,)


def test_a_duty_that_breaks_several_rules_names_them_all() -> None:
    problem = pair_of_stops({"capacity_g": 1, "size": 3, "max_trips": 1}, {"largest_size": 1})

    assert evaluate_duty(problem, Duty(0, ((1,), (2,)))).broken == (
        ViolationCode.OVER_WEIGHT,
        ViolationCode.VEHICLE_TOO_LARGE,
        ViolationCode.TRIPS_TOO_MANY,
    )
