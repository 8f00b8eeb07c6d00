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
_SIZE = 300
# PyVRP's iterations in a second at 300 stops, and the power by which they fall
# with size; measured on day bundles (36, 299 stops), Solomon and Gehring-
# Homberger (100, 1,000) and CVRP X instances (100, 200, 1,000).
_PYVRP_DAY = (2_300, 0.35)
_PYVRP_PLAIN = (2_900, 0.5)
# Stops in a region of a large day; searched in turn, each as fast as it is small.
REGION_STOPS = 150
# OR-Tools' groups have about the same size on every problem.
_GROUPS = (10, 0.0)

# Seconds that VROOM needs at 300 stops at each level of exploration, and the
# power by which they grow with size; measured at 300, 1,000 and 2,000.
_VROOM_S = (1.0, 4.0, 12.0, 32.0, 50.0, 80.0)
_VROOM_POWER = 2.3
# Above it in regions of this size.
VROOM_STOPS = 400


def vroom_seconds(problem: RoutingProblem, level: int) -> float:
    """Return about how long VROOM takes at a level of exploration, 0 to 5.

    It takes more than a few hundred stops in parts.
    """
    stops = len(problem.stops)
    parts = max(1.0, stops / VROOM_STOPS)
    return float(_VROOM_S[level] * parts * (stops / parts / _SIZE) ** _VROOM_POWER)


def vroom_level(problem: RoutingProblem, seconds: float) -> int:
    """Return the highest level of exploration that fits into `seconds`, at least 0."""
    levels = range(len(_VROOM_S))
    fitting = [level for level in levels if vroom_seconds(problem, level) <= seconds * _SHARE]
    return max(fitting, default=0)


def iterations_for(engine: str, problem: RoutingProblem, seconds: float) -> int:
    """Return how many iterations of `engine` fit into `seconds`, at least one."""
    if engine == "vroom":
        # It searches once; its level of exploration, from 0, is its count.
        return 1 + vroom_level(problem, seconds)
    return max(1, int(_rate(engine, problem) * _SHARE * max(seconds - _START_S, seconds / 4)))


def _rate(engine: str, problem: RoutingProblem) -> float:
    rate, power = _law(engine, problem)
    stops = len(problem.stops)
    if engine == "pyvrp_regions":
        stops = min(stops, REGION_STOPS)
    return float(rate * (_SIZE / max(1, stops)) ** power)


def _law(engine: str, problem: RoutingProblem) -> tuple[int, float]:
    if engine in ("ortools", "ortools_polish"):
        return _GROUPS
    is_day = any(v.max_trips > 1 or v.cost_per_hour_fen for v in problem.vehicles)
    return _PYVRP_DAY if is_day else _PYVRP_PLAIN
