"""What a routing problem refuses to be, and what a vehicle costs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fulfillment.routing.problem import Depot, RoutingProblem
from fulfillment.routing.rules import Break
from tests.fulfillment.routing.builders import drop, micro_van, on_a_line, van


def test_a_van_costs_its_fixed_cost_its_kilometres_and_its_hours() -> None:
    # 140.00 + 60 km at 1.30 + 2 h 44 min at 30.00 yuan.
    assert van().cost_fen(60_000, 9_840) == 14_000 + 7_800 + 8_200


def test_metres_and_seconds_are_rounded_together_and_half_up() -> None:
    vehicle = van(fixed_cost_fen=0, cost_per_km_fen=1, cost_per_hour_fen=1)

    # A quarter fen of distance and a quarter fen of time make half a fen.
    assert vehicle.cost_fen(250, 900) == 1
    assert vehicle.cost_fen(250, 899) == 0
    assert vehicle.cost_fen(500, 0) == 1


@pytest.mark.parametrize(
    "changes",
    [{"weight_g": -1}, {"totes": -1}, {"service_s": -1}, {"opens_s": 10, "closes_s": 9}],
)
def test_a_stop_refuses_values_that_make_no_sense(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="Stop A"):
        drop("A", **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"capacity_g": -1},
        {"cost_per_km_fen": -1},
        {"shift_start_s": 10, "shift_end_s": 9},
        {"max_trips": 0},
    ],
)
def test_a_vehicle_refuses_values_that_make_no_sense(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Vehicle V1"):
        van(**changes)


def test_breaks_come_in_order_of_time() -> None:
    early = Break(duration_s=60, from_s=100, until_s=200)
    late = Break(duration_s=60, from_s=150, until_s=250)

    assert van(breaks=(early, late)).breaks == (early, late)
    with pytest.raises(ValueError, match="in order of time"):
        van(breaks=(late, early))


def test_two_stops_may_not_share_a_key() -> None:
    with pytest.raises(ValueError, match="Two stops share a key"):
        on_a_line([1, 2], [drop("A"), drop("A")], [van()])


def test_two_vehicles_may_not_share_a_key() -> None:
    with pytest.raises(ValueError, match="Two vehicles share a key"):
        on_a_line([1], [drop("A")], [van(), van()])


@pytest.mark.parametrize(
    ("matrix", "complaint"),
    [
        (np.zeros((3, 3), dtype=np.int64), "2 by 2"),
        (np.zeros((2, 2)), "integers"),
        (np.array([[0, -1], [1, 0]]), "non-negative"),
        (np.array([[1, 1], [1, 0]]), "zero diagonal"),
    ],
)
def test_a_matrix_must_fit_the_stops(matrix: np.ndarray, complaint: str) -> None:
    good = on_a_line([1], [drop("A")], [van()])

    with pytest.raises(ValueError, match=complaint):
        replace(good, distance_m=matrix)


def test_matrices_are_kept_from_later_changes() -> None:
    metres = np.array([[0, 5], [5, 0]])
    problem = RoutingProblem(
        depot=Depot(key="W1"),
        stops=(drop("A"),),
        vehicles=(van(),),
        distance_m=metres,
        duration_s=metres,
    )

    metres[0, 1] = 99

    assert problem.distance_m[0, 1] == 5
    assert not problem.distance_m.flags.writeable


def test_vehicles_of_one_kind_are_those_that_differ_only_in_name() -> None:
    fleet = [van("V1"), micro_van("M1"), van("V2"), van("V3", shift_end_s=43_200)]
    problem = on_a_line([1], [drop("A")], fleet)

    assert list(problem.vehicles_by_kind().values()) == [[0, 2], [1], [3]]


def test_the_depot_is_no_stop() -> None:
    problem = on_a_line([1], [drop("A")], [van()])

    assert problem.stop_at(1).key == "A"
    with pytest.raises(ValueError, match="depot"):
        problem.stop_at(0)
