"""Clarke and Wright's savings with windows, a mixed fleet and second trips.

The baseline every other engine is measured against, and the fallback when one
fails: plain Python, quick, and sound on any problem, under every rule.

1. Every stop that is not fixed starts as a trip of its own; trips are joined end to start in the
   order of the distance they save, where load and time allow it and the
   cheapest fitting vehicle becomes cheaper.
2. Trips go to vehicles by least extra cost, the fullest first; a vehicle may
   take a second trip where that beats starting another.
3. What found no vehicle is taken apart and inserted stop by stop.
4. What breaks a rule beside loads and windows is mended (`repair`).

The whole is repeated with the savings shaken by the seed; the cheapest day wins.

References
----------
Clarke, G. and J. W. Wright (1964). Scheduling of vehicles from a central depot
to a number of delivery points. *Operations Research*, 12(4), 568-581.
Golden, B. et al. (1984). The fleet size and mix vehicle routing problem.
*Computers & Operations Research*, 11(1), 49-66.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

import numpy as np

from fulfillment.routing.day_rules import is_allowed, is_too_large
from fulfillment.routing.engines.fleet import Roads, Roster
from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.engines.repair import mended
from fulfillment.routing.engines.segment import Segment, join
from fulfillment.routing.objective import objective_fen
from fulfillment.routing.problem import DEPOT_NODE, RoutingProblem, Stop, Vehicle
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
        roads, judge = Roads(problem), Judge(problem)
        rng = np.random.default_rng(params.seed)
        best: tuple[Duty, ...] = ()
        best_fen: int | None = None
        for round_number in range(1, (params.iterations or _ROUNDS) + 1):
            shake = 0.0 if round_number == 1 else _SHAKE
            duties = mended(judge, _construct(roads, shake, rng))
            found_fen = objective_fen(problem, build_plan(problem, duties))
            if best_fen is None or found_fen < best_fen:
                best, best_fen = duties, found_fen
                journal.note(self.name, round_number, found_fen)
            if watch is not None:
                watch.look()
            if monotonic() > guard:
                break
        return SearchOutcome(duties=best, trajectory=tuple(journal.points), by=self.name)


class _Load(NamedTuple):
    """What a trip carries."""

    weight_g: int
    totes: int
    volume_ml: int
    cold_totes: int

    def plus(self, other: "_Load") -> "_Load":
        """Return both together."""
        return _Load(
            self.weight_g + other.weight_g,
            self.totes + other.totes,
            self.volume_ml + other.volume_ml,
            self.cold_totes + other.cold_totes,
        )

    def fits(self, vehicle: Vehicle) -> bool:
        """Return whether the vehicle holds it."""
        return (
            self.weight_g <= vehicle.capacity_g
            and self.totes <= vehicle.capacity_totes
            and self.volume_ml <= vehicle.capacity_ml
            and self.cold_totes <= vehicle.capacity_cold_totes
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A trip not yet given to a vehicle.

    `welcome` has a bit for each class of vehicles that may come to all its
    doors; `segment` is its time without the depot, where roads take no longer
    by the hour.
    """

    trip: Trip
    load: _Load
    welcome: int
    segment: Segment | None
    cost_fen: int


