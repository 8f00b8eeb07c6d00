"""Why a stop is where it is, and what it would cost elsewhere."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.routing.explain import Option, explain_stop
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import FixedTrip
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.violations import ViolationCode
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, micro_van, on_a_line, van

# A, B and C lie 5, 6 and 7 km out; V1 serves A and C, V2 serves B.
DUTIES = (Duty(0, ((1, 3),)), Duty(1, ((2,),)))


def three_stops(**changes: object) -> RoutingProblem:
    stops = [drop("A"), drop("B"), drop("C", **changes)]
    return on_a_line([5, 6, 7], stops, [van("V1"), van("V2"), micro_van("M1"), micro_van("M2")])


def option_of(options: tuple[Option, ...], vehicle_key: str) -> Option:
    return next(option for option in options if option.vehicle_key == vehicle_key)


def cost_fen(problem: RoutingProblem, *duties: Duty) -> int:
    return build_plan(problem, duties).cost_fen


def test_serving_costs_what_the_day_would_save_without_the_stop() -> None:
    problem = three_stops()

    explanation = explain_stop(problem, DUTIES, 3)

    saved = cost_fen(problem, *DUTIES) - cost_fen(problem, Duty(0, ((1,),)), DUTIES[1])
    assert explanation.serving_fen == saved
    assert (explanation.vehicle_key, explanation.trip, explanation.position) == ("V1", 1, 2)


def test_the_other_trip_is_priced_at_its_best_place() -> None:
    problem = three_stops()

    option = option_of(explain_stop(problem, DUTIES, 1).options, "V2")

    there = cost_fen(problem, Duty(0, ((3,),)), Duty(1, ((1, 2),)))
    assert option.extra_fen == there - cost_fen(problem, *DUTIES)
    assert (option.trip, option.is_new_trip, option.rule) == (1, False, None)


def test_one_idle_vehicle_stands_for_all_alike() -> None:
    options = explain_stop(three_stops(), DUTIES, 3).options

    assert [option.vehicle_key for option in options if option.is_new_trip] == ["M1"]


def test_an_idle_vehicle_that_a_stop_names_is_told_apart() -> None:
    problem = three_stops(vehicle_keys=frozenset({"V1", "M2"}))

    options = explain_stop(problem, DUTIES, 3).options

    assert option_of(options, "M2").rule is None
    assert option_of(options, "M1").rule is ViolationCode.VEHICLE_NOT_ALLOWED


def test_a_further_trip_is_an_option_while_the_vehicle_has_one_left() -> None:
    problem = on_a_line([5, 6], [drop("A"), drop("B")], [van("V1", max_trips=2)])

    (option,) = explain_stop(problem, [Duty(0, ((1, 2),))], 2).options

    assert (option.vehicle_key, option.trip, option.is_new_trip) == ("V1", 2, True)
    assert option.extra_fen > 0


def test_a_trip_of_this_stop_alone_is_not_offered_again_as_a_new_one() -> None:
    problem = on_a_line([5, 6], [drop("A"), drop("B")], [van("V1", max_trips=3)])

    options = explain_stop(problem, [Duty(0, ((1,), (2,)))], 2).options

    assert [(option.trip, option.is_new_trip) for option in options] == [(1, False)]


def test_places_without_room_are_told_with_the_rule() -> None:
    problem = three_stops(weight_g=900_000)

    options = explain_stop(problem, [Duty(0, ((3,),)), Duty(1, ((1, 2),))], 3).options

    assert [(option.vehicle_key, option.rule) for option in options] == [
        ("V2", ViolationCode.OVER_WEIGHT),
        ("M1", ViolationCode.OVER_WEIGHT),
    ]


def test_a_door_that_closes_forbids_what_comes_too_late() -> None:
    early = 6 * HOUR_S + 20 * MINUTE_S
    problem = on_a_line(
        [10, 60],
        [drop("A", closes_s=early), drop("B", closes_s=8 * HOUR_S)],
        [van("V1"), van("V2")],
    )

    option = option_of(explain_stop(problem, [Duty(0, ((1,),)), Duty(1, ((2,),))], 2).options, "V1")

    assert option.rule is None
    assert option.position == 2
    late = replace(problem.stops[0], closes_s=early, opens_s=early)
    tight = replace(problem, stops=(late, replace(problem.stops[1], closes_s=7 * HOUR_S + 40 * 60)))
    option = option_of(explain_stop(tight, [Duty(0, ((1,),)), Duty(1, ((2,),))], 2).options, "V1")
    assert option.rule is ViolationCode.AFTER_CLOSING


def test_a_stop_on_no_trip_says_what_stops_each_kind_of_vehicle() -> None:
    problem = three_stops(weight_g=700_000)

    explanation = explain_stop(problem, [Duty(0, ((1,),)), Duty(1, ((2,),))], 3)

    assert explanation.vehicle_key is None
    assert [(kind.vehicle_keys, kind.rule) for kind in explanation.kinds] == [
        (("V1", "V2"), None),
        (("M1", "M2"), ViolationCode.OVER_WEIGHT),
    ]
    assert option_of(explanation.options, "V2").extra_fen > 0


def test_locks_and_what_is_loaded_are_told() -> None:
    problem = replace(
        three_stops(vehicle_keys=frozenset({"V1"})),
        fixed=(
            FixedTrip(vehicle=0, trip=1, nodes=(1,)),
            FixedTrip(vehicle=1, trip=1, nodes=(2,), is_closed=True),
        ),
    )

    told = [explain_stop(problem, DUTIES, node) for node in problem.nodes]

    assert [why.is_fixed for why in told] == [True, True, False]
    assert [why.is_closed for why in told] == [False, True, False]
    assert [why.is_locked for why in told] == [False, False, True]


def test_whether_the_driver_knows_the_door() -> None:
    known = explain_stop(three_stops(usual_vehicle_key="V1"), DUTIES, 3)
    strange = explain_stop(three_stops(usual_vehicle_key="V2"), DUTIES, 3)
    nobody = explain_stop(three_stops(), DUTIES, 3)

    assert [why.is_familiar for why in (known, strange, nobody)] == [True, False, None]


@given(
    st.lists(st.integers(1, 40), min_size=3, max_size=5, unique=True),
    st.lists(st.integers(100_000, 600_000), min_size=5, max_size=5),
    st.integers(1, 3),
)
def test_an_option_costs_the_plan_exactly_what_it_says(
    kilometres: list[int], weights: list[int], node: int
) -> None:
    stops = [
        drop(str(number), weight_g=weight)
        for number, weight in enumerate(weights[: len(kilometres)])
    ]
    problem = on_a_line(kilometres, stops, [van("V1", max_trips=2), van("V2"), micro_van("M1")])
    trips: dict[int, list[int]] = {0: [], 1: []}
    for other in problem.nodes:
        trips[other % 2].append(other)
    duties = [Duty(vehicle, (tuple(nodes),)) for vehicle, nodes in trips.items()]

    for option in explain_stop(problem, duties, node).options:
        after = {vehicle: [[n for n in nodes if n != node]] for vehicle, nodes in trips.items()}
        position = [vehicle.key for vehicle in problem.vehicles].index(option.vehicle_key)
        day = after.setdefault(position, [])
        if option.trip > len(day):
            day.append([])
        day[option.trip - 1].insert(option.position - 1, node)
        moved = [
            Duty(vehicle, tuple(tuple(trip) for trip in day if trip))
            for vehicle, day in after.items()
        ]
        extra_fen = cost_fen(problem, *moved) - cost_fen(problem, *duties)
        assert option.extra_fen == extra_fen
