"""What the residents of the demo town put into their baskets, and when.

Nobody breaks a limit or a cap here: the town is a day as the storefront would
have taken it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fulfillment.domain.demo_town.dice import Dice
from fulfillment.domain.demo_town.goods import Deal
from fulfillment.domain.demo_town.people import DemoResident

# Orders per hour of the day as weights: a look after breakfast, a look at
# lunch, and the rush between supper and the close.
HOUR_WEIGHTS = (
    (7, 3),
    (8, 4),
    (9, 4),
    (10, 3),
    (11, 5),
    (12, 7),
    (13, 4),
    (14, 3),
    (15, 3),
    (16, 4),
    (17, 6),
    (18, 9),
    (19, 14),
    (20, 17),
    (21, 20),
    (22, 16),
)
LAST_HOUR = 22
LAST_MINUTE = 57

BASKET_SIZES = (
    # lines, weight
    (1, 8),
    (2, 12),
    (3, 15),
    (4, 16),
    (5, 14),
    (6, 11),
    (7, 8),
    (8, 6),
    (9, 4),
    (10, 3),
    (11, 2),
    (12, 1),
)
QUANTITIES = ((1, 74), (2, 19), (3, 5), (4, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSku:
    """An article with everything a basket needs to know about it."""

    code: str
    price_fen: int
    pack_factor: int
    supplier_code: str
    appeal: int
    deal: Deal


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """One paid order; `lines` are article and quantity."""

    order_no: str
    resident: DemoResident
    placed_at: datetime
    paid_at: datetime
    lines: tuple[tuple[DemoSku, int], ...]


@dataclass(slots=True)
class _Shop:
    """What is still to be had, and who has had how much."""

    skus: tuple[DemoSku, ...]
    dice: Dice
    sold: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bought: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def take(self, resident: DemoResident, sku: DemoSku) -> int:
        """Pieces of `sku` that go into the basket of `resident`; 0 where none may."""
        wanted = self.dice.weighted(
            [qty for qty, _ in QUANTITIES], [weight for _, weight in QUANTITIES]
        )
        taken = min(wanted, sku.deal.per_resident_limit - self.bought[resident.code, sku.code])
        if sku.deal.stock_cap is not None:
            taken = min(taken, sku.deal.stock_cap - self.sold[sku.code])
        taken = max(taken, 0)
        self.bought[resident.code, sku.code] += taken
        self.sold[sku.code] += taken
        return taken

    def basket(self, resident: DemoResident) -> tuple[tuple[DemoSku, int], ...]:
        """A basket of different articles, at least one."""
        wanted = self.dice.weighted(
            [lines for lines, _ in BASKET_SIZES], [weight for _, weight in BASKET_SIZES]
        )
        appeals = [sku.appeal for sku in self.skus]
        basket: dict[str, tuple[DemoSku, int]] = {}
        while len(basket) < wanted:
            sku = self.dice.weighted(self.skus, appeals)
            if sku.code not in basket and (qty := self.take(resident, sku)):
                basket[sku.code] = (sku, qty)
        return tuple(basket[code] for code in sorted(basket))


def build_orders(
    count: int,
    *,
    day: datetime,
    residents: tuple[DemoResident, ...],
    skus: tuple[DemoSku, ...],
    dice: Dice,
) -> tuple[DemoOrder, ...]:
    """`count` orders of one sales day in the order they were placed.

    `day` is local midnight, aware. Every resident orders once before anybody
    orders a second time.
    """
    buyers: list[DemoResident] = []
    while len(buyers) < count:
        buyers.extend(dice.shuffled(residents)[: count - len(buyers)])
    moments = sorted(_moment(day, dice) for _ in range(count))
    shop = _Shop(skus, dice)
    orders = []
    for number, (moment, resident) in enumerate(zip(moments, buyers, strict=True), start=1):
        orders.append(
            DemoOrder(
                order_no=f"{day:%y%m%d}{number:05d}",
                resident=resident,
                placed_at=moment,
                paid_at=moment + timedelta(seconds=dice.between(9, 115)),
                lines=shop.basket(resident),
            )
        )
    return tuple(orders)


def _moment(day: datetime, dice: Dice) -> datetime:
    hour = dice.weighted([hour for hour, _ in HOUR_WEIGHTS], [weight for _, weight in HOUR_WEIGHTS])
    minutes = LAST_MINUTE if hour == LAST_HOUR else 60
    seconds = dice.below(minutes * 60)
    return day + timedelta(hours=hour, seconds=seconds)
