"""What a shelf says of an offer: whether it sells now, how much of it, at what price.

Moments are arguments and aware, prices are fen, weights grams. The shelf only
shows; the placement of an order checks everything again under its locks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# One order line never asks for more than this, whatever is left.
QTY_MAX = 99
PRICED_WEIGHT_G = 500
# By consumer law fresh and perishable goods are not taken back without a
# reason. Cold goods are perishable; of the others, those of these shelves are.
FRESH_WORDS = (*"鲜菜瓜茄豆菌菇果肉禽蛋乳奶", "根茎", "水产")
NOT_FRESH_WORDS = ("干货", "坚果", "零食", "罐头", "糖果", "调味", "饮料")
# Drawn pictures stand in for photos; the first word found in the category wins.
PICTURE_WORDS = (
    ("leaf", ("叶", "蔬", "青菜")),
    ("egg", ("蛋", "禽")),
    ("tofu", ("豆制", "豆腐")),
    ("root", ("根茎", "薯", "萝卜")),
    ("tomato", ("瓜", "茄", "豆")),
    ("mushroom", ("菌", "菇")),
    ("snack", ("零食", "坚果", "糕", "糖")),
    ("fruit", ("果",)),
    ("fish", ("水产", "海鲜", "鱼", "虾")),
    ("meat", ("肉",)),
    ("milk", ("乳", "奶")),
    ("ice", ("冻", "冰")),
    ("grain", ("米", "面", "粮", "油")),
    ("sauce", ("调味", "酱", "醋")),
    ("drink", ("饮", "茶", "水", "酒")),
    ("home", ("日用", "纸", "清洁", "百货")),
    ("leaf", ("菜",)),
)
PICTURE_BY_STORAGE = {"chill": "milk", "frozen": "ice"}


class SaleState(StrEnum):
    """Whether an offer can be put into a basket at a moment."""

    UPCOMING = "upcoming"
    ON_SALE = "on_sale"
    SOLD_OUT = "sold_out"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """One offer's terms as residents read them.

    `left_qty` is None for an offer without a cap, `limit_qty` for one without
    a limit per resident; `bought_qty` is what this resident has ordered of it.
    `sells_from` and `sells_until` bound a flash-sale slot inside the window
    of the campaign, whose own ends are `opens_at` and `orders_close_at`.
    """

    offer_id: int
    name: str
    price_fen: int
    opens_at: datetime
    orders_close_at: datetime
    sells_from: datetime | None = None
    sells_until: datetime | None = None
    left_qty: int | None = None
    limit_qty: int | None = None
    bought_qty: int = 0

    def state_at(self, now: datetime) -> SaleState:
        """Return whether it sells at a moment; the very second of an end is refused."""
        if now >= self.orders_close_at or (self.sells_until and now >= self.sells_until):
            return SaleState.ENDED
        if self.left_qty == 0:
            return SaleState.SOLD_OUT
        if now < self.opens_at or (self.sells_from and now < self.sells_from):
            return SaleState.UPCOMING
        return SaleState.ON_SALE

    def most_qty(self, now: datetime) -> int:
        """Return how many pieces one basket may hold at a moment, 0 or more."""
        return self.most_on_sale if self.state_at(now) is SaleState.ON_SALE else 0

    @property
    def most_on_sale(self) -> int:
        """Return how many pieces one basket may hold while the offer sells, 0 or more."""
        bounds = [QTY_MAX]
        if self.left_qty is not None:
            bounds.append(self.left_qty)
        if self.limit_qty is not None:
            bounds.append(max(0, self.limit_qty - self.bought_qty))
        return min(bounds)


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One line of a basket with the price it was put in at."""

    offer_id: int
    qty: int
    price_fen: int


class ChangeKind(StrEnum):
    """What became of a line since it was put into the basket."""

    GONE = "gone"
    FEWER = "fewer"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class BasketChange:
    """One change that the resident is told: pieces, or fen for a new price."""

    kind: ChangeKind
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class BasketReview:
    """A basket as it can be ordered now, and what was changed to make it so."""

    lines: tuple[KeptLine, ...]
    changes: tuple[BasketChange, ...]


def basket_review(
    kept: Sequence[KeptLine], terms: Mapping[int, OfferTerms], now: datetime
) -> BasketReview:
    """Hold a basket against today's terms.

    Lines whose offer is unknown, over or sold out fall out, lines that ask
    for more than there is or than one may have are cut, and lines whose price
    changed get the new one. An unknown offer is told by an empty name.
    """
    lines: list[KeptLine] = []
    changes: list[BasketChange] = []
    for line in kept:
        offer = terms.get(line.offer_id)
        most = offer.most_qty(now) if offer else 0
        if offer is None or most == 0:
            name = offer.name if offer else ""
            changes.append(BasketChange(ChangeKind.GONE, name, line.qty, 0))
            continue
        if line.qty > most:
            changes.append(BasketChange(ChangeKind.FEWER, offer.name, line.qty, most))
        if line.price_fen != offer.price_fen:
            changes.append(
                BasketChange(ChangeKind.PRICE, offer.name, line.price_fen, offer.price_fen)
            )
        lines.append(KeptLine(offer.offer_id, min(line.qty, most), offer.price_fen))
    return BasketReview(tuple(lines), tuple(changes))


def price_per_500g_fen(price_fen: int, weight_g: int) -> int:
    """Return what 500 g of a pack cost in fen, a half rounded up; the weight is positive."""
    return (2 * price_fen * PRICED_WEIGHT_G + weight_g) // (2 * weight_g)


def is_return_excluded(category: str, storage: str) -> bool:
    """Return whether goods are fresh and so not taken back without a reason.

    Everything chilled or frozen is; of ambient goods, those whose category
    names something fresh (`FRESH_WORDS`) and nothing dried or packed
    (`NOT_FRESH_WORDS`). Faults of the goods are another matter: for those
    every line can be claimed.
    """
    if storage in ("chill", "frozen"):
        return True
    if any(word in category for word in NOT_FRESH_WORDS):
        return False
    return any(word in category for word in FRESH_WORDS)


def picture_of(category: str, storage: str) -> str:
    """Return which drawn picture stands in for a photo; `box` if nothing fits."""
    for picture, words in PICTURE_WORDS:
        if any(word in category for word in words):
            return picture
    return PICTURE_BY_STORAGE.get(storage, "box")
