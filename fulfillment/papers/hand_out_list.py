"""D10 提货清单: the leader's list for handing out, in the three sorts in use."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fulfillment.papers.paper import Stamp


class HandOutSort(StrEnum):
    """The three orders of lines that leaders use."""

    HOUSEHOLD = "building_room_product"
    BUILDING = "building_product_room"
    PRODUCT = "product_building_room"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutLine:
    """What one resident gets of one SKU; name and phone are masked when printed."""

    building: str
    room: str
    pickup_no: str
    resident_name: str
    resident_phone: str
    sku_code: str
    name: str
    unit: str
    qty: int
    short_qty: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutList:
    """One leader's residents; `shipped_qty` is the delivery note's figure."""

    stamp: Stamp
    slot: str
    leader_name: str
    point_name: str
    pickup_on: date
    pickup_window: str
    shipped_qty: int
    lines: tuple[HandOutLine, ...]
