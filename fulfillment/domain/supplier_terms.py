"""What a supplier asks for goods: whole packs, a price by quantity, a least order."""

from dataclasses import dataclass

from fulfillment.errors import PurchaseTermsNotUsable


@dataclass(frozen=True, slots=True)
class PriceTier:
    """A cost per piece for orders of so many pieces or more."""

    from_qty: int
    unit_cost_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierTerms:
    """What a supplier asks for one SKU.

    Parameters
    ----------
    supplier_code, sku_code
        Who sells what.
    pack_factor
        Pieces in a pack, 1 or more; only whole packs are sold.
    unit_cost_fen
        Cost of a piece, 0 or more, for orders that reach no tier.
    rank
        The buyer's preference: a lower rank is asked first, whatever it costs.
    min_order_qty
        Pieces the supplier wants ordered at least; 0 for no such wish.
    tiers
        Costs by quantity, in any order.

    Raises
    ------
    PurchaseTermsNotUsable
        If pack, cost or least order is outside its range.
    """

    supplier_code: str
    sku_code: str
    pack_factor: int
    unit_cost_fen: int
    rank: int = 0
    min_order_qty: int = 0
    tiers: tuple[PriceTier, ...] = ()

    def __post_init__(self) -> None:
        costs = (self.unit_cost_fen, *(tier.unit_cost_fen for tier in self.tiers))
        if self.pack_factor < 1 or min(costs) < 0 or self.min_order_qty < 0:
            raise PurchaseTermsNotUsable(
                "A pack holds at least one piece and costs nothing or more.",
                supplier_code=self.supplier_code,
                sku_code=self.sku_code,
                pack_factor=self.pack_factor,
                unit_cost_fen=self.unit_cost_fen,
            )

    def packs_for(self, qty: int) -> int:
        """Return the fewest whole packs that hold so many pieces."""
        return -(-qty // self.pack_factor)

    def unit_cost_at(self, ordered_qty: int) -> int:
        """Return the cost of a piece, in fen, when so many are ordered.

        It is the lowest cost whose quantity is reached, so that ordering more
        never makes a piece dearer, whatever was typed into the tiers.
        """
        reached = (tier.unit_cost_fen for tier in self.tiers if ordered_qty >= tier.from_qty)
        return min((self.unit_cost_fen, *reached))

    def cost_of(self, need_qty: int) -> int:
        """Return what the supplier gets for a need, in fen: its packs, or the least order's."""
        packs = self.packs_for(max(need_qty, self.min_order_qty))
        ordered_qty = packs * self.pack_factor
        return ordered_qty * self.unit_cost_at(ordered_qty)
