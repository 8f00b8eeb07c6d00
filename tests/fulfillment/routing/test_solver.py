"""One door to all engines: checked plans only, whatever an engine does."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import pytest

from fulfillment.errors import EngineFailed, EngineUnknown, NoSoundPlan
from fulfillment.route_errors import SearchCancelled
from fulfillment.routing import solver
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines import processes
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Progress, SearchOutcome, SolveParams, Watch
from fulfillment.routing.solver import ENGINES, FALLBACKS, solve, solve_with
from tests.fulfillment.routing.engines.named_problems import second_trip
from tests.fulfillment.routing.engines.processes_seen import children_of

PARAMS = SolveParams(seconds=5, seed=11)


@dataclass(frozen=True)
class Scripted:
    """An engine that returns the given duties, or fails if there are none."""

    duties: tuple[Duty, ...] | None
    name: str = "scripted"

    @property
    def versions(self) -> Mapping[str, str]:
        return {"scripted": "1.0"}

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
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
        (Scripted((Duty(0, ((1, 2, 3, 4),)),)), "refused: over_weight at V1 trip 1"),
        (Scripted((Duty(0, ((1, 1), (3, 4))),)), "refused: stop_repeated at A"),
    ],
    ids=["fails", "overloads", "repeats"],
)
def test_an_engine_gone_wrong_is_replaced_by_the_first_fallback(
    scripted: Scripted, trouble: str
) -> None:
    problem = second_trip()

    result = solve_with(scripted, problem, PARAMS)

    assert (result.engine, result.made_by) == ("scripted", "pyvrp")
    assert trouble in result.troubles[0]
    assert result.troubles[1] == "The engine pyvrp was asked instead."
    assert check_plan(problem, result.plan) == ()
    assert result.plan.unserved == ()


def missing(monkeypatch: pytest.MonkeyPatch, *engines: str) -> None:
    for engine in engines:
        program = replace(processes.PROGRAMS[engine], package="no_such_package")
        monkeypatch.setitem(processes.PROGRAMS, engine, program)


def test_fallbacks_are_asked_in_order_and_each_step_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing(monkeypatch, "pyvrp", "ortools")

    result = solve(second_trip(), PARAMS, engine="pyvrp")

    assert (result.engine, result.made_by) == ("pyvrp", "savings")
    assert result.troubles == (
        "The engine pyvrp is not installed here.",
        "The engine ortools was asked instead.",
        "The engine ortools is not installed here.",
        "The engine savings was asked instead.",
    )


def test_with_no_time_left_the_last_fallback_plans_at_once() -> None:
    result = solve_with(Scripted(None), second_trip(), SolveParams(seconds=1))

    assert result.made_by == "savings"
    assert result.troubles == ("It broke.", "The engine savings was asked instead.")


def test_a_search_nobody_wants_any_more_ends_and_leaves_no_process() -> None:
    asked_at = monotonic() + 1.5
    before = children_of(os.getpid())

    with pytest.raises(SearchCancelled):
        solve(
            second_trip(),
            SolveParams(seconds=60, iterations=10**9),
            should_stop=lambda: monotonic() > asked_at,
        )

    assert monotonic() < asked_at + 5
    assert children_of(os.getpid()) == before


def test_progress_goes_forward_and_the_cost_down() -> None:
    told: list[Progress] = []

    solve(second_trip(), SolveParams(seconds=4, iterations=10**7), on_progress=told.append)

    assert len(told) > 3
    assert [progress.percent for progress in told] == sorted(p.percent for p in told)
    costs = [progress.cost_fen for progress in told if progress.cost_fen is not None]
    assert costs == sorted(costs, reverse=True)
    assert told[-1].percent <= 99


def test_a_fallback_that_errs_as_well_is_a_bug_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    overloaded = Scripted((Duty(0, ((1, 2, 3, 4),)),))
    monkeypatch.setattr(solver, "ENGINES", dict.fromkeys(FALLBACKS, overloaded))

    with pytest.raises(NoSoundPlan) as caught:
        solve_with(overloaded, second_trip(), PARAMS)

    assert caught.value.code == "no_sound_plan"


def test_an_engine_nobody_knows_is_named_with_those_there_are() -> None:
    with pytest.raises(EngineUnknown) as caught:
        solve(second_trip(), PARAMS, engine="magic")

    assert caught.value.details["known"] == [
        "best",
        "nearest_neighbour",
        "ortools",
        "pyvrp",
        "savings",
        "vroom",
    ]


def test_every_engine_tells_the_versions_its_plans_depend_on() -> None:
    assert {name: sorted(engine.versions) for name, engine in ENGINES.items()} == {
        "best": ["ortools", "pyvroom", "pyvrp"],
        "pyvrp": ["pyvrp"],
        "ortools": ["ortools"],
        "vroom": ["pyvroom"],
        "savings": ["python"],
        "nearest_neighbour": ["python"],
    }


@pytest.mark.parametrize(
    "wrong", [{"seconds": 0}, {"seed": -1}, {"iterations": 0}, {"processes": 0}]
)
def test_parameters_refuse_nonsense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        SolveParams(**wrong)
