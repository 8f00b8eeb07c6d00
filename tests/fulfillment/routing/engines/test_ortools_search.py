"""OR-Tools from any start: sound, never worse, always the same."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import ortools
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.fixing import open_part
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.rules import Break
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchOutcome, SearchTask, SolveParams
from tests.fulfillment.routing.builders import HOUR_S, MINUTE_S, drop, on_a_map, van
from tests.fulfillment.routing.rich_problems import rich_duties


def searched(
    problem: RoutingProblem, start: tuple[Duty, ...], iterations: int = 2, seed: int = 1
) -> SearchOutcome:
    params = SolveParams(seconds=60.0, seed=seed, iterations=iterations)
    return ortools.search(SearchTask(problem=problem, params=params, start=start))


def rich_town() -> RoutingProblem:
    """Twelve doors, two of them rivals, for four vans whose drivers rest at nine."""
    pause = Break(duration_s=30 * MINUTE_S, from_s=8 * HOUR_S, until_s=9 * HOUR_S)
    wish = {"prefers_until_s": 8 * HOUR_S, "lateness_fen_per_hour": 2_000}
    points = [(x, y) for x in (-9, -3, 4, 8) for y in (-7, 2, 6)]
    stops = [drop(f"S{number}", **(wish if number % 3 else {})) for number in range(len(points))]
    fleet = [van(f"V{number}", max_trips=2, breaks=(pause,)) for number in range(4)]
    return replace(on_a_map(points, stops, fleet), forbidden_pairs=frozenset({(1, 2), (5, 6)}))


def test_a_day_from_nothing_serves_everybody_and_is_the_same_for_a_seed() -> None:
    problem = rich_town()

    first, second = searched(problem, (), 6), searched(problem, (), 6)

    plan = build_plan(problem, first.duties)
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()
    assert first == second


def test_the_trajectory_falls_to_the_objective_of_the_day_found() -> None:
    problem = rich_town()

    found = searched(problem, (Duty(0, ((1, 4, 7, 10),)),), 6)

    costs = [point.cost_fen for point in found.trajectory]
    assert costs == sorted(set(costs), reverse=True)
    assert costs[-1] == objective_fen(problem, build_plan(problem, found.duties))
    assert {point.engine for point in found.trajectory} == {"ortools"}


def test_a_start_that_breaks_rules_is_mended() -> None:
    problem = rich_town()
    # Rivals on one trip, and one van with all the rest.
    start = (Duty(0, ((1, 2),)), Duty(1, ((3, 4, 5, 6, 7, 8), (9, 10, 11, 12))))

    plan = build_plan(problem, searched(problem, start, 1).duties)

    assert check_plan(problem, build_plan(problem, start)) != ()
    assert check_plan(problem, plan) == ()
    assert plan.unserved == ()


def test_nothing_to_do_is_a_day_without_trips() -> None:
    nobody = on_a_map([], [], [van()])
    no_van = on_a_map([(1, 0)], [drop("A")], [])

    assert searched(nobody, ()).duties == ()
    assert searched(no_van, ()).duties == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_duties(max_stops=5), st.booleans())
def test_what_it_returns_is_sound_and_no_worse_than_a_sound_start(
    drawn: tuple[RoutingProblem, tuple[Duty, ...]], is_warm: bool
) -> None:
    whole, duties = drawn
    part = open_part(whole)
    problem, start = part.problem, part.reduce(duties) if is_warm else ()
    judge = Judge(problem)

    found = searched(problem, start)

    assert check_plan(problem, build_plan(problem, found.duties)) == ()
    before_fen = judge.objective_fen(start, judge.left_out(start))
    after_fen = judge.objective_fen(found.duties, judge.left_out(found.duties))
    assert after_fen is not None
    assert before_fen is None or after_fen <= before_fen
