"""One engine alone, in a process of its own, behind the engine protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.pace import iterations_for
from fulfillment.routing.engines.processes import (
    Job,
    engine_versions,
    run_side_by_side,
)
from fulfillment.routing.engines.savings import SavingsEngine
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask, SolveParams, Watch


@dataclass(frozen=True, slots=True)
class ProcessEngine:
    """The engine of that name (`processes.PROGRAMS`)."""

    name: str

    @property
    def versions(self) -> Mapping[str, str]:
        """The package's version, without importing it."""
        return engine_versions(self.name)

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
        """Search for the whole budget; raises `EngineFailed` as the engine does."""
        if not problem.stops or not problem.vehicles:
            return SearchOutcome(duties=(), by=self.name)
        journal = Journal()
        task = SearchTask(
            problem=problem,
            params=counted(self.name, problem, params),
            start=start or SavingsEngine().search(problem, replace(params, iterations=1)).duties,
            is_warm=bool(start),
            journal=journal,
        )
        job = Job(engine=self.name, task=task, deadline=journal.started + params.guard_s)
        (answer,) = run_side_by_side([job], watch or Watch(params.guard_s))
        if isinstance(answer, EngineFailed):
            raise answer
        return answer


def counted(engine: str, problem: RoutingProblem, params: SolveParams) -> SolveParams:
    """Return the parameters with the iterations that the budget is good for."""
    iterations = params.iterations or iterations_for(engine, problem, params.seconds)
    return replace(params, iterations=iterations)
