"""A day under improvement, taken in groups of neighbouring duties."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fulfillment.routing.engines.judge import Judge
from fulfillment.routing.plan import UnservedReason
from fulfillment.routing.problem import VehicleKind
from fulfillment.routing.schedule import Duty
from fulfillment.routing.unserved import unserved_reason

# How many stops that were left out a group tries to take in.
_UNSERVED_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a group is searched.

    How many stops it may have, how many solutions are seen before it is left,
    and whether the search knows when breaks fall due or only the judge does.
    """

    stops: int
    solutions: int
    knows_breaks: bool = False


# Groups of the first size are solved well in a moment. When none of them gives
# anything more, larger ones are searched for longer.
_EFFORTS = (Effort(45, 60), Effort(70, 120), Effort(110, 240))
# Searches that know breaks take ten times as long.
_EFFORT_WITH_BREAKS = Effort(45, 20, knows_breaks=True)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the day: duties, vehicles they may use instead, stops that are left out."""

    duties: tuple[Duty, ...]
    spare_vehicles: tuple[int, ...]
    unserved: tuple[int, ...]
    effort: Effort

    @property
    def nodes(self) -> tuple[int, ...]:
        """The stops to serve, in the order of their numbers."""
        return tuple(sorted((*_nodes(self.duties), *self.unserved)))

    @property
    def vehicles(self) -> tuple[int, ...]:
        """The vehicles to serve them with."""
        return (*(duty.vehicle for duty in self.duties), *self.spare_vehicles)


class Neighbourhoods:
    """The sound duties of a day; groups are drawn around each in a seeded order."""

    def __init__(self, judge: Judge, duties: Sequence[Duty], seed: int) -> None:
        self.duties = tuple(duties)
        self._judge = judge
        self._problem = judge.problem
        self._rng = np.random.default_rng(seed)
        self._turn: list[int] = []
        self._efforts: tuple[Effort, ...] = _EFFORTS
        self._has_breaks = any(vehicle.breaks for vehicle in self._problem.vehicles)
        if self._has_breaks:
            self._efforts = (_EFFORTS[0], _EFFORT_WITH_BREAKS, *_EFFORTS[1:])
        self._effort = 0
        self._is_stale = False
        self._spent: set[Group] = set()
        # What no vehicle can serve even alone is in nobody's way.
        self._hopeless = {
            node
            for node in judge.left_out(duties)
            if unserved_reason(self._problem, node) is not UnservedReason.NO_VEHICLE_LEFT
        }
        self._take_stock()

    def next_group(self) -> Group | None:
        """Return a duty and its nearest neighbours, or None if no group gives anything more."""
        while self.duties:
            if not self._turn and not self._start_turn():
                return None
            group = self._around(self._turn.pop())
            if group not in self._spent:
                self._is_stale = False
                return group
        return None

    def replace(self, group: Group, found: Sequence[Duty]) -> bool:
        """Put `found` in the group's place if it is sound and better; say whether it did."""
        if not self._is_better(group, found):
            self._spent.add(group)
            return False
        kept = set(self.duties).difference(group.duties)
        self.duties = tuple(sorted((*kept, *found), key=lambda duty: duty.vehicle))
        # Small groups may have something to give again.
        self._effort = 0
        self._turn = [centre for centre in self._turn if centre < len(self.duties)]
        self._take_stock()
        return True

    def _start_turn(self) -> bool:
        """Go once around the day, with larger groups if the last time gave no new ones."""
        if self._is_stale:
            self._effort += 1
        if self._effort >= len(self._efforts):
            return False
        self._is_stale = True
        order = self._rng.permutation(len(self.duties)).tolist()
        # The last is taken first; stops that are left out cost most.
        urgent = self._nearest_to_unserved()
        self._turn = sorted(order, key=lambda centre: centre in urgent)
        return True

    def _nearest_to_unserved(self) -> set[int]:
        """Return the duties that pass nearest to a stop that is left out."""
        if not self._unserved:
            return set()
        centres = [at for at, duty in enumerate(self.duties) for _ in duty.nodes]
        ways = self._problem.distance_m[np.ix_(self._unserved, list(_nodes(self.duties)))]
        return {centres[at] for at in ways.argmin(axis=1).tolist()}

    def _around(self, centre: int) -> Group:
        effort = self._efforts[self._effort]
        order = sorted(
            range(len(self.duties)), key=lambda at: (self._apart(centre, at), at != centre, at)
        )
        chosen: list[int] = []
        stops = 0
        for at in order:
            stops += len(self.duties[at].nodes)
            if len(chosen) >= 2 and stops > effort.stops:
                break
            chosen.append(at)
        duties = tuple(self.duties[at] for at in sorted(chosen))
        unserved = self._nearest_unserved(duties)
        if unserved and self._has_breaks:
            # A place for a stop is worth the time.
            effort = _EFFORT_WITH_BREAKS
        nodes = (*_nodes(duties), *unserved)
        return Group(duties, tuple(sorted(set(self._spares(nodes)))), unserved, effort)

    def _nearest_unserved(self, duties: Sequence[Duty]) -> tuple[int, ...]:
        if not self._unserved:
            return ()
        ways = self._problem.distance_m[np.ix_(self._unserved, list(_nodes(duties)))].min(axis=1)
        nearest = np.argsort(ways, kind="stable")[:_UNSERVED_LIMIT]
        return tuple(sorted(self._unserved[at] for at in nearest.tolist()))

    def _spares(self, nodes: Sequence[int]) -> Iterator[int]:
        """Yield unused vehicles: one of each kind, also of those that a stop names."""
        fleet = self._problem.vehicles
        used = {duty.vehicle for duty in self.duties}
        idle = [at for at in range(len(fleet)) if at not in used]
        yield from self._one_of_each_kind(idle)
        stops = [self._problem.stop_at(node) for node in nodes]
        usual = {stop.usual_vehicle_key for stop in stops if stop.change_penalty_fen}
        yield from (at for at in idle if fleet[at].key in usual)
        for keys in {stop.vehicle_keys for stop in stops if stop.vehicle_keys is not None}:
            yield from self._one_of_each_kind([at for at in idle if fleet[at].key in keys])

    def _one_of_each_kind(self, positions: Sequence[int]) -> Iterator[int]:
        seen: set[VehicleKind] = set()
        for at in positions:
            kind = self._problem.vehicles[at].kind
            if kind not in seen:
                seen.add(kind)
                yield at

    def _is_better(self, group: Group, found: Sequence[Duty]) -> bool:
        left_out = set(group.nodes).difference(_nodes(found))
        after_fen = self._judge.objective_fen(found, left_out)
        before_fen = self._judge.objective_fen(group.duties, group.unserved)
        return after_fen is not None and (before_fen is None or after_fen < before_fen)

    def _take_stock(self) -> None:
        left_out = self._judge.left_out(self.duties)
        self._unserved = [node for node in left_out if node not in self._hopeless]
        self.cost_fen = self._judge.objective_fen(self.duties, left_out) or 0

    def _apart(self, here: int, there: int) -> float:
        """Return the mean way from a stop of one duty to the nearest stop of the other."""
        nodes = np.array(self.duties[here].nodes), np.array(self.duties[there].nodes)
        apart = self._problem.distance_m[np.ix_(*nodes)]
        return float(apart.min(axis=1).mean())


def _nodes(duties: Sequence[Duty]) -> Iterator[int]:
    return (node for duty in duties for node in duty.nodes)
