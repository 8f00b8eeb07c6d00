"""D3 总分单: how much of each SKU goes to each route; the supervisor's control paper."""

from dataclasses import dataclass
from datetime import date

from fulfillment.papers.paper import Stamp, Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRow:
    """One SKU of the wave.

    `place` is the bin, or the arrival time of goods without one;
    `route_qty` runs parallel to the routes of the content.
    """

    storage: Storage
    place: str
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    need_qty: int
    accepted_qty: int
    route_qty: tuple[int, ...]

    @property
    def allocated_qty(self) -> int:
        """What all routes together get."""
        return sum(self.route_qty)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterListContent:
    """One wave; `allocated_qty` is the wave's figure to check the sums against."""

    stamp: Stamp
    wave: str
    warehouse: str
    delivery_on: date
    allocated_qty: int
    routes: tuple[str, ...]
    rows: tuple[MasterRow, ...]
