"""D1 采购单: exactly what was sold, ordered from one supplier."""

from dataclasses import dataclass
from datetime import date

from fulfillment.papers.paper import Party, Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderLine:
    """One SKU to buy; `ordered_qty` is `packs` times `pack_factor`."""

    supplier_code: str
    sku_code: str
    name: str
    unit: str
    pack_factor: int
    packs: int
    ordered_qty: int
    need_qty: int
    unit_cost_fen: int
    weight_g: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderContent:
    """One purchase order; `min_order_fen` 0 means the supplier has no minimum."""

    stamp: Stamp
    supplier: Party
    buyer: Party
    delivery_on: date
    window: str
    dock: str
    min_order_fen: int
    lines: tuple[PurchaseOrderLine, ...]
