"""D8 路线单: the driver's way, stop by stop."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.papers.paper import Stamp, Totes


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStop:
    """One stop; times are aware, in the zone to print.

    `arrive_from` and `arrive_to` are the window told to the leader,
    `phone` is the leader's number (printed masked, its QR calls it),
    `map_link` opens the place on a phone.
    """

    stop_seq: int
    slot: str
    arrive_from: datetime
    arrive_to: datetime
    distance_m: int
    leader_name: str
    point_name: str
    address: str
    phone: str
    access_note: str
    specials: str
    totes: Totes
    bulky: int
    pieces: int
    map_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSheetContent:
    """One vehicle trip from the warehouse and back."""

    stamp: Stamp
    route: str
    plate: str
    vehicle: str
    driver: str
    warehouse: str
    departs_at: datetime
    returns_at: datetime
    distance_m: int
    service_phone: str
    stops: tuple[RouteStop, ...]
