"""What would be left if a price, a commission or a quantity were another one.

Nothing is stored. The figures come from the same rules as those of the lines
themselves, so what is promised here is what the line will show.
"""

from dataclasses import dataclass, replace

from orders.domain.landed_cost import changed_by_percent
from orders.domain.price_rules import PricedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A change that is only thought of.

    Parameters
    ----------
    price_percent, qty_percent
        By how much prices and quantities change; the results are rounded
        down, which is against us.
    commission_bp
        Another commission rate; None leaves it.
    """

    price_percent: int = 0
    qty_percent: int = 0
    commission_bp: int | None = None

    def line(self, line: PricedLine) -> PricedLine:
        """The line at the other price and commission."""
        piece = line.piece
        if piece is not None and self.commission_bp is not None:
            piece = replace(piece, commission_bp=self.commission_bp)
        price_fen = changed_by_percent(line.price_fen, self.price_percent)
        return replace(line, price_fen=price_fen, piece=piece)

    def qty(self, qty: int) -> int:
        """The other quantity."""
        return changed_by_percent(qty, self.qty_percent)
