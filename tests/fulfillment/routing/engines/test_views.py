"""How the same roads look to different vehicles."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.routing.engines import views
from fulfillment.routing.engines.views import View, views_of
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import FixedTrip
from tests.fulfillment.routing.builders import drop, on_a_line, van


def street(*stops: dict[str, Any], fixed: tuple[FixedTrip, ...] = ()) -> RoutingProblem:
    """Stops along one road, for a micro van, a van and a truck."""
    fleet = [van("S", size=1), van("M", size=2), van("L", size=3)]
    named = [drop(f"D{number}", **changes) for number, changes in enumerate(stops, start=1)]
    problem = on_a_line(list(range(1, len(stops) + 1)), named, fleet)
    return replace(problem, fixed=fixed)


def test_without_rules_all_vehicles_share_one_view() -> None:
    assert set(views_of(street({}, {}))) == {View()}


def test_a_door_too_small_is_closed_to_the_larger_vehicles() -> None:
    barred = [view.barred for view in views_of(street({"largest_size": 1}, {"largest_size": 2}))]

    assert barred == [set(), {1}, {1, 2}]


def test_only_those_allowed_may_come() -> None:
    barred = [view.barred for view in views_of(street({"vehicle_keys": frozenset({"M"})}))]

    assert barred == [{1}, set(), {1}]


def test_a_stop_fixed_to_one_vehicle_is_closed_to_the_others() -> None:
    fixed = (FixedTrip(vehicle=2, trip=1, nodes=(1,)),)

    barred = [view.barred for view in views_of(street({}, {}, fixed=fixed))]

    assert barred == [{1}, {1}, set()]


def test_doors_that_know_another_driver_are_strange() -> None:
    known = {"usual_vehicle_key": "M", "change_penalty_fen": 800}

    strange = [view.strange for view in views_of(street(known, {}))]

    assert strange == [{1}, set(), {1}]


def test_with_no_memory_for_strangers_doors_alone_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = street({"largest_size": 1, "usual_vehicle_key": "M", "change_penalty_fen": 800}, {})
    monkeypatch.setattr(views, "_PROFILE_BYTES", 2 * 16 * 9)

    assert [view.strange for view in views_of(problem)] == [set(), set(), set()]
    assert [view.barred for view in views_of(problem)] == [set(), {1}, {1}]

    monkeypatch.setattr(views, "_PROFILE_BYTES", 16 * 9)
    assert set(views_of(problem)) == {View()}
