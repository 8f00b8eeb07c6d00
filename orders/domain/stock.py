"""How the pieces of a capped offer are spread over its buckets.

One bucket is one row that every buyer of a hot offer waits for; with several,
buyers wait for one another less. The shares are exact: together the buckets
hold the cap, no piece more and none less.
"""

from collections.abc import Sequence

from leaders.domain.promises import ensure
from orders.errors import QuantityNotPositive


def bucket_caps(cap_qty: int, buckets: int) -> list[int]:
    """Return how many pieces each bucket holds: equal but for one, in sum `cap_qty`."""
    if buckets < 1 or cap_qty < 0:
        raise QuantityNotPositive("Stock has at least one bucket.", buckets=buckets)
    least, left_over = divmod(cap_qty, buckets)
    caps = [least + (bucket < left_over) for bucket in range(buckets)]
    ensure(sum(caps) == cap_qty, "the buckets hold every piece of the cap and none more")
    return caps


def spread(qty: int, room: Sequence[int]) -> list[int] | None:
    """Spread pieces over buckets, the earlier bucket first.

    Parameters
    ----------
    qty
        Pieces to place, 0 or more.
    room
        How many each bucket can take (or, when pieces are given back, how
        many it has to give), each 0 or more.

    Returns
    -------
    list of int or None
        Pieces per bucket, in sum `qty`; None if they do not fit.
    """
    if qty > sum(room):
        return None
    taken = []
    left = qty
    for free in room:
        taken.append(min(left, free))
        left -= taken[-1]
    ensure(sum(taken) == qty, "no piece is lost between two buckets")
    return taken
