"""What a vehicle's day is worth under every rule, remembered."""

from collections.abc import Iterable, Mapping

from fulfillment.routing.plan import PlannedTrip
from fulfillment.routing.problem import RoutingProblem
from fulfillment.routing.schedule import Duty, duty_cost_fen, schedule_duty

# Duties remembered at a time; a group of neighbouring ones asks for a few hundred.
_MEMORY = 20_000


class Judge:
    """Exact objectives of single duties and of whole days."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.metres: list[list[int]] = problem.distance_m.tolist()
        self._known: dict[Duty, int | None] = {}
        self._clocks: dict[Duty, tuple[PlannedTrip, ...]] = {}
        # Node -> the vehicle that knows the door, and what any other adds.
        self._usual: Mapping[int, tuple[str, int]] = {
            node: (stop.usual_vehicle_key, stop.change_penalty_fen)
            for node, stop in enumerate(problem.stops, start=1)
            if stop.usual_vehicle_key is not None and stop.change_penalty_fen
        }

    def duty_fen(self, duty: Duty) -> int | None:
        """Return what the duty adds to the objective, or None if it breaks a rule.

        That is its cost, and what its strange drivers are worth avoiding.
        """
        if duty not in self._known:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            cost_fen = duty_cost_fen(self.problem, duty)
            change_fen = self._change_fen(duty)
            self._known[duty] = None if cost_fen is None else cost_fen + change_fen
        return self._known[duty]

    def trips(self, duty: Duty) -> tuple[PlannedTrip, ...]:
        """Return the duty's trips with all times."""
        if duty not in self._clocks:
            if len(self._clocks) >= _MEMORY:
                self._clocks.clear()
            self._clocks[duty] = schedule_duty(self.problem, duty)
        return self._clocks[duty]

    def objective_fen(self, duties: Iterable[Duty], left_out: Iterable[int]) -> int | None:
        """Return the objective of `duties` where the nodes of `left_out` are not served.

        None if a rule is broken.
        """
        objective_fen = sum(self.problem.stop_at(node).unserved_penalty_fen for node in left_out)
        for duty in duties:
            duty_fen = self.duty_fen(duty)
            if duty_fen is None:
                return None
            objective_fen += duty_fen
        return objective_fen

    def left_out(self, duties: Iterable[Duty]) -> tuple[int, ...]:
        """Return the nodes that none of `duties` serves."""
        served = {node for duty in duties for node in duty.nodes}
        return tuple(node for node in self.problem.nodes if node not in served)

    def _change_fen(self, duty: Duty) -> int:
        if not self._usual:
            return 0
        key = self.problem.vehicles[duty.vehicle].key
        usual = (self._usual.get(node, (key, 0)) for node in duty.nodes)
        return sum(penalty for known_by, penalty in usual if known_by != key)
