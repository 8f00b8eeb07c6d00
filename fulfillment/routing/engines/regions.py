"""Large days cut into regions of neighbouring duties, searched one by one or side by side.

A search that takes minutes over a thousand stops takes seconds over a hundred
and fifty, and what it loses at the borders comes back when the next cut runs
elsewhere: cuts turn around the centre of the day and alternate with strips.

References
----------
Santini, A., M. Schneider, T. Vidal and D. Vigo (2023). Decomposition strategies
for vehicle routing heuristics. *INFORMS Journal on Computing*, 35(3), 543-559
(route-based cuts by barycentre).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import ceil, pi
from time import monotonic

import numpy as np
import numpy.typing as npt

from fulfillment.errors import EngineFailed
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.pace import REGION_STOPS
from fulfillment.routing.focus import Focus, part_of
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty
from fulfillment.routing.search import Journal, SearchOutcome, SearchTask

Search = Callable[[SearchTask], SearchOutcome]
Points = npt.NDArray[np.float64]

# A region has no fewer duties than this, however long they are.
_LEAST_DUTIES = 6
# Iterations that a region gets in one turn, for each of its stops.
ITERATIONS_PER_STOP = 40
# Each turn looks along another direction; this angle never repeats one soon.
_TURN = pi * (3 - 5**0.5)
# Points of reference for a map drawn from distances alone.
_LANDMARKS = 32
_SEED_RANGE = 2**31


class City:
    """A problem's stops on a map, and its duties cut into regions."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._problem = problem
        self._points = _drawn(problem)

    def cut(self, duties: Sequence[Duty], parts: int, turn: int) -> tuple[Focus, ...]:
        """Return `parts` or fewer regions that share no stop and no vehicle, all of the day.

        Duties are ordered around the centre of the stops, or along a line, by
        where the middle of their stops lies; another `turn` is another order.
        Vehicles that stay at home and stops that are left out are dealt out.
        """
        if not duties:
            return ()
        groups = _shared_out(self._ordered(duties, turn), parts)
        used = {duty.vehicle for duty in duties}
        idle = [at for at in range(len(self._problem.vehicles)) if at not in used]
        driven = {duty.vehicle: duty for duty in duties}
        loose = self._nearest_group(groups)
        return tuple(
            part_of(
                self._problem,
                {duty.vehicle: driven[duty.vehicle] for duty in group},
                loose[number],
                sorted([*(duty.vehicle for duty in group), *idle[number :: len(groups)]]),
            )
            for number, group in enumerate(groups)
        )

    def _ordered(self, duties: Sequence[Duty], turn: int) -> list[Duty]:
        middles = np.array([self._points[list(duty.nodes)].mean(axis=0) for duty in duties])
        away = middles - self._points[1:].mean(axis=0)
        angle = turn * _TURN
        if turn % 2:
            keys = away @ np.array([np.cos(angle), np.sin(angle)])
        else:
            keys = (np.arctan2(away[:, 1], away[:, 0]) - angle) % (2 * pi)
        return [duties[at] for at in np.argsort(keys, kind="stable").tolist()]

    def _nearest_group(self, groups: Sequence[Sequence[Duty]]) -> list[list[int]]:
        """Return for each group the stops in no duty that lie nearest to one of its own."""
        nodes = [[node for duty in group for node in duty.nodes] for group in groups]
        served = {node for group in nodes for node in group}
        loose: list[list[int]] = [[] for _ in groups]
        for node in self._problem.nodes:
            if node not in served:
                ways = [int(self._problem.distance_m[node, group].min()) for group in nodes]
                loose[ways.index(min(ways))].append(node)
        return loose


def improve(task: SearchTask, search: Search, name: str) -> SearchOutcome:
    """Improve the task's start region by region until its iterations are used up.

    One iteration of the task is one of `search`, the engine called `name`. A
    region is replaced where the exact objective fell.
    """
    guard = monotonic() + task.params.seconds
    day = Regions(task.problem, task.start)
    left = total = task.params.iterations or 1
    for region in _turns(day, task.params.seed):
        seconds = guard - monotonic()
        if seconds <= 0 or left <= 0:
            break
        count = min(left, ITERATIONS_PER_STOP * len(region.nodes))
        params = replace(task.params, seconds=seconds, iterations=count)
        left -= count
        part = SearchTask(problem=region.problem, params=params, start=region.start, is_warm=True)
        try:
            if day.replace(region, search(part).duties):
                task.journal.note(name, total - left, day.objective_fen)
        except EngineFailed:
            continue
    return SearchOutcome(duties=day.duties, trajectory=tuple(task.journal.points), by=name)


