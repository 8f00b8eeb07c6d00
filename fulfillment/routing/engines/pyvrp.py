"""PyVRP: iterated local search with penalties, from nothing or from a plan.

References
----------
Wouda, N.A., L. Lan and W. Kool (2024). PyVRP: a high-performance VRP solver
package. *INFORMS Journal on Computing*, 36(4), 943-955.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from time import monotonic

from pyvrp import (
    CostEvaluator,
    IteratedLocalSearchParams,
    PenaltyParams,
    ProblemData,
    Solution,
    SolveParams,
    solve,
)
from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchCallbacks
from pyvrp.search import NeighbourhoodParams, PerturbationParams
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, StoppingCriterion

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.pyvrp_model import Model
from fulfillment.routing.engines.regions import improve
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.worker import serve
from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask
from fulfillment.routing.unserved import unserved_reason

NAME = "pyvrp"
_UNLIMITED = 10**9
# Of the iterations, to choose anew whom a short fleet serves.
_LAST_SHARE = 0.25
# PyVRP's own bound on the price of a second late or a gram too much.
_MAX_PRICE = 1e5
_NO_PLAN = 2**62


@dataclass(frozen=True, slots=True)
class _Tuning:
    """Sizes of PyVRP's search; its own are 50 neighbours, 25 perturbations, history 300."""

    neighbours: int
    perturbations: int
    history: int


# Days with windows and a handful of stops a trip want small steps and a short
# memory: two per cent cheaper than PyVRP's own on day_zhengzhou in half a minute.
# Without windows so small a step stays in its valley.
_TIMED = _Tuning(neighbours=30, perturbations=6, history=100)
_TIMELESS = _Tuning(neighbours=30, perturbations=12, history=300)


def search(task: SearchTask) -> SearchOutcome:
    """Search from nothing, or from the task's start where it is warm.

    A stop that must be served makes a smaller and faster search than an
    optional one, but a plan that cannot exist is never found. So the stops of
    the start are mandatory and the others bring a prize. Where some of those
    stay out, the fleet is short, and a last quarter of the search chooses anew
    among all that are worth no more. A search from nothing that has no plan by
    half its count begins again at the start. What PyVRP does not know is
    mended at the end.

    Raises
    ------
    EngineFailed
        If nothing feasible was found.
    """
    guard = monotonic() + task.params.seconds
    served = frozenset(node for duty in task.start for node in duty.nodes)
    doubtful = _doubtful(task.problem, served)
    share = 1 - _LAST_SHARE if doubtful else 1.0
    model = Model(task.problem, served)
    found = None if task.is_warm else _run(model, _part(task, share, guard), None)
    if found is None or not found.is_feasible():
        again = share if task.is_warm else share / 2
        found = _run(model, _part(task, again, guard), model.solution(task.start))
    if not found.is_feasible():
        raise EngineFailed("PyVRP found no feasible plan in its time.")
    duties = model.duties(found)
    if doubtful.difference(node for duty in duties for node in duty.nodes):
        duties = _chosen_anew(_part(task, _LAST_SHARE, guard), duties, doubtful)
    return SearchOutcome(
        duties=mended(Judge(task.problem), duties),
        trajectory=tuple(task.journal.points),
        by=NAME,
    )


def _doubtful(problem: RoutingProblem, served: frozenset[int]) -> frozenset[int]:
    """Return the stops that are not served and could be, if only alone."""
    return frozenset(
        node
        for node in problem.nodes
        if node not in served and unserved_reason(problem, node) is UnservedReason.NO_VEHICLE_LEFT
    )


def _part(task: SearchTask, share: float, guard: float) -> SearchTask:
    """Return the task with a share of its iterations and with the seconds until `guard`."""
    count = max(1, int(share * (task.params.iterations or _UNLIMITED)))
    seconds = max(0.001, guard - monotonic())
    return replace(task, params=replace(task.params, iterations=count, seconds=seconds))


def _chosen_anew(
    task: SearchTask, duties: tuple[Duty, ...], doubtful: Collection[int]
) -> tuple[Duty, ...]:
    """Return duties that may serve doubtful stops in place of others worth no more."""
    stop_at = task.problem.stop_at
    dearest_fen = max(stop_at(node).unserved_penalty_fen for node in doubtful)
    mandatory = frozenset(
        node
        for duty in duties
        for node in duty.nodes
        if stop_at(node).unserved_penalty_fen > dearest_fen
    )
    model = Model(task.problem, mandatory)
    return model.duties(_run(model, task, model.solution(duties)))


def _run(model: Model, task: SearchTask, start: Solution | None) -> Solution:
    """Return the best solution from `start` or from nothing, feasible or not."""
    tuning = _TIMELESS if task.problem.is_timeless else _TIMED
    count = task.params.iterations or _UNLIMITED
    ends: list[StoppingCriterion] = [MaxIterations(count), MaxRuntime(task.params.seconds)]
    if start is None:
        ends.append(_Barren(count // 2, task.params.seconds / 2))
    result = solve(
        model.data,
        MultipleCriteria(ends),
        seed=task.params.seed,
        collect_stats=False,
        params=SolveParams(
            ils=IteratedLocalSearchParams(
                history_length=tuning.history, callbacks=_Callbacks(model, task.journal)
            ),
            neighbourhood=NeighbourhoodParams(num_neighbours=tuning.neighbours),
            perturbation=PerturbationParams(max_perturbations=tuning.perturbations),
            penalty=_Prices(max_penalty=max(_MAX_PRICE, float(model.dearest_prize))),
        ),
        initial_solution=start,
    )
    return result.best


class _Prices(PenaltyParams):
    """Prices of excess and lateness that start as usual, wherever they may end."""

    def midpoint_penalties(self, data: ProblemData) -> tuple[list[float], float, float]:
        """Return the first price of a unit of each load, of a second and of a metre."""
        first = _MAX_PRICE / 2
        return [first] * data.num_load_dimensions, first, first


class _Barren:
    """Ends a search that has no plan at all after so many iterations or seconds."""

    def __init__(self, iterations: int, seconds: float) -> None:
        self._spent = MultipleCriteria([MaxIterations(iterations), MaxRuntime(seconds)])

    def __call__(self, best_cost: int) -> bool:
        """Return whether to stop; PyVRP's cost of a plan that is none is 2^63 - 1."""
        return bool(self._spent(best_cost)) and best_cost > _NO_PLAN


class _Callbacks(IteratedLocalSearchCallbacks):
    """Notes each better solution in the task's journal."""

    def __init__(self, model: Model, journal: Journal) -> None:
        self._model = model
        self._journal = journal
        self._iteration = 0

    def on_start(self, ils: IteratedLocalSearch) -> None:
        """Note the first solution, if it is one."""
        if ils.initial_solution.is_feasible():
            self.on_best(ils.initial_solution)

    def on_iteration(
        self, current: Solution, candidate: Solution, best: Solution, cost_evaluator: CostEvaluator
    ) -> None:
        """Count."""
        self._iteration += 1

    def on_best(self, best: Solution) -> None:
        """Note what it costs."""
        self._journal.note(NAME, self._iteration, self._model.cost_fen(best))


def _search_regions(task: SearchTask) -> SearchOutcome:
    return improve(task, search, NAME)


if __name__ == "__main__":
    serve({NAME: search, "pyvrp_regions": _search_regions})
