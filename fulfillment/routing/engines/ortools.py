"""OR-Tools behind our values: the engine that knows every rule.

A day is improved group by group: a duty and its nearest neighbours become a
model of their own (``ortools_model.py``, ``ortools_rules.py``), guided local
search runs from the duties as they are, and the group is replaced where the
exact objective fell. That beats searching the whole day in one model, from
savings as from a day by another engine: ``docs/algorithms/routing.md``.

What the start breaks is mended first, so this engine also repairs days of
engines that know fewer rules. Counts of groups and solutions end a search, so
equal inputs give equal days; clocks only guard.
"""

from collections.abc import Sequence
from time import monotonic

from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.neighbourhoods import Group, Neighbourhoods
from fulfillment.routing.engines.ortools_model import Frame, Model
from fulfillment.routing.engines.ortools_rules import add_rules
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.steady_roads import SteadyRoads
from fulfillment.routing.engines.worker import serve
from fulfillment.routing.problem import DEPOT_NODE
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import SearchOutcome, SearchTask

NAME = "ortools"
# Counts end a group long before, unless the machine is very busy.
_GROUP_GUARD_S = 20.0


def search(task: SearchTask) -> SearchOutcome:
    """Improve the task's start, or a day of cheapest insertions, under every rule.

    One iteration is one group. The outcome is sound and never worse than a
    sound start; a start that is not sound is mended first.
    """
    guard = monotonic() + task.params.seconds
    judge = Judge(task.problem)
    days = Neighbourhoods(judge, mended(judge, task.start), task.params.seed)
    task.journal.note(NAME, 0, days.cost_fen)
    for iteration in range(1, (task.params.iterations or 1) + 1):
        left_s = guard - monotonic()
        group = days.next_group() if left_s > 0 else None
        if group is None:
            break
        found = _solve(judge, group, min(left_s, _GROUP_GUARD_S))
        if days.replace(group, found):
            task.journal.note(NAME, iteration, days.cost_fen)
    return SearchOutcome(duties=days.duties, trajectory=tuple(task.journal.points), by=NAME)


def _solve(judge: Judge, group: Group, seconds: float) -> Sequence[Duty]:
    """Return sound duties found for the group; its own where the model refuses them."""
    problem = judge.problem
    further = sum(len(duty.trips) - 1 for duty in group.duties)
    several = any(problem.vehicles[at].max_trips > 1 for at in group.vehicles)
    reloads = further + 2 if several else 0
    places = [DEPOT_NODE, *group.nodes, *([DEPOT_NODE] * reloads)]
    frame = Frame(
        problem=problem,
        nodes=group.nodes,
        vehicles=group.vehicles,
        reloads=reloads,
        roads=SteadyRoads(judge, group.duties, places),
    )
    model = Model(frame)
    add_rules(model, knows_breaks=group.effort.knows_breaks)
    found = model.solve_from(group.duties, group.effort.solutions, seconds)
    if found is None or all(judge.duty_fen(duty) is not None for duty in found):
        return found or group.duties
    # Breaks and traffic by the hour are not all in the model.
    return mended(judge, found, nodes=group.nodes, vehicles=group.vehicles)


if __name__ == "__main__":
    # Polishing and searching are one: a search begins with what it is given.
    serve({NAME: search, "ortools_polish": search})
