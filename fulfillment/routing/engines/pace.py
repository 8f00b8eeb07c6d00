"""Seconds into iterations, so that searches end by count and not by clock.

A search that stops by the clock finds another plan on every run. These rates
are what one core of the reference machine (2 cores at about 2.5 GHz) does in a
second, less a margin: a derived count uses about three quarters of the budget
there. A faster machine is done sooner; a much slower one meets the guard, and
only then may two runs differ.
"""

from fulfillment.routing.problem import RoutingProblem

# The share of the budget a derived count should use on the reference machine.
_SHARE = 0.75
# Seconds for an interpreter, its imports and the first solution.
_START_S = 1.0
# Measured at 300 stops with windows. Rates
# fall with the size of the problem, to about the power below (36 to 1,000
# stops), and are higher where no clock binds.
_PYVRP_PER_SECOND = 1_400
_TIMELESS_GAIN = 2.5
_SIZE = 300
_POWER = 0.45
_ORTOOLS_PER_SECOND = 40
# Groups have about the same size on every problem.
_GROUPS_PER_SECOND = 4


def iterations_for(engine: str, problem: RoutingProblem, seconds: float) -> int:
    """Return how many iterations of `engine` fit into `seconds`, at least one."""
    return max(1, int(_rate(engine, problem) * _SHARE * max(seconds - _START_S, seconds / 4)))


def _rate(engine: str, problem: RoutingProblem) -> float:
    if engine == "ortools_polish":
        return _GROUPS_PER_SECOND
    slowness = float((_SIZE / max(1, len(problem.stops))) ** _POWER)
    if engine == "ortools":
        return _ORTOOLS_PER_SECOND * slowness
    return _PYVRP_PER_SECOND * slowness * (_TIMELESS_GAIN if problem.is_timeless else 1.0)
