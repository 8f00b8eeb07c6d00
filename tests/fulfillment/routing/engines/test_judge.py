"""What a duty adds to the objective, and None where it breaks a rule."""

from dataclasses import replace

from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.schedule import Duty, build_plan
from tests.fulfillment.routing.builders import drop, on_a_line, van

STOPS = (
    drop("A", usual_vehicle_key="V2", change_penalty_fen=700),
    drop("B", weight_g=900_000, unserved_penalty_fen=50_000),
)
TOWN = on_a_line([10, 12], STOPS, [van("V1"), van("V2")])


def test_the_objective_is_that_of_the_plan() -> None:
    for duties in ((Duty(0, ((1,),)),), (Duty(1, ((1,),)), Duty(0, ((2,),))), ()):
        judge = Judge(TOWN)

        found = judge.objective_fen(duties, judge.left_out(duties))

        assert found == objective_fen(TOWN, build_plan(TOWN, duties))


def test_a_strange_driver_adds_what_the_door_would_give_for_its_own() -> None:
    judge = Judge(TOWN)

    strange, own = judge.duty_fen(Duty(0, ((1,),))), judge.duty_fen(Duty(1, ((1,),)))

    assert strange is not None
    assert own == strange - 700


def test_a_duty_that_breaks_a_rule_has_no_price() -> None:
    judge = Judge(replace(TOWN, forbidden_pairs=frozenset({(1, 2)})))
    heavy = Duty(0, ((1, 2),))

    assert judge.duty_fen(heavy) is None
    assert judge.objective_fen((heavy,), ()) is None
