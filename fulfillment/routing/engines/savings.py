"""Clarke and Wright's savings with windows, a mixed fleet and second trips.

The baseline every other engine is measured against, and the fallback when one
fails: plain Python, quick, and sound on any problem.

1. Every stop starts as a trip of its own; trips are joined end to start in the
   order of the distance they save, where load and time allow it and the
   cheapest fitting vehicle becomes cheaper.
2. Trips go to vehicles by least extra cost, the fullest first; a vehicle may
   take a second trip where that beats starting another.
3. What found no vehicle is taken apart and inserted stop by stop.

The whole is repeated with the savings shaken by the seed; the cheapest day wins.

References
----------
Clarke, G. and J. W. Wright (1964). Scheduling of vehicles from a central depot
to a number of delivery points. *Operations Research*, 12(4), 568-581.
Golden, B. et al. (1984). The fleet size and mix vehicle routing problem.
*Computers & Operations Research*, 11(1), 49-66.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

import numpy as np

from fulfillment.routing.engines.fleet import Roads, Roster
from fulfillment.routing.engines.segment import Segment, join
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Vehicle
from fulfillment.routing.schedule import Duty, Trip, build_plan
from fulfillment.routing.search import Journal, SearchOutcome, SolveParams, Watch

# Savings are looked up among this many nearest neighbours of a stop only.
_NEIGHBOURS = 60
# One round is the textbook method; a few shaken ones gain about a per cent.
_ROUNDS = 4
_SHAKE = 0.15


@dataclass(frozen=True, slots=True)
class SavingsEngine:
    """The savings heuristic behind the engine protocol."""

    name: str = "savings"

    @property
    def versions(self) -> Mapping[str, str]:
        """It depends on the language alone."""
        return {"python": platform.python_version()}

    def search(
        self,
        problem: RoutingProblem,
        params: SolveParams,
        start: tuple[Duty, ...] = (),
        watch: Watch | None = None,
    ) -> SearchOutcome:
        """Return the cheapest of a few savings constructions; a start changes nothing."""
        guard = monotonic() + params.seconds
        journal = Journal()
        roads = Roads(problem)
        rng = np.random.default_rng(params.seed)
        best: tuple[Duty, ...] = ()
        best_fen: int | None = None
        for round_number in range(1, (params.iterations or _ROUNDS) + 1):
            shake = 0.0 if round_number == 1 else _SHAKE
            duties = _construct(roads, shake, rng)
            found_fen = objective_fen(problem, build_plan(problem, duties))
            if best_fen is None or found_fen < best_fen:
                best, best_fen = duties, found_fen
                journal.note(self.name, round_number, found_fen)
            if watch is not None:
                watch.look()
            if monotonic() > guard:
                break
        return SearchOutcome(duties=best, trajectory=tuple(journal.points), by=self.name)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A trip not yet given to a vehicle: its load, its length, its time without the depot."""

    trip: Trip
    weight_g: int
    totes: int
    metres: int
    segment: Segment
    cost_fen: int


def _construct(roads: Roads, shake: float, rng: np.random.Generator) -> tuple[Duty, ...]:
    drafts = _Drafts(roads)
    for here, there in _savings(roads, shake, rng):
        drafts.join_ends(here, there)
    roster = Roster(roads)
    homeless: list[int] = []
    for draft in drafts.fullest_first():
        if not roster.take_trip(draft.trip):
            homeless.extend(draft.trip)
    # The hard ones first, while there is room: heavy, then far.
    homeless.sort(key=lambda node: (-roads.weight_g[node], -roads.metres[DEPOT_NODE][node], node))
    for node in homeless:
        roster.take_stop(node)
    return roster.duties()


def _savings(roads: Roads, shake: float, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return ordered pairs of neighbours by the metres saved, most first."""
    metres = roads.problem.distance_m
    count = len(roads.problem.stops)
    if count < 2:
        return []
    between = metres[1:, 1:]
    near = np.argsort(between, axis=1, kind="stable")[:, : _NEIGHBOURS + 1]
    pairs: list[tuple[float, int, int]] = []
    for here in range(1, count + 1):
        for there in (near[here - 1] + 1).tolist():
            if here == there:
                continue
            saved = roads.metres[here][0] + roads.metres[0][there] - roads.metres[here][there]
            pairs.append((-saved * (1 + shake * rng.random()), here, there))
    pairs.sort()
    return [(here, there) for _, here, there in pairs]


class _Drafts:
    """All trips under construction, found by their first and last stop."""

    def __init__(self, roads: Roads) -> None:
        self._roads = roads
        self._kinds = [
            roads.problem.vehicles[positions[0]]
            for positions in roads.problem.vehicles_by_kind().values()
        ]
        self._of: dict[int, _Draft] = {}
        for node in roads.problem.nodes:
            stop = roads.problem.stop_at(node)
            alone = self._draft((node,), stop.weight_g, stop.totes, roads.visit(node))
            # A stop no vehicle can serve alone joins nothing and stays unserved.
            if alone is not None:
                self._of[node] = alone

    def join_ends(self, here: int, there: int) -> None:
        """Join the trip that ends at `here` with the one that starts at `there`, if it pays."""
        first, second = self._of.get(here), self._of.get(there)
        if first is None or second is None or first is second:
            return
        if first.trip[-1] != here or second.trip[0] != there:
            return
        segment = join(first.segment, second.segment, self._roads.seconds[here][there])
        if segment is None:
            return
        joined = self._draft(
            first.trip + second.trip,
            first.weight_g + second.weight_g,
            first.totes + second.totes,
            segment,
        )
        if joined is None or joined.cost_fen > first.cost_fen + second.cost_fen:
            return
        for node in joined.trip:
            self._of[node] = joined

    def fullest_first(self) -> list[_Draft]:
        """Return the trips, the heaviest first."""
        drafts = {draft.trip: draft for draft in self._of.values()}
        return sorted(drafts.values(), key=lambda d: (-d.weight_g, -d.totes, d.trip))

    def _draft(self, trip: Trip, weight_g: int, totes: int, segment: Segment) -> _Draft | None:
        metres = self._roads.length_m(trip)
        costs = [
            vehicle.cost_fen(metres, busy_s)
            for vehicle in self._kinds
            if weight_g <= vehicle.capacity_g and totes <= vehicle.capacity_totes
            for busy_s in [self._busy_s(vehicle, trip, segment)]
            if busy_s is not None
        ]
        if not costs:
            return None
        return _Draft(trip, weight_g, totes, metres, segment, min(costs))

    def _busy_s(self, vehicle: Vehicle, trip: Trip, segment: Segment) -> int | None:
        seconds = self._roads.seconds
        start = Segment(0, vehicle.shift_start_s, vehicle.shift_end_s)
        home = Segment(0, 0, vehicle.shift_end_s)
        out = join(start, segment, seconds[DEPOT_NODE][trip[0]])
        whole = out and join(out, home, seconds[trip[-1]][DEPOT_NODE])
        return whole.busy_s if whole else None
