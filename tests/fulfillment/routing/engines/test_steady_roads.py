"""Traffic by the hour becomes one matrix that is never too quick."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings

from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.steady_roads import SteadyRoads
from fulfillment.routing.plan import PlannedTrip
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Traffic
from fulfillment.routing.schedule import Duty, schedule_duty
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van
from tests.fulfillment.routing.rich_problems import rich_duties

RUSH = Traffic(((0, 80), (7 * HOUR_S, 150), (9 * HOUR_S, 100)))


def town() -> RoutingProblem:
    """A at 10 km and B at 20 km, twenty minutes each; B only from 08:30 to 08:45."""
    opens_s = 8 * HOUR_S + 30 * MINUTE_S
    stops = [drop("A"), drop("B", opens_s=opens_s, closes_s=opens_s + 15 * MINUTE_S)]
    return on_a_line([10, 20], stops, [van()])


def test_without_traffic_the_matrix_holds() -> None:
    roads = SteadyRoads(Judge(town()), [Duty(0, ((1, 2),))], [0, 2, 0])

    assert roads.seconds.tolist() == [[0, 2_400, 0], [2_400, 0, 2_400], [0, 2_400, 0]]
    assert roads.first_s == {}


def test_each_way_takes_what_its_hour_makes_of_it() -> None:
    problem = replace(town(), traffic=RUSH)

    roads = SteadyRoads(Judge(problem), [Duty(0, ((1, 2),))], [0, 1, 2])

    # Out in the rush; B is left at 08:57 and the rush ends in the middle of its ways.
    assert roads.seconds[0].tolist() == [0, 1_800, 3_600]
    assert roads.seconds[1].tolist() == [1_800, 0, 1_800]
    assert roads.seconds[2].tolist() == [2_460, 1_260, 0]
    assert roads.first_s[0].tolist() == [0, 1_800, 3_600]


def test_later_departures_from_the_depot_have_their_own_row() -> None:
    fleet = (van("V1", max_trips=2), van("V2"))
    problem = replace(town(), traffic=RUSH, vehicles=fleet)

    roads = SteadyRoads(Judge(problem), [Duty(0, ((2,), (1,)))], [0, 1, 2])

    assert roads.first_s[0].tolist() == [0, 1_800, 3_600]
    # Back for A after nine.
    assert roads.seconds[0].tolist() == [0, 1_200, 2_400]


def test_a_stop_that_is_left_out_meets_the_worst_of_its_hours() -> None:
    problem = replace(town(), traffic=RUSH)

    roads = SteadyRoads(Judge(problem), [Duty(0, ((2,),))], [0, 1])

    assert roads.seconds[1].tolist() == [1_800, 0]


@settings(deadline=None)
@given(rich_duties())
def test_the_duties_drive_as_the_matrices_say(
    drawn: tuple[RoutingProblem, tuple[Duty, ...]],
) -> None:
    problem, found = drawn
    duties = [Duty(d.vehicle, tuple(filter(None, d.trips))) for d in found if d.nodes]
    roads = SteadyRoads(Judge(problem), duties, [0, *problem.nodes])

    for duty in duties:
        for number, trip in enumerate(schedule_duty(problem, duty)):
            ways = pairwise((0, *duty.trips[number], 0))
            for at, ((here, there), drive_s) in enumerate(zip(ways, drives_s(trip), strict=True)):
                row = roads.seconds[here]
                if not number and not at:
                    row = roads.first_s.get(duty.vehicle, row)
                # Of several later departures from the depot the longest counts.
                assert drive_s == row[there] or (number and not at and drive_s < row[there])


def drives_s(trip: PlannedTrip) -> list[int]:
    """Return how long each way of a trip is driven, pauses at either end left out."""
    ends_s = [trip.departs_s, *(stop.depart_s for stop in trip.stops)]
    arrivals_s = [*(stop.arrive_s for stop in trip.stops), trip.returns_s]
    return [
        arrives_s
        - max(end_s, *(p.ends_s for p in trip.breaks if p.after == at and p.ends_s <= arrives_s), 0)
        for at, (end_s, arrives_s) in enumerate(zip(ends_s, arrivals_s, strict=True))
    ]
