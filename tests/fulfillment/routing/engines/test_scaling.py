"""Rates as whole numbers, exactly where a small factor allows it."""

from fulfillment.routing.engines.scaling import cost_scale, metre_cost, second_cost
from tests.fulfillment.routing.builders import micro_van, van


def test_the_days_rates_are_whole_numbers_at_a_factor_of_300() -> None:
    fleet = [van(), micro_van()]

    assert cost_scale(fleet) == 300
    assert [metre_cost(vehicle, 300) for vehicle in fleet] == [39, 27]
    assert second_cost(van(), 300) == 250


def test_a_benchmark_that_pays_one_a_metre_needs_no_factor() -> None:
    plain = van(cost_per_km_fen=1_000, cost_per_hour_fen=0)

    assert cost_scale([plain]) == 1
    assert (metre_cost(plain, 1), second_cost(plain, 1)) == (1, 0)


def test_awkward_rates_are_rounded_at_the_largest_factor() -> None:
    odd = van(cost_per_km_fen=91, cost_per_hour_fen=2_999)

    assert cost_scale([odd]) == 1_000
    assert (metre_cost(odd, 1_000), second_cost(odd, 1_000)) == (91, 833)
