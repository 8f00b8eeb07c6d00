"""D5 分拣单: everything one leader gets, for the picker and the checker of the slot."""

from dataclasses import dataclass
from enum import IntEnum

from fulfillment.papers.paper import Stamp, Storage, Totes


class LoadClass(IntEnum):
    """What goes into the tote first."""

    HEAVY = 0
    NORMAL = 1
    FRAGILE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One SKU of the leader; `qty` 0 with a shortage stays visible."""

    storage: Storage
    load_class: LoadClass
    place: str
    sku_code: str
    name: str
    unit: str
    weight_g: int
    qty: int
    short_qty: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList:
    """One leader's slot."""

    stamp: Stamp
    wave: str
    route: str
    slot: str
    leader_name: str
    point_name: str
    totes: Totes
    lines: tuple[CheckLine, ...]
