"""A drop that fits no vehicle travels in parts: what of it each part takes."""

from collections.abc import Mapping, Sequence

from orders.domain.storage import StorageClass

_COLD = (StorageClass.FROZEN, StorageClass.CHILL)


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


def shared_classes(
    parts: Sequence[int], totes: Mapping[StorageClass, int], cold_room: Sequence[int]
) -> list[dict[StorageClass, int]]:
    """Return which totes each part had best take: cold ones go where they stay cold.

    Parameters
    ----------
    parts
        Totes of each part; together no more than `totes`.
    totes
        Of the whole drop, by class.
    cold_room
        How many totes each part's vehicle keeps cold. What finds no such room
        goes with the first parts that have any.
    """
    left = [*parts]
    shares: list[dict[StorageClass, int]] = [dict.fromkeys(StorageClass, 0) for _ in parts]
    waiting = {storage: totes.get(storage, 0) for storage in StorageClass}

    def fill(part: int, storage: StorageClass, most: int) -> None:
        taken = max(0, min(waiting[storage], left[part], most))
        waiting[storage] -= taken
        left[part] -= taken
        shares[part][storage] += taken

    for part, room in enumerate(cold_room):
        for storage in _COLD:
            fill(part, storage, room - sum(shares[part].values()))
    for part, room in enumerate(left):
        for storage in (*_COLD, StorageClass.AMBIENT):
            fill(part, storage, room)
    return shares
