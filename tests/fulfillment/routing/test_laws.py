"""Laws that hold on every problem, drawn at random."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.fleet import Roads
from fulfillment.routing.engines.nearest_neighbour import NearestNeighbourEngine
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan, schedule_duty
from fulfillment.routing.search import SolveParams
from fulfillment.routing.violations import ViolationCode
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, micro_van, on_a_map, van

TIMELY = {
    ViolationCode.AFTER_CLOSING,
    ViolationCode.AFTER_SHIFT,
    ViolationCode.OVER_WEIGHT,
    ViolationCode.OVER_TOTES,
}


@st.composite
def problems(draw: st.DrawFn) -> RoutingProblem:
    """Up to eight stops with windows in a town, up to three vehicles of two kinds."""
    count = draw(st.integers(0, 8))
    stops = []
    points = []
    for number in range(count):
        opens_s = draw(st.integers(5, 10)) * HOUR_S
        stops.append(
            drop(
                f"S{number}",
                weight_g=draw(st.integers(0, 900)) * 1_000,
                totes=draw(st.integers(0, 60)),
                opens_s=opens_s,
                closes_s=opens_s + draw(st.integers(0, 240)) * MINUTE_S,
                service_s=draw(st.integers(0, 30)) * MINUTE_S,
            )
        )
        points.append((draw(st.integers(-20, 20)), draw(st.integers(-20, 20))))
    makers = draw(st.lists(st.sampled_from([van, micro_van]), max_size=3))
    fleet = [
        make(f"V{number}", max_trips=draw(st.integers(1, 3))) for number, make in enumerate(makers)
    ]
    return on_a_map(points, stops, fleet)


@st.composite
def duties(draw: st.DrawFn) -> tuple[RoutingProblem, list[Duty]]:
    """Some of a problem's stops in random trips, kept within the trips allowed."""
    problem = draw(problems())
    nodes = draw(st.permutations(list(problem.nodes)))
    found = []
    for position, vehicle in enumerate(problem.vehicles):
        trips = []
        for _ in range(draw(st.integers(0, vehicle.max_trips))):
            size = draw(st.integers(0, len(nodes)))
            trips.append(tuple(nodes[:size]))
            nodes = nodes[size:]
        found.append(Duty(position, tuple(trips)))
    return problem, found


@given(duties())
def test_the_scheduler_only_ever_fails_on_windows_shifts_and_loads(
    drawn: tuple[RoutingProblem, list[Duty]],
) -> None:
    problem, found = drawn

    violations = check_plan(problem, build_plan(problem, found))

    assert {violation.code for violation in violations} <= TIMELY


@given(duties())
def test_segments_find_a_day_on_time_exactly_where_the_checker_does(
    drawn: tuple[RoutingProblem, list[Duty]],
) -> None:
    problem, found = drawn
    roads = Roads(problem)
    for duty in found:
        if not duty.nodes:
            continue
        plan = build_plan(problem, [duty])
        codes = {violation.code for violation in check_plan(problem, plan)}
        on_time = not codes & {ViolationCode.AFTER_CLOSING, ViolationCode.AFTER_SHIFT}
        trips = tuple(trip for trip in duty.trips if trip)
        cost_fen = roads.day_cost_fen(duty.vehicle, trips)

        assert (cost_fen is not None) == on_time
        assert cost_fen is None or cost_fen == plan.cost_fen


@given(duties(), st.integers(-3_600, 3_600))
def test_no_other_departure_makes_a_day_shorter(
    drawn: tuple[RoutingProblem, list[Duty]], shift_s: int
) -> None:
    problem, found = drawn
    roads = Roads(problem)
    for duty in found:
        trips = tuple(trip for trip in duty.trips if trip)
        if not trips or roads.day_cost_fen(duty.vehicle, trips) is None:
            continue
        planned = schedule_duty(problem, duty)
        chosen_s = planned[-1].returns_s - planned[0].departs_s
        other_s = planned[0].departs_s + shift_s
        returned_s = returns_s(problem, duty, other_s)

        assert returned_s is None or returned_s - other_s >= chosen_s


def returns_s(problem: RoutingProblem, duty: Duty, departs_s: int) -> int | None:
    """Drive a duty from a given departure, or return None where that is late."""
    vehicle = problem.vehicles[duty.vehicle]
    now_s = departs_s
    for number, trip in enumerate(trip for trip in duty.trips if trip):
        now_s += vehicle.reload_s if number else 0
        at = 0
        for node in trip:
            stop = problem.stop_at(node)
            now_s = max(now_s + int(problem.duration_s[at, node]), stop.opens_s)
            if now_s > stop.closes_s:
                return None
            now_s, at = now_s + stop.service_s, node
        now_s += int(problem.duration_s[at, 0])
    return now_s if departs_s >= vehicle.shift_start_s and now_s <= vehicle.shift_end_s else None


@settings(deadline=None)
@given(problems(), st.integers(0, 99))
def test_savings_plans_are_sound_and_repeatable(problem: RoutingProblem, seed: int) -> None:
    params = SolveParams(seed=seed, seconds=30)

    first = SavingsEngine().search(problem, params)

    assert check_plan(problem, build_plan(problem, first.duties)) == ()
    assert SavingsEngine().search(problem, params) == first


@settings(deadline=None)
@given(problems())
def test_nearest_neighbour_plans_are_sound(problem: RoutingProblem) -> None:
    found = NearestNeighbourEngine().search(problem, SolveParams())

    assert check_plan(problem, build_plan(problem, found.duties)) == ()


def test_a_stop_that_fits_alone_is_never_left_out_while_a_vehicle_stands_idle() -> None:
    rng = random.Random(7)
    for _ in range(50):
        points = [(rng.randint(-9, 9), rng.randint(-9, 9)) for _ in range(6)]
        stops = [drop(f"S{number}", weight_g=rng.randint(1, 9) * 100_000) for number in range(6)]
        fleet = [van(f"V{number}") for number in range(6)]
        problem = on_a_map(points, stops, fleet)

        plan = build_plan(problem, SavingsEngine().search(problem, SolveParams()).duties)

        assert plan.unserved == ()
