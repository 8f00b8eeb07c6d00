"""D7 装车单: what goes into the vehicle, last stop first."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.papers.paper import Stamp, Totes


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStop:
    """One leader's goods on the vehicle; `bulky` counts loose big items."""

    stop_seq: int
    slot: str
    leader_name: str
    point_name: str
    totes: Totes
    bulky: int
    pieces: int
    weight_g: int
    lane: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSheetContent:
    """One vehicle trip; times are aware, in the zone to print."""

    stamp: Stamp
    route: str
    plate: str
    vehicle: str
    driver: str
    capacity_g: int
    capacity_totes: int
    departs_at: datetime
    stops: tuple[LoadStop, ...]