def _construct(roads: Roads, shake: float, rng: np.random.Generator) -> tuple[Duty, ...]:
    problem = roads.problem
    fixed = {node for trip in problem.fixed for node in trip.nodes}
    drafts = _Drafts(roads.unfixed(), [node for node in problem.nodes if node not in fixed])
    for here, there in _savings(roads, shake, rng):
        drafts.join_ends(here, there)
    roster = Roster(roads)
    homeless = drafts.hopeless
    for draft in drafts.fullest_first():
        if not roster.take_trip(draft.trip):
            homeless.extend(draft.trip)
    # The hard ones first, while there is room: dear to leave out, heavy, then far.
    homeless.sort(
        key=lambda node: (
            -problem.stop_at(node).unserved_penalty_fen,
            -roads.weight_g[node],
            -roads.metres[DEPOT_NODE][node],
            node,
        )
    )
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

    def __init__(self, roads: Roads, nodes: Sequence[int]) -> None:
        self._roads = roads
        problem = roads.problem
        first_of = {key: at for at, key in reversed(list(enumerate(roads.classes)))}
        self._classes = sorted(first_of.values())
        self._fleet = [problem.vehicles[position] for position in self._classes]
        self._is_plain = [_is_plain(problem, vehicle) for vehicle in self._fleet]
        self._of: dict[int, _Draft] = {}
        # What no free vehicle can serve alone joins nothing.
        self.hopeless: list[int] = []
        for node in nodes:
            stop = problem.stop_at(node)
            load = _Load(stop.weight_g, stop.totes, stop.volume_ml, stop.cold_totes)
            segment = None
            if problem.traffic is None:
                segment = Segment(stop.service_s, stop.opens_s, stop.closes_s)
            alone = self._draft((node,), load, self._welcome(stop), segment)
            if alone is not None:
                self._of[node] = alone
            else:
                self.hopeless.append(node)

    def join_ends(self, here: int, there: int) -> None:
        """Join the trip that ends at `here` with the one that starts at `there`, if it pays."""
        first, second = self._of.get(here), self._of.get(there)
        if first is None or second is None or first is second:
            return
        if first.trip[-1] != here or second.trip[0] != there:
            return
        segment = None
        if first.segment is not None and second.segment is not None:
            segment = join(first.segment, second.segment, self._roads.seconds[here][there])
            if segment is None:
                return
        joined = self._draft(
            first.trip + second.trip,
            first.load.plus(second.load),
            first.welcome & second.welcome,
            segment,
        )
        if joined is None or joined.cost_fen > first.cost_fen + second.cost_fen:
            return
        for node in joined.trip:
            self._of[node] = joined

    def fullest_first(self) -> list[_Draft]:
        """Return the trips, the heaviest first."""
        drafts = {draft.trip: draft for draft in self._of.values()}
        return sorted(drafts.values(), key=lambda d: (-d.load.weight_g, -d.load.totes, d.trip))

    def _welcome(self, stop: Stop) -> int:
        return sum(
            1 << at
            for at, vehicle in enumerate(self._fleet)
            if is_allowed(vehicle, stop) and not is_too_large(vehicle, stop)
        )

    def _draft(
        self, trip: Trip, load: _Load, welcome: int, segment: Segment | None
    ) -> _Draft | None:
        if len(trip) > 1 and self._roads.has_rivals(trip):
            return None
        costs = [
            cost_fen
            for at, vehicle in enumerate(self._fleet)
            if welcome >> at & 1 and load.fits(vehicle)
            for cost_fen in [self._cost_fen(at, trip, segment)]
            if cost_fen is not None
        ]
        if not costs:
            return None
        return _Draft(trip, load, welcome, segment, min(costs))

    def _cost_fen(self, at: int, trip: Trip, segment: Segment | None) -> int | None:
        if segment is None or not self._is_plain[at]:
            return self._roads.day_cost_fen(self._classes[at], (trip,))
        vehicle, seconds = self._fleet[at], self._roads.seconds
        start = Segment(0, vehicle.shift_start_s, vehicle.latest_return_s)
        home = Segment(0, 0, vehicle.latest_return_s)
        out = join(start, segment, seconds[DEPOT_NODE][trip[0]])
        whole = out and join(out, home, seconds[trip[-1]][DEPOT_NODE])
        if whole is None:
            return None
        overtime_fen = vehicle.overtime_fen(whole.early_s + whole.busy_s)
        return vehicle.cost_fen(self._roads.length_m(trip), whole.busy_s) + overtime_fen


def _is_plain(problem: RoutingProblem, vehicle: Vehicle) -> bool:
    """Return whether windows alone decide what a trip of this vehicle costs."""
    if vehicle.breaks or vehicle.back_s is not None:
        return False
    return not any(
        stop.lateness_fen_per_hour or (vehicle.is_truck and stop.trucks_from_s > stop.opens_s)
        for stop in problem.stops
    )
