"""Traffic by the hour becomes one matrix that is never too quick."""

from dataclasses import replace

from hypothesis import given

from fulfillment.routing.engines.steady_roads import driving_s
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Traffic
from fulfillment.routing.schedule import Duty, build_plan
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van
from tests.fulfillment.routing.rich_problems import rich_duties

RUSH = Traffic(((0, 80), (7 * HOUR_S, 150), (9 * HOUR_S, 100)))


def town() -> RoutingProblem:
    """A at 10 km and B at 20 km, twenty minutes each; B only from 08:30 to 08:45."""
    opens_s = 8 * HOUR_S + 30 * MINUTE_S
    stops = [drop("A"), drop("B", opens_s=opens_s, closes_s=opens_s + 15 * MINUTE_S)]
    return on_a_line([10, 20], stops, [van()])


def test_without_traffic_the_matrix_holds() -> None:
    problem = town()

    assert driving_s(problem, [], [0, 2, 0]).tolist() == [
        [0, 2_400, 0],
        [2_400, 0, 2_400],
        [0, 2_400, 0],
    ]


def test_each_way_takes_what_its_hour_makes_of_it() -> None:
    problem = replace(town(), traffic=RUSH)

    seconds = driving_s(problem, [Duty(0, ((1, 2),))], [0, 1, 2])

    # All in the rush, B's way home at least when it begins.
    assert seconds.tolist() == [[0, 1_800, 3_600], [1_800, 0, 1_800], [3_600, 1_800, 0]]


def test_ways_out_of_the_rush_are_quick() -> None:
    problem = replace(town(), traffic=RUSH)

    seconds = driving_s(problem, [Duty(0, ((2, 1),))], [0, 1, 2])

    # A after B is left after nine.
    assert seconds[1].tolist() == [1_200, 0, 1_200]


def test_a_stop_that_is_left_out_meets_the_worst_of_its_hours() -> None:
    problem = replace(town(), traffic=RUSH)

    assert driving_s(problem, [Duty(0, ((2,),))], [0, 1])[1].tolist() == [1_800, 0]


@given(rich_duties())
def test_no_drive_takes_longer_than_the_matrix_says(
    drawn: tuple[RoutingProblem, tuple[Duty, ...]],
) -> None:
    problem, duties = drawn
    places = [0, *problem.nodes]
    seconds = driving_s(problem, duties, places)
    node = {stop.key: place for place, stop in enumerate(problem.stops, start=1)}

    for trip in build_plan(problem, duties).trips:
        at, leaves_s = 0, trip.departs_s
        for place, stop in enumerate((*trip.stops, None)):
            there = node[stop.stop_key] if stop else 0
            arrives_s = stop.arrive_s if stop else trip.returns_s
            paused_s = max((p.ends_s for p in trip.breaks if p.after == place), default=leaves_s)
            assert arrives_s - max(leaves_s, paused_s) <= seconds[at, there]
            at, leaves_s = there, stop.depart_s if stop else trip.returns_s
