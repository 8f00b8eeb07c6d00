"""How many totes a pickup point needs.

An estimate from volume and weight: it sizes vehicles and floor lanes, and is
replaced by the sealed totes. The worked example is in
docs/algorithms/totes.md.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fulfillment.errors import CountNegative
from orders.domain.storage import StorageClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToteSpec:
    """What one tote takes: 60 l filled to 80 %, 20 kg.

    Raises
    ------
    CountNegative
        If a tote would take nothing.
    """

    fill_ml: int = 48_000
    max_weight_g: int = 20_000

    def __post_init__(self) -> None:
        if self.fill_ml < 1 or self.max_weight_g < 1:
            raise CountNegative("A tote takes at least 1 ml and 1 g.")


STANDARD_TOTE = ToteSpec()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointGoods:
    """Goods of one SKU allocated to one pickup point.

    Parameters
    ----------
    point_code
        The pickup point.
    storage
        How the goods are kept; classes never share a tote.
    qty
        Pieces, 0 or more.
    unit_weight_g, unit_volume_ml
        Of one piece, 0 or more.

    Raises
    ------
    CountNegative
        If a figure is below 0.
    """

    point_code: str
    storage: StorageClass
    qty: int
    unit_weight_g: int
    unit_volume_ml: int

    def __post_init__(self) -> None:
        if min(self.qty, self.unit_weight_g, self.unit_volume_ml) < 0:
            raise CountNegative("Goods have no negative count, weight or volume.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTotes:
    """Totes, weight and volume of one pickup point.

    Parameters
    ----------
    ambient, chill, frozen
        Totes per storage class.
    weight_g, volume_ml
        Of the goods, without the totes themselves.
    """

    ambient: int
    chill: int
    frozen: int
    weight_g: int
    volume_ml: int


def totes_for(*, volume_ml: int, weight_g: int, spec: ToteSpec = STANDARD_TOTE) -> int:
    """Return max(⌈volume / fill⌉, ⌈weight / limit⌉); no goods need no tote."""
    return max(-(-volume_ml // spec.fill_ml), -(-weight_g // spec.max_weight_g))


def count_totes(
    goods: Iterable[PointGoods], spec: ToteSpec = STANDARD_TOTE
) -> dict[str, PointTotes]:
    """Return the totes of every pickup point with goods, in order of code."""
    volume_ml: Counter[tuple[str, StorageClass]] = Counter()
    weight_g: Counter[tuple[str, StorageClass]] = Counter()
    points = set()
    for item in goods:
        if item.qty:
            points.add(item.point_code)
            volume_ml[item.point_code, item.storage] += item.qty * item.unit_volume_ml
            weight_g[item.point_code, item.storage] += item.qty * item.unit_weight_g
    result = {}
    for point in sorted(points):
        totes = {
            storage: totes_for(
                volume_ml=volume_ml[point, storage], weight_g=weight_g[point, storage], spec=spec
            )
            for storage in StorageClass
        }
        result[point] = PointTotes(
            ambient=totes[StorageClass.AMBIENT],
            chill=totes[StorageClass.CHILL],
            frozen=totes[StorageClass.FROZEN],
            weight_g=sum(weight_g[point, storage] for storage in StorageClass),
            volume_ml=sum(volume_ml[point, storage] for storage in StorageClass),
        )
    return result
