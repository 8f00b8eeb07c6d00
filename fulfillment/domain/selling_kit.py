"""What a leader has to say to the group, as plain figures.

Prices are fen, moments aware. Everything is of the leader's own group but
`left_qty`, which is what the whole sale has left of a capped offer.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

# Fewer pieces than this are worth a word; more would be noise.
NEARLY_GONE_QTY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KitGoods:
    """One offer that can be bought, or will be later in the sale.

    `left_qty` is None without a cap, `limit_qty` without a limit per resident.
    """

    offer_id: int
    sku_code: str
    name: str
    unit: str
    category: str
    origin: str
    price_fen: int
    per_500g_fen: int
    left_qty: int | None
    limit_qty: int | None
    sold_qty: int
    photo: str

    @property
    def is_nearly_gone(self) -> bool:
        """Whether so few are left that the group should know."""
        return self.left_qty is not None and 0 < self.left_qty <= NEARLY_GONE_QTY


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSale:
    """A sale that takes orders at `now`; `households` and `pieces` are paid for."""

    campaign_id: int
    campaign_code: str
    delivery_date: date
    orders_close_at: datetime
    points: tuple[str, ...]
    goods: tuple[KitGoods, ...]
    households: int
    pieces: int
    address: str
    now: datetime

    @property
    def nearly_gone(self) -> tuple[KitGoods, ...]:
        """What is nearly sold out, the scarcest first."""
        scarce = (goods for goods in self.goods if goods.is_nearly_gone)
        return tuple(sorted(scarce, key=lambda goods: (goods.left_qty or 0, goods.sku_code)))

    @property
    def most_wanted(self) -> tuple[KitGoods, ...]:
        """What the group has bought, the most bought first."""
        bought = (goods for goods in self.goods if goods.sold_qty)
        return tuple(sorted(bought, key=lambda goods: (-goods.sold_qty, goods.sku_code)))

    @property
    def left(self) -> timedelta:
        """How long orders are still taken."""
        return self.orders_close_at - self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class KitArrival:
    """The goods of a campaign at one pickup point, there or on the way.

    `arrived_at` is None until the driver handed over; `expected` is the window
    the leader was told, if a route is planned.
    """

    campaign_id: int
    campaign_code: str
    point_id: int
    point: str
    place: str
    orders: int
    arrived_at: datetime | None
    expected: tuple[datetime, datetime] | None
    closes: str
    example_code: str
    shortages: tuple[tuple[str, int], ...]
    address: str


def hours_and_minutes(span: timedelta) -> tuple[int, int]:
    """Return a span as whole hours and minutes, rounded down; nothing below zero."""
    minutes = max(0, int(span.total_seconds()) // 60)
    return minutes // 60, minutes % 60
