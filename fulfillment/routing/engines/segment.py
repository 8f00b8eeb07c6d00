"""Time windows of a whole sequence in three numbers, joined in constant time.

References
----------
Vidal, T. et al. (2013). A hybrid genetic algorithm with adaptive diversity
management for a large class of vehicle routing problems with time windows.
*Computers & Operations Research*, 40(1), section 4.3.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A sequence of visits as one piece of time.

    Started anywhere within ``[early_s, late_s]`` it takes `busy_s`, its least
    possible duration; started before, it waits; after, it is late.
    """

    busy_s: int
    early_s: int
    late_s: int


def join(first: Segment, second: Segment, drive_s: int) -> Segment | None:
    """Return `first`, a drive and `second` as one segment, or None if that is late."""
    reach_s = first.busy_s + drive_s
    if first.early_s + reach_s > second.late_s:
        return None
    wait_s = max(second.early_s - reach_s - first.late_s, 0)
    return Segment(
        busy_s=reach_s + wait_s + second.busy_s,
        early_s=max(second.early_s - reach_s, first.early_s) - wait_s,
        late_s=min(second.late_s - reach_s, first.late_s),
    )
