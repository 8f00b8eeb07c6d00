"""D2 收货单: what a supplier should bring, what was counted at the dock."""

from dataclasses import dataclass
from datetime import date

from fulfillment.papers.paper import Party, Stamp, Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingLine:
    """One SKU at the dock; `None` figures are not counted yet and print blank."""

    storage: Storage
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    expected_qty: int
    need_qty: int
    weighed: bool = False
    arrived_qty: int | None = None
    rejected_qty: int | None = None
    accepted_qty: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingSheetContent:
    """One supplier's arrival; `blind` hides the expected figures from the counter."""

    stamp: Stamp
    supplier: Party
    purchase_order: str
    delivery_on: date
    arrives_at: str
    dock: str
    blind: bool
    lines: tuple[ReceivingLine, ...]
