"""What a piece costs until it is in a resident's hands, and what it leaves.

Landed cost (落地成本) = what the supplier asks + carrying it in, by weight +
what falls due on the price itself: commission, the reserve for refunds and
the provider's fee.

Every rounding goes against us. Carrying in is rounded up to the fen. The
parts of the price are rounded up once, together, and then shared out exactly:
rounding each of them up by itself would let a landed cost jump by more than
the price was raised, and a dearer price could be the one below cost.
"""

from dataclasses import dataclass

from orders.domain.money import share_fen
from orders.price_errors import PriceTermsInvalid

BP_WHOLE = 10_000
GRAMS_PER_KG = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRates:
    """What the operator reckons with beside the supplier's price.

    Parameters
    ----------
    inbound_fen_per_kg
        Carrying a kilogram into the warehouse.
    refund_reserve_bp
        The part of a price that goes back for what is short or bad.
    payment_fee_bp
        What the payment provider keeps.
    """

    inbound_fen_per_kg: int
    refund_reserve_bp: int
    payment_fee_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceCost:
    """A piece as it is bought and sold: its cost in fen, its weight, its commission rate."""

    cost_fen: int
    weight_g: int
    commission_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedCost:
    """The parts of a landed cost in fen; they add up to `total_fen`."""

    goods_fen: int
    inbound_fen: int
    commission_fen: int
    refund_reserve_fen: int
    payment_fee_fen: int

    @property
    def total_fen(self) -> int:
        """The landed cost of a piece."""
        return (
            self.goods_fen
            + self.inbound_fen
            + self.commission_fen
            + self.refund_reserve_fen
            + self.payment_fee_fen
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """What is left (毛利) of an amount sold, in fen; negative below cost."""

    sales_fen: int
    landed_fen: int

    @property
    def margin_fen(self) -> int:
        """Sales less landed cost."""
        return self.sales_fen - self.landed_fen

    @property
    def margin_bp(self) -> int:
        """The margin as a part of sales, rounded down; 0 where nothing is sold."""
        return self.margin_fen * BP_WHOLE // self.sales_fen if self.sales_fen else 0


def landed_cost(piece: PieceCost, *, price_fen: int, rates: CostRates) -> LandedCost:
    """Return what a piece costs us when it is sold at this price.

    Raises `PriceTermsInvalid` if a figure is negative or the rates on the
    price leave nothing of it.
    """
    inbound_fen = _inbound_fen(piece, rates)
    weights = (piece.commission_bp, rates.refund_reserve_bp, rates.payment_fee_bp)
    _require_usable(piece, rates, price_fen)
    due_fen = -(-price_fen * sum(weights) // BP_WHOLE)
    commission_fen, refund_reserve_fen, payment_fee_fen = share_fen(due_fen, weights)
    return LandedCost(
        goods_fen=piece.cost_fen,
        inbound_fen=inbound_fen,
        commission_fen=commission_fen,
        refund_reserve_fen=refund_reserve_fen,
        payment_fee_fen=payment_fee_fen,
    )


def break_even_fen(piece: PieceCost, *, rates: CostRates) -> int:
    """Return the lowest price that is not below its own landed cost.

    A price p bears its cost while p less the rates on it, rounded up, is at
    least goods and carrying in: the smallest whole p with
    p x (1 - rates) >= goods + inbound.
    """
    _require_usable(piece, rates, 0)
    left_bp = BP_WHOLE - _rates_bp(piece, rates)
    fixed_fen = piece.cost_fen + _inbound_fen(piece, rates)
    return -(-fixed_fen * BP_WHOLE // left_bp)


def margin_of(piece: PieceCost, *, price_fen: int, qty: int, rates: CostRates) -> Margin:
    """Return what so many pieces leave at a price."""
    landed_fen = landed_cost(piece, price_fen=price_fen, rates=rates).total_fen
    return Margin(sales_fen=price_fen * qty, landed_fen=landed_fen * qty)


def changed_by_percent(amount_fen: int, percent: int) -> int:
    """Return an amount changed by so many per cent, rounded down: against us for a price."""
    return max(0, amount_fen * (100 + percent) // 100)


def _inbound_fen(piece: PieceCost, rates: CostRates) -> int:
    return -(-rates.inbound_fen_per_kg * piece.weight_g // GRAMS_PER_KG)


def _rates_bp(piece: PieceCost, rates: CostRates) -> int:
    return piece.commission_bp + rates.refund_reserve_bp + rates.payment_fee_bp


def _require_usable(piece: PieceCost, rates: CostRates, price_fen: int) -> None:
    figures = (
        price_fen,
        piece.cost_fen,
        piece.weight_g,
        piece.commission_bp,
        rates.inbound_fen_per_kg,
        rates.refund_reserve_bp,
        rates.payment_fee_bp,
    )
    if min(figures) < 0:
        raise PriceTermsInvalid("Prices, costs and rates are 0 or more.")
    if _rates_bp(piece, rates) >= BP_WHOLE:
        raise PriceTermsInvalid("Commission, reserve and fee leave nothing of the price.")
