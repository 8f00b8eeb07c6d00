"""Why a stop is left out: the first reason that holds is the one given."""

from dataclasses import replace

from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import Stop, Vehicle
from fulfillment.routing.rules import Traffic
from fulfillment.routing.unserved import unserved_reason
from tests.fulfillment.routing.builders import HOUR_S, drop, micro_van, on_a_line, van


def reason(stop: Stop, *fleet: Vehicle, kilometres: int = 10) -> UnservedReason:
    return unserved_reason(on_a_line([kilometres], [stop], fleet), 1)


def test_a_drop_above_every_capacity_is_too_heavy() -> None:
    assert reason(drop("A", weight_g=1_000_001), van(), micro_van()) == "too_heavy"


def test_a_drop_of_more_totes_than_any_vehicle_holds_has_too_many() -> None:
    assert reason(drop("A", totes=91), van(), micro_van()) == "too_many_totes"


def test_a_drop_that_is_too_heavy_for_one_and_too_bulky_for_the_other_is_too_large() -> None:
    strong, roomy = van("V1", capacity_totes=5), van("V2", capacity_g=100_000)

    assert reason(drop("A"), strong, roomy) == "too_large"


def test_volume_and_cold_totes_are_asked_for_as_well() -> None:
    small = van("V1", capacity_ml=399_999)
    cold = drop("A", cold_totes=3)

    assert reason(drop("A"), small) == "too_much_volume"
    assert reason(cold, van("V1", capacity_cold_totes=2), micro_van()) == "too_cold"


def test_a_door_that_lets_no_able_vehicle_in_is_told_apart() -> None:
    narrow = drop("A", largest_size=1)
    strict = drop("A", vehicle_keys=frozenset({"V9"}))

    assert reason(narrow, van(), van("V2", size=3)) == "no_vehicle_allowed"
    assert reason(strict, van()) == "no_vehicle_allowed"
    # The micro van might come, but it cannot carry this.
    heavy = drop("A", weight_g=700_000, largest_size=1)
    assert reason(heavy, van(), micro_van(size=1)) == "no_vehicle_allowed"


def test_hours_closed_to_trucks_count_for_trucks_only() -> None:
    early = drop("A", closes_s=7 * HOUR_S, trucks_from_s=7 * HOUR_S + 1)

    assert reason(early, van(size=3)) == "window_unreachable"
    assert reason(early, van(size=3), van("V2")) == "no_vehicle_left"


def test_overtime_counts_for_the_way_home_and_traffic_for_both_ways() -> None:
    late = drop("A", opens_s=12 * HOUR_S)
    far = on_a_line([20], [late], [van(overtime_s=HOUR_S)])
    rush = replace(far, traffic=Traffic(((0, 200),)))

    # Twelve, twelve minutes at the door and forty home are 12:52, or 13:32 in traffic.
    assert unserved_reason(far, 1) == "no_vehicle_left"
    assert unserved_reason(rush, 1) == "window_unreachable"


def test_a_window_that_closes_before_anybody_can_be_there_is_unreachable() -> None:
    assert reason(drop("A", closes_s=6 * HOUR_S), van(), kilometres=20) == "window_unreachable"


def test_a_way_home_that_ends_after_the_shift_is_unreachable_as_well() -> None:
    late = drop("A", opens_s=12 * HOUR_S)

    assert reason(late, van(), kilometres=20) == "window_unreachable"


def test_only_vehicles_that_can_carry_it_count_for_the_window() -> None:
    early_micro = micro_van(shift_start_s=4 * HOUR_S)
    heavy = drop("A", weight_g=700_000, closes_s=6 * HOUR_S)

    assert reason(heavy, van(), early_micro, kilometres=20) == "window_unreachable"


def test_a_drop_that_could_be_served_alone_ran_out_of_vehicles() -> None:
    assert reason(drop("A"), van()) == "no_vehicle_left"
    assert reason(drop("A")) == "no_vehicle_left"
