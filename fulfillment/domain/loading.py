"""Loading: what is missing with a tote that nobody finds at the vehicle."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from fulfillment.domain.sealing import ToteRow
from fulfillment.errors import TotesMissing
from orders.domain.storage import StorageClass

# SKU → pieces.
Pieces = Mapping[int, int]


def missing_pieces(
    *,
    totes: Iterable[ToteRow],
    missing: Collection[int],
    contents: Mapping[StorageClass, Pieces],
    named: Mapping[int, Pieces],
) -> dict[int, dict[int, int]]:
    """Return tote → SKU → pieces that do not travel, for the missing totes of one drop.

    Parameters
    ----------
    totes
        All sealed totes of the drop.
    missing
        Keys of those that are not on the vehicle.
    contents
        What the drop holds, per storage class.
    named
        What the supervisor says was in a missing tote.

    Notes
    -----
    The only tote of its class held all goods of the class. Of several, nobody
    can know, so somebody has to say; and where all of them are missing, what
    is said must come to all goods of the class.

    Raises
    ------
    TotesMissing
        If a tote's goods are not named, are more than the drop holds, or do
        not come to the whole; `tote` or `storage` says where.
    """
    of_class: dict[StorageClass, list[int]] = {}
    for tote in totes:
        of_class.setdefault(tote.storage, []).append(tote.key)
    found: dict[int, dict[int, int]] = {}
    for storage, keys in of_class.items():
        gone = [key for key in keys if key in missing]
        held = {sku: qty for sku, qty in contents.get(storage, {}).items() if qty > 0}
        if len(keys) == 1 and gone:
            found[gone[0]] = held
            continue
        said = {key: _named(key, named) for key in gone}
        _require_held(storage, said, held, are_all_gone=len(gone) == len(keys))
        found |= said
    return found


def _named(key: int, named: Mapping[int, Pieces]) -> dict[int, int]:
    pieces = {sku: qty for sku, qty in named.get(key, {}).items() if qty}
    if not pieces or min(pieces.values()) < 0:
        raise TotesMissing("Say what is in the missing tote.", tote=key)
    return pieces


def _require_held(
    storage: StorageClass, said: Mapping[int, Pieces], held: Pieces, *, are_all_gone: bool
) -> None:
    total: Counter[int] = Counter()
    for pieces in said.values():
        total.update(pieces)
    if any(qty > held.get(sku, 0) for sku, qty in total.items()):
        raise TotesMissing("So many pieces were not in this slot.", storage=str(storage))
    if said and are_all_gone and dict(total) != dict(held):
        raise TotesMissing(
            "All totes of this class are missing: name all of its pieces.", storage=str(storage)
        )
