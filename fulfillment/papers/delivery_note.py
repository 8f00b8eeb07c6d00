"""D9 配送签收单: what the leader signs for; one copy stays, one goes back."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.papers.paper import Stamp, Storage, Totes


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One SKU handed over; `tote` is empty until totes are sealed."""

    tote: str
    storage: Storage
    sku_code: str
    name: str
    unit: str
    ordered_qty: int
    shipped_qty: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNote:
    """One leader's drop; times are aware, in the zone to print."""

    stamp: Stamp
    route: str
    slot: str
    stop_seq: int
    stops: int
    leader_name: str
    point_name: str
    address: str
    phone: str
    arrive_from: datetime
    arrive_to: datetime
    totes: Totes
    claim_until: datetime
    service_phone: str
    lines: tuple[NoteLine, ...]