class Regions:
    """A day under improvement, region by region."""

    def __init__(self, problem: RoutingProblem, duties: Sequence[Duty]) -> None:
        self.duties = tuple(duties)
        self._city = City(problem)
        self._judge = Judge(problem)

    @property
    def objective_fen(self) -> int:
        """What the day costs, with its penalties."""
        left_out = self._judge.left_out(self.duties)
        return self._judge.objective_fen(self.duties, left_out) or 0

    def cut(self, parts: int, turn: int) -> tuple[Focus, ...]:
        """Return the day as it is by now in regions (`City.cut`)."""
        return self._city.cut(self.duties, parts, turn)

    def replace(self, region: Focus, found: Sequence[Duty]) -> bool:
        """Put `found` into the region's place if it is sound and better; say whether it did."""
        before, after = region.restore(region.start), region.restore(found)
        after_fen = self._objective_fen(region, after)
        before_fen = self._objective_fen(region, before)
        if after_fen is None or (before_fen is not None and after_fen >= before_fen):
            return False
        kept = set(self.duties).difference(before)
        self.duties = tuple(sorted((*kept, *after), key=lambda duty: duty.vehicle))
        return True

    def _objective_fen(self, region: Focus, duties: Sequence[Duty]) -> int | None:
        served = {node for duty in duties for node in duty.nodes}
        return self._judge.objective_fen(duties, [n for n in region.nodes if n not in served])


def rebuilt(task: SearchTask, search: Search, stops: int) -> tuple[Duty, ...]:
    """Return the task's day with every region of at most about `stops` stops planned anew."""
    parts = ceil(len(task.problem.stops) / stops)
    found: list[Duty] = []
    for region in City(task.problem).cut(task.start, parts, task.params.seed):
        part = replace(task, problem=region.problem, start=region.start, journal=Journal())
        found.extend(region.restore(search(part).duties))
    return tuple(sorted(found, key=lambda duty: duty.vehicle))


def _turns(day: Regions, first: int) -> Iterator[Focus]:
    """Yield all regions of the day, turn after turn, without end."""
    turn = 0
    while day.duties:
        stops = sum(len(duty.nodes) for duty in day.duties)
        parts = min(ceil(stops / REGION_STOPS), len(day.duties) // _LEAST_DUTIES)
        yield from day.cut(max(1, parts), first + turn)
        turn += 1


def _shared_out(duties: Sequence[Duty], parts: int) -> list[Sequence[Duty]]:
    """Return `duties` in their order, in parts of about as many stops each."""
    sizes = np.array([len(duty.nodes) for duty in duties])
    before = sizes.cumsum() - sizes / 2
    number = (before * parts / sizes.sum()).astype(int)
    groups = [
        [duties[at] for at in np.flatnonzero(number == part).tolist()] for part in range(parts)
    ]
    return [group for group in groups if group]


def _drawn(problem: RoutingProblem) -> Points:
    """Return all nodes on a map that keeps their distances as well as a map can.

    De Silva, V. and J.B. Tenenbaum (2004). Sparse multidimensional scaling
    using landmark points. Technical report, Stanford University.
    """
    size = len(problem.stops) + 1
    marks = np.unique(np.linspace(0, size - 1, min(size, _LANDMARKS)).astype(int))
    out, home = problem.distance_m[:, marks], problem.distance_m[marks].T
    squares = ((out + home) / 2.0) ** 2
    mean = squares[marks].mean(axis=0)
    centred = squares[marks] - mean - mean[:, None] + mean.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    axes = vectors[:, -2:] / np.sqrt(np.maximum(values[-2:], 1.0))
    points: Points = -(squares - mean) @ axes / 2
    return points
