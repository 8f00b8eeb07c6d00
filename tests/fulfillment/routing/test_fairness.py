"""Who drives how much."""

from fulfillment.routing.fairness import VehicleShare, fairness
from fulfillment.routing.schedule import Duty, build_plan
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_line, van


def test_each_vehicle_used_has_its_share_against_the_mean() -> None:
    stops = [drop("A"), drop("B", totes=3), drop("C", prefers_until_s=6 * HOUR_S)]
    fleet = [van("V1", max_trips=2), van("V2"), van("V3")]
    problem = on_a_line([10, 10, 30], stops, fleet)
    plan = build_plan(problem, [Duty(0, ((1,), (2,))), Duty(1, ((3,),))])

    first, second = fairness(problem, plan)

    # Twice 40 minutes on the road and 12 at the door, 20 to reload between.
    assert first == VehicleShare(
        vehicle_key="V1",
        duration_s=124 * MINUTE_S,
        overtime_s=0,
        trips=2,
        stops=2,
        totes=13,
        distance_m=40_000,
        late_stops=0,
        percent=97,
    )
    assert (second.duration_s, second.percent) == (132 * MINUTE_S, 103)
    assert (second.late_stops, second.stops) == (1, 1)


def test_overtime_is_what_lies_after_the_shift() -> None:
    tired = van("V1", shift_end_s=7 * HOUR_S, overtime_s=HOUR_S)
    problem = on_a_line([30], [drop("A")], [tired])

    (share,) = fairness(problem, build_plan(problem, [Duty(0, ((1,),))]))

    # Out at 05:30, an hour there, twelve minutes at the door, an hour back.
    assert share.overtime_s == 42 * MINUTE_S


def test_an_empty_plan_has_no_shares() -> None:
    problem = on_a_line([10], [drop("A")], [van()])

    assert fairness(problem, build_plan(problem, [])) == ()
