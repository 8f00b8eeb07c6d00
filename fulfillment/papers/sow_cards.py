"""D4 播种单: one SKU, one pallet, every slot that gets some of it."""

from dataclasses import dataclass

from fulfillment.papers.paper import Stamp, Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class SowDrop:
    """What one slot gets of the SKU; `qty` 0 with a shortage stays visible."""

    route: str
    slot: str
    qty: int
    short_qty: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SowCard:
    """One SKU of a wave; `allocated_qty` is the figure to check the drops against."""

    stamp: Stamp
    wave: str
    sku_code: str
    name: str
    unit: str
    storage: Storage
    pack_factor: int
    allocated_qty: int
    accepted_qty: int
    drops: tuple[SowDrop, ...]
