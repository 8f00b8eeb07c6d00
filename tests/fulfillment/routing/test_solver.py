"""One door to all engines: checked plans only, whatever an engine does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from fulfillment.errors import EngineFailed, EngineUnknown, NoSoundPlan
from fulfillment.routing import solver
from fulfillment.routing.checker import check_plan
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import SearchOutcome, SolveParams
from fulfillment.routing.solver import ENGINES, solve, solve_with
from tests.fulfillment.routing.engines.named_problems import second_trip

PARAMS = SolveParams(seconds=5, seed=11)


@dataclass(frozen=True)
class Scripted:
    """An engine that returns the given duties, or fails if there are none."""

    duties: tuple[Duty, ...] | None
    name: str = "scripted"

    @property
    def versions(self) -> Mapping[str, str]:
        return {"scripted": "1.0"}

    def search(self, problem: RoutingProblem, params: SolveParams) -> SearchOutcome:
        if self.duties is None:
            raise EngineFailed("It broke.")
        return SearchOutcome(duties=self.duties, by=self.name)


def test_a_sound_plan_is_returned_with_its_origin() -> None:
    duties = (Duty(0, ((1, 2), (3, 4))),)

    result = solve_with(Scripted(duties), second_trip(), PARAMS)

    assert (result.engine, result.made_by, result.seed) == ("scripted", "scripted", 11)
    assert result.versions == {"scripted": "1.0"}
    assert result.troubles == ()
    assert [trip.trip for trip in result.plan.trips] == [1, 2]


@pytest.mark.parametrize(
    ("scripted", "trouble"),
    [
        (Scripted(None), "It broke."),
        (Scripted((Duty(0, ((1, 2, 3, 4),)),)), "over_weight at V1 trip 1"),
        (Scripted((Duty(0, ((1, 1), (3, 4))),)), "stop_repeated at A"),
    ],
    ids=["fails", "overloads", "repeats"],
)
def test_an_engine_gone_wrong_is_replaced_by_the_savings_plan(
    scripted: Scripted, trouble: str
) -> None:
    problem = second_trip()

    result = solve_with(scripted, problem, PARAMS)

    assert (result.engine, result.made_by) == ("scripted", "savings")
    assert any(told.startswith(trouble) for told in result.troubles)
    assert check_plan(problem, result.plan) == ()
    assert result.plan.unserved == ()


def test_a_fallback_that_errs_as_well_is_a_bug_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    overloaded = Scripted((Duty(0, ((1, 2, 3, 4),)),))
    monkeypatch.setattr(solver, "FALLBACK", overloaded)

    with pytest.raises(NoSoundPlan) as caught:
        solve_with(overloaded, second_trip(), PARAMS)

    assert caught.value.code == "no_sound_plan"


def test_an_engine_nobody_knows_is_named_with_those_there_are() -> None:
    with pytest.raises(EngineUnknown) as caught:
        solve(second_trip(), PARAMS, engine="magic")

    assert caught.value.details["known"] == [
        "nearest_neighbour",
        "ortools",
        "portfolio",
        "pyvrp",
        "savings",
    ]


def test_every_engine_tells_the_versions_its_plans_depend_on() -> None:
    assert {name: sorted(engine.versions) for name, engine in ENGINES.items()} == {
        "portfolio": ["ortools", "pyvrp"],
        "pyvrp": ["pyvrp"],
        "ortools": ["ortools"],
        "savings": ["python"],
        "nearest_neighbour": ["python"],
    }


@pytest.mark.parametrize(
    "wrong", [{"seconds": 0}, {"seed": -1}, {"iterations": 0}, {"processes": 0}]
)
def test_parameters_refuse_nonsense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        SolveParams(**wrong)
