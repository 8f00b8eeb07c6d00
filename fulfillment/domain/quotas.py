"""Webster's divisors: a supply shared over points by what each asked for.

House monotone: one more piece never takes a piece from any point. The worked
example is in docs/algorithms/allocation.md.

Sources
-------
Webster 1832, Sainte-Laguë 1910: divisors 1, 3, 5, …; M. L. Balinski and
H. P. Young, "Fair Representation" (1982), for why divisor methods are house
monotone and largest remainder is not.
"""

import heapq
from collections.abc import Mapping

# Priorities are compared as integers D·2⁶⁴ ÷ (2a+1). Two different fractions
# with denominators under 2³² differ by more than 2⁻⁶⁴, so no two are mixed up
# and equal ones stay equal.
PRIORITY_SCALE_BITS = 64


def webster_quotas(
    demands: Mapping[str, int], supply_qty: int, locked: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Share a supply over points by Webster's divisors, capped at the demand.

    Piece by piece, the next one goes to the point with the largest demand per
    2a + 1, where a is what it has; equal ones go to the larger demand, then
    to the lower code.

    Parameters
    ----------
    demands
        Pieces asked for per point code, 0 or more each.
    supply_qty
        Pieces to share, the locked ones included.
    locked
        Pieces a point has already; it keeps them.

    Returns
    -------
    dict
        Pieces per point code; they sum to the supply, or to the demand where
        that is less.
    """
    fixed = locked or {}
    quotas = {point: fixed.get(point, 0) for point in demands}
    heap = [
        _priority(demand, quotas[point], point)
        for point, demand in demands.items()
        if quotas[point] < demand
    ]
    heapq.heapify(heap)
    for _ in range(supply_qty - sum(quotas.values())):
        if not heap:
            break
        point = heap[0][2]
        quotas[point] += 1
        if quotas[point] < demands[point]:
            heapq.heapreplace(heap, _priority(demands[point], quotas[point], point))
        else:
            heapq.heappop(heap)
    return quotas


def _priority(demand: int, held: int, point: str) -> tuple[int, int, str]:
    return (-((demand << PRIORITY_SCALE_BITS) // (2 * held + 1)), -demand, point)
