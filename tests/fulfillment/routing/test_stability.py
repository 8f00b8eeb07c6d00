"""On the day after, drivers see their doors again, and it costs little."""

from benchmarks.routing.stability import two_days
from fulfillment.routing.search import SolveParams

# By count and not by clock: the same plans on every machine. The figure for days
# of real size is the benchmark's (benchmarks/routing/stability.py).
PARAMS = SolveParams(seconds=120, seed=1, iterations=6_000)


def test_four_doors_in_five_keep_their_driver_for_less_than_two_percent() -> None:
    stability, _day, _plan = two_days(60, PARAMS)

    assert stability.known > 40
    assert stability.kept_percent >= 80
    assert stability.kept_without < stability.kept
    assert stability.extra_percent < 2
