"""Groups of neighbouring duties: who is in them, and what counts as better."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.neighbourhoods import Neighbourhoods
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break
from fulfillment.routing.schedule import Duty
from tests.fulfillment.routing.builders import HOUR_S, drop, micro_van, on_a_line, van

EAST, WEST = Duty(0, ((1, 2),)), Duty(1, ((3, 4),))


def town(**changes: Any) -> RoutingProblem:
    """Two stops on each side of the depot, three vans and a micro van."""
    stops = [drop(key) for key in "ABCD"]
    fleet = [van("V1"), van("V2"), van("V3"), micro_van("M1")]
    return replace(on_a_line([10, 12, -10, -12], stops, fleet), **changes)


def test_a_small_day_is_one_group_with_one_spare_vehicle_of_each_kind() -> None:
    group = Neighbourhoods(Judge(town()), (EAST, WEST), seed=0).next_group()

    assert group is not None
    assert group.duties == (EAST, WEST)
    assert group.nodes == (1, 2, 3, 4)
    assert group.vehicles == (0, 1, 2, 3)


def test_idle_vehicles_that_a_stop_names_are_spare_as_well() -> None:
    fleet = tuple(van(key) for key in ("V1", "V2", "V3", "V4", "V5"))
    stops = (drop("A", vehicle_keys=frozenset({"V1", "V5"})), drop("B"), drop("C"))
    known = drop("D", usual_vehicle_key="V4", change_penalty_fen=10)
    problem = town(vehicles=fleet, stops=(*stops, known))

    group = Neighbourhoods(Judge(problem), (EAST, WEST), seed=0).next_group()

    assert group is not None
    # Of one kind one is enough, but A wants V5 and D knows V4.
    assert group.spare_vehicles == (2, 3, 4)


def test_stops_left_out_come_along_unless_nobody_can_serve_them() -> None:
    stops = (*town().stops[:2], drop("C"), drop("D", weight_g=9_000_000))
    days = Neighbourhoods(Judge(town(stops=stops)), (EAST,), seed=0)

    group = days.next_group()

    assert group is not None
    assert group.unserved == (3,)
    assert days.cost_fen > 2_000_000


def test_a_group_is_replaced_only_by_something_better() -> None:
    days = Neighbourhoods(Judge(town()), (EAST, Duty(1, ((3,),)), Duty(2, ((4,),))), seed=0)
    group = days.next_group()
    assert group is not None

    assert not days.replace(group, group.duties)
    assert not days.replace(group, (EAST,))
    assert not days.replace(group, (Duty(0, ((1, 2, 3, 4), (1,))),))
    assert days.replace(group, (EAST, WEST))
    assert days.duties == (EAST, WEST)
    assert days.cost_fen == Judge(town()).objective_fen((EAST, WEST), ())


def test_serving_a_dear_stop_instead_of_a_cheap_one_is_better() -> None:
    stops = (
        drop("A", weight_g=900_000, unserved_penalty_fen=100_000),
        drop("B", weight_g=900_000, unserved_penalty_fen=900_000),
    )
    problem = on_a_line([10, 12], stops, [van("V1")])
    days = Neighbourhoods(Judge(problem), (Duty(0, ((1,),)),), seed=0)
    group = days.next_group()
    assert group is not None

    assert days.replace(group, (Duty(0, ((2,),)),))


@pytest.mark.parametrize(
    ("pause", "efforts"), [((), 3), ((Break(duration_s=60, from_s=0, until_s=HOUR_S),), 4)]
)
def test_a_day_with_nothing_to_give_ends_after_its_largest_effort(
    pause: tuple[Break, ...], efforts: int
) -> None:
    fleet = tuple(replace(vehicle, breaks=pause) for vehicle in town().vehicles)
    days = Neighbourhoods(Judge(town(vehicles=fleet)), (EAST, WEST), seed=0)

    groups = []
    while (group := days.next_group()) is not None:
        groups.append(group)
        days.replace(group, group.duties)

    assert len(groups) == efforts
    assert [group.effort.knows_breaks for group in groups].count(True) == efforts - 3


def test_a_day_without_duties_has_no_groups() -> None:
    assert Neighbourhoods(Judge(town()), (), seed=0).next_group() is None
