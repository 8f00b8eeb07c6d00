"""A day under improvement, taken in groups of neighbouring duties."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from fulfillment.routing.engines.fleet import Roads
from fulfillment.routing.schedule import Duty

# Groups of this many stops are small enough to be solved well in a moment.
_GROUP_STOPS = 45
# Hopeless stops must not crowd out the others.
_UNSERVED_LIMIT = 5


class Neighbourhoods:
    """The duties of a day; groups are drawn around each duty in a seeded order."""

    def __init__(self, roads: Roads, duties: Sequence[Duty], seed: int) -> None:
        self.duties = tuple(duties)
        self._roads = roads
        self._rng = np.random.default_rng(seed)
        self._turn: list[int] = []
        self.cost_fen = sum(self._cost(duty) for duty in self.duties)
        served = set(chain.from_iterable(duty.nodes for duty in self.duties))
        left_out = [node for node in roads.problem.nodes if node not in served]
        self.unserved = tuple(left_out[:_UNSERVED_LIMIT])

    def next_group(self) -> tuple[int, ...]:
        """Return the positions of a duty and its nearest neighbours, within the stop limit."""
        if not self._turn:
            self._turn = self._rng.permutation(len(self.duties)).tolist()
        centre = self._turn.pop() % len(self.duties)
        order = sorted(
            range(len(self.duties)), key=lambda at: (self._apart(centre, at), at != centre, at)
        )
        group: list[int] = []
        stops = 0
        for at in order:
            stops += len(self.duties[at].nodes)
            if len(group) >= 2 and stops > _GROUP_STOPS:
                break
            group.append(at)
        return tuple(sorted(group))

    def spare_vehicles(self) -> tuple[int, ...]:
        """Return one unused vehicle of each kind."""
        used = {duty.vehicle for duty in self.duties}
        free = (
            next((at for at in positions if at not in used), None)
            for positions in self._roads.problem.vehicles_by_kind().values()
        )
        return tuple(at for at in free if at is not None)

    def replace(self, group: Sequence[int], found: Sequence[Duty]) -> bool:
        """Put `found` in the group's place if it serves no less for less; say whether it did."""
        before = [self.duties[at] for at in group]
        if not self._is_better(before, found):
            return False
        kept = [duty for at, duty in enumerate(self.duties) if at not in set(group)]
        self.duties = tuple(sorted((*kept, *found), key=lambda duty: duty.vehicle))
        self.cost_fen = sum(self._cost(duty) for duty in self.duties)
        served = set(chain.from_iterable(duty.nodes for duty in found))
        self.unserved = tuple(node for node in self.unserved if node not in served)
        return True

    def _is_better(self, before: Sequence[Duty], found: Sequence[Duty]) -> bool:
        old = set(chain.from_iterable(duty.nodes for duty in before))
        new = set(chain.from_iterable(duty.nodes for duty in found))
        if not old <= new:
            return False
        cost = sum(self._cost(duty) for duty in found)
        return len(new) > len(old) or cost < sum(self._cost(duty) for duty in before)

    def _cost(self, duty: Duty) -> int:
        vehicle = self._roads.problem.vehicles[duty.vehicle]
        cost_fen = self._roads.day_cost_fen(vehicle, duty.trips)
        # A day that does not keep its times must never look cheap.
        return cost_fen if cost_fen is not None else 10**15

    def _apart(self, here: int, there: int) -> float:
        """Return the mean way from a stop of one duty to the nearest stop of the other."""
        nodes = np.array(self.duties[here].nodes), np.array(self.duties[there].nodes)
        apart = self._roads.problem.distance_m[np.ix_(*nodes)]
        return float(apart.min(axis=1).mean())
