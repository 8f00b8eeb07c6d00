"""A drop that fits no vehicle travels in parts: what of it each part takes."""

from collections.abc import Sequence


def shared_load(planned: Sequence[int], total: int, *, least: int = 0) -> tuple[int, ...]:
    """Return how much of `total` each part takes, in the order of the parts.

    A plan is made before anybody packs. What comes on top goes with the last
    part; what is missing is missing from the last parts first.

    Parameters
    ----------
    planned
        What each part was to take; at least one part.
    total
        What there is.
    least
        What every part keeps; the parts together no more than `total`.
    """
    shares = [max(least, load) for load in planned]
    surplus = sum(shares) - total
    if surplus < 0:
        shares[-1] -= surplus
    for part in reversed(range(len(shares))):
        given = min(max(0, surplus), shares[part] - least)
        shares[part] -= given
        surplus -= given
    return tuple(shares)


def shared_totes(planned: Sequence[int], sealed: int) -> tuple[int, ...]:
    """Return how many of `sealed` totes each part takes; none comes in vain if it can be helped."""
    return shared_load(planned, sealed, least=1 if sealed >= len(planned) else 0)
