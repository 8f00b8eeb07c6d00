"""Baskets as the cart and the checkout show them: lines with amounts, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orders.domain.shelf import BasketChange, KeptLine, basket_review
from orders.models.campaigns import Campaign
from orders.selectors.storefront import CampaignOnSale, ShelfItem


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line of a basket with the offer it asks for."""

    item: ShelfItem
    qty: int

    @property
    def amount_fen(self) -> int:
        """What the line costs now."""
        return self.qty * self.item.terms.price_fen

    @property
    def may_have_more(self) -> bool:
        """Whether stock and limit allow another piece."""
        return self.qty < self.item.terms.most_on_sale


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """One campaign's basket as it can be ordered now."""

    shown: CampaignOnSale
    lines: tuple[CartLine, ...]
    changes: tuple[BasketChange, ...]

    @property
    def campaign(self) -> Campaign:
        """The campaign it belongs to."""
        return self.shown.campaign

    @property
    def total_fen(self) -> int:
        """What it costs."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def pieces(self) -> int:
        """Pieces of all lines."""
        return sum(line.qty for line in self.lines)

    @property
    def kept(self) -> list[KeptLine]:
        """The lines as the session keeps them."""
        return [
            KeptLine(line.item.terms.offer_id, line.qty, line.item.terms.price_fen)
            for line in self.lines
        ]

    @property
    def return_excluded(self) -> list[ShelfItem]:
        """The goods in it that are not taken back without a reason."""
        return [line.item for line in self.lines if line.item.is_return_excluded]


@dataclass(frozen=True, slots=True)
class CartSum:
    """All baskets together, for the bar at the foot of the shop."""

    pieces: int
    total_fen: int


def cart_of(shown: CampaignOnSale, kept: Sequence[KeptLine], now: datetime) -> Cart:
    """One basket, held against what the campaign sells now."""
    review = basket_review(kept, shown.terms, now)
    items = shown.items
    return Cart(
        shown=shown,
        lines=tuple(CartLine(items[line.offer_id], line.qty) for line in review.lines),
        changes=review.changes,
    )


def carts_of(
    campaigns: Sequence[CampaignOnSale], kept: Mapping[int, Sequence[KeptLine]], now: datetime
) -> tuple[Cart, ...]:
    """The baskets that have something in them or lost it just now, in order of arrival."""
    carts = (cart_of(shown, kept.get(shown.campaign.pk, ()), now) for shown in campaigns)
    return tuple(cart for cart in carts if cart.lines or cart.changes)


def cart_sum(campaigns: Sequence[CampaignOnSale]) -> CartSum:
    """Pieces and fen of what is in the baskets and can still be ordered."""
    items = [
        item
        for shown in campaigns
        if shown.is_ordering
        for item in shown.items.values()
        if item.basket_qty
    ]
    return CartSum(
        pieces=sum(item.basket_qty for item in items),
        total_fen=sum(item.basket_qty * item.terms.price_fen for item in items),
    )
