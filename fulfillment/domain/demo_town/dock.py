"""What the suppliers of the demo town bring in the night: nearly everything."""

from collections import defaultdict
from dataclasses import dataclass

from fulfillment.domain.demo_town.baskets import DemoOrder, DemoSku
from fulfillment.domain.demo_town.dice import Dice

SHORT_SKUS = 6
REJECTED_SKUS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReceipt:
    """What the dock counted of one article."""

    sku: DemoSku
    arrived_qty: int
    rejected_qty: int

    @property
    def accepted_qty(self) -> int:
        """What can be given out."""
        return self.arrived_qty - self.rejected_qty


def build_receipts(orders: tuple[DemoOrder, ...], dice: Dice) -> tuple[DemoReceipt, ...]:
    """One count per sold article, in the order of their codes.

    Suppliers bring whole cases. Of a few articles some cases are missing, and
    of a few others the dock sends some pieces back, so that a shortage shows.
    """
    sold: dict[DemoSku, int] = defaultdict(int)
    for order in orders:
        for sku, qty in order.lines:
            sold[sku] += qty
    unlucky = dice.shuffled(sorted((sku for sku in sold if sold[sku] > 40), key=_code))
    short = set(unlucky[:SHORT_SKUS])
    bruised = set(unlucky[SHORT_SKUS : SHORT_SKUS + REJECTED_SKUS])
    receipts = []
    for sku in sorted(sold, key=_code):
        cases = -(-sold[sku] // sku.pack_factor)
        if sku in short:
            cases -= max(1, cases * dice.between(8, 22) // 100)
        arrived_qty = cases * sku.pack_factor
        rejected_qty = arrived_qty * dice.between(6, 14) // 100 if sku in bruised else 0
        receipts.append(DemoReceipt(sku=sku, arrived_qty=arrived_qty, rejected_qty=rejected_qty))
    return tuple(receipts)


def _code(sku: DemoSku) -> str:
    return sku.code
