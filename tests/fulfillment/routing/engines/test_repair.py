"""What a day breaks leaves its trip and goes where it fits."""

from dataclasses import replace

from hypothesis import given, settings

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.fixing import open_part
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.schedule import Duty, build_plan
from tests.fulfillment.routing.builders import HOUR_S, drop, on_a_line, van
from tests.fulfillment.routing.rich_problems import rich_duties


def town(**changes: int) -> RoutingProblem:
    stops = [drop(key, **changes) for key in "ABCD"]
    return on_a_line([10, 12, 14, 16], stops, [van("V1", max_trips=2), van("V2"), van("V3")])


def test_a_sound_day_stays_as_it_is() -> None:
    duties = (Duty(0, ((2, 1), (3,))), Duty(2, ((4,),)))

    assert mended(Judge(town()), duties) == duties


def test_what_is_left_out_goes_where_it_adds_least() -> None:
    assert mended(Judge(town()), (Duty(0, ((1, 2),)), Duty(1, ((4,),)))) == (
        Duty(0, ((1, 2),)),
        Duty(1, ((3, 4),)),
    )


def test_a_trip_too_heavy_gives_away_as_few_stops_as_it_can() -> None:
    problem = town(weight_g=400_000)

    duties = mended(Judge(problem), (Duty(1, ((1, 2, 3, 4),)),))

    assert check_plan(problem, build_plan(problem, duties)) == ()
    assert len(next(duty for duty in duties if duty.vehicle == 1).nodes) == 2
    assert sorted(node for duty in duties for node in duty.nodes) == [1, 2, 3, 4]


def test_a_stop_that_fits_nowhere_stays_out() -> None:
    problem = town(closes_s=6 * HOUR_S)

    duties = mended(Judge(problem), (Duty(0, ((1, 2, 3, 4),)),))

    plan = build_plan(problem, duties)
    assert check_plan(problem, plan) == ()
    # One door for each van can be reached by six.
    assert plan.stop_count == 3


def test_a_stop_served_twice_is_kept_where_it_comes_first() -> None:
    duties = (Duty(0, ((1, 2),)), Duty(1, ((2, 3, 4),)))

    assert mended(Judge(town()), duties) == (Duty(0, ((1, 2),)), Duty(1, ((3, 4),)))


def test_fixed_stops_go_to_the_front_of_their_trips() -> None:
    fixed = (
        FixedTrip(vehicle=0, trip=1, nodes=(3,)),
        FixedTrip(vehicle=0, trip=2, nodes=(4, 1)),
    )
    problem = replace(town(), fixed=fixed)

    duties = mended(Judge(problem), (Duty(0, ((3,), (2, 1))), Duty(1, ((4,),))))

    assert duties == (Duty(0, ((3,), (4, 1, 2))),)


def test_a_part_of_the_day_keeps_to_its_stops_and_vehicles() -> None:
    problem = town(weight_g=600_000)

    duties = mended(Judge(problem), (Duty(1, ((1, 2),)),), nodes=(1, 2, 3), vehicles=(1, 2))

    assert {duty.vehicle for duty in duties} == {1, 2}
    # Each van takes one of 600 kg.
    assert len([node for duty in duties for node in duty.nodes]) == 2


@settings(deadline=None)
@given(rich_duties())
def test_a_mended_day_is_sound(drawn: tuple[RoutingProblem, tuple[Duty, ...]]) -> None:
    problem, duties = drawn
    part = open_part(problem)

    found = mended(Judge(part.problem), part.reduce(duties))

    assert check_plan(part.problem, build_plan(part.problem, found)) == ()
