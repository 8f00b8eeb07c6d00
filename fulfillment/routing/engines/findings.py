"""What engines answered in one planning job, judged and put in order."""

from dataclasses import dataclass

from fulfillment.errors import EngineFailed
from fulfillment.routing.checker import check_plan
from fulfillment.routing.engines.processes import Answer
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, build_plan
from fulfillment.routing.search import SearchOutcome, Watch


@dataclass(frozen=True, slots=True)
class _Finding:
    """An answer; without a cost it does not count."""

    outcome: SearchOutcome
    cost_fen: int | None
    troubles: tuple[str, ...]


class Findings:
    """Answers by the step they come from, so nothing depends on which was ready first."""

    def __init__(self, problem: RoutingProblem, watch: Watch) -> None:
        self._problem = problem
        self._watch = watch
        self._found: dict[tuple[int, int], _Finding] = {}

    def keep(self, step: tuple[int, int], found: Answer) -> bool:
        """Judge an answer and write it down; say whether it is a sound plan."""
        if isinstance(found, EngineFailed):
            self._found[step] = _Finding(SearchOutcome(duties=()), None, (found.message,))
            return False
        plan = build_plan(self._problem, found.duties)
        violations = check_plan(self._problem, plan)
        if violations:
            told = f"A plan by {found.by} was refused: {violations[0]}"
            self._found[step] = _Finding(found, None, (told,))
            return False
        cost_fen = objective_fen(self._problem, plan)
        self._watch.hear(cost_fen)
        self._found[step] = _Finding(found, cost_fen, found.troubles)
        return True

    def duties(self, step: tuple[int, int]) -> tuple[Duty, ...]:
        """Return the duties of a step; none if it gave no sound plan."""
        found = self._found.get(step)
        return found.outcome.duties if found and found.cost_fen is not None else ()

    def best_duties(self) -> tuple[Duty, ...]:
        """Return the cheapest sound duties so far; none if there are none."""
        best = self._best()
        return best.outcome.duties if best else ()

    def result(self) -> SearchOutcome:
        """Return the cheapest sound plan with everybody's trajectory and troubles.

        Raises
        ------
        EngineFailed
            If there is none.
        """
        best = self._best()
        if best is None:
            raise EngineFailed("No engine produced a sound plan.")
        found = [self._found[step] for step in sorted(self._found)]
        return SearchOutcome(
            duties=best.outcome.duties,
            by=best.outcome.by,
            trajectory=tuple(
                point
                for finding in found
                if finding.cost_fen is not None
                for point in finding.outcome.trajectory
            ),
            troubles=tuple(dict.fromkeys(told for finding in found for told in finding.troubles)),
        )

    def _best(self) -> _Finding | None:
        costs = {step: it.cost_fen for step, it in self._found.items() if it.cost_fen is not None}
        if not costs:
            return None
        return self._found[min(costs, key=lambda step: (costs[step], step))]
