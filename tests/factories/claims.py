"""Claims with everything around them that deciding needs: payment, run, receipt, commission."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.settlement import CommissionEntry, CommissionState
from leaders.models.leaders import Leader
from orders.models.claims import Claim, ClaimKind
from orders.models.orders import OrderLine, OrderState
from tests.factories.fulfillment import (
    AllocationFactory,
    CommissionEntryFactory,
    GoodsReceiptLineFactory,
)
from tests.factories.orders import ClaimFactory, OrderFactory, OrderLineFactory, PaymentFactory

FILED = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
# The leader has said nothing in time.
SILENT = FILED + timedelta(hours=2, minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One paid line of two pieces at 5.00 yuan, bought from one supplier at 4.00."""

    line: OrderLine
    run: CutoffRun
    purchase_line: PurchaseOrderLine

    @property
    def leader(self) -> Leader:
        """Whose group it was ordered in."""
        return self.line.order.leader


def sold() -> Sold:
    """Goods that came and were handed out."""
    receipt = GoodsReceiptLineFactory.create()
    purchase_line = receipt.purchase_line
    run = purchase_line.purchase_order.run
    order = OrderFactory.create(campaign=run.campaign, state=OrderState.FROZEN, total_fen=1_000)
    PaymentFactory.create(order=order)
    line = OrderLineFactory.create(order=order, line_no=1, qty=2, sku=purchase_line.sku)
    AllocationFactory.create(run=run, order_line=line, allocated_qty=2)
    return Sold(line=line, run=run, purchase_line=purchase_line)


def claim_of(
    sold_line: Sold,
    *,
    kind: ClaimKind = ClaimKind.SPOILED,
    asked_fen: int = 500,
    filed_at: datetime = FILED,
) -> Claim:
    """A claim about one of the pieces, as it is filed."""
    claim: Claim = ClaimFactory.create(
        order_line=sold_line.line,
        kind=kind,
        asked_fen=asked_fen,
        filed_at=filed_at,
        leader_until=filed_at + timedelta(hours=2),
        decide_by=filed_at + timedelta(hours=12),
    )
    return claim


def commission_of(sold_line: Sold, state: CommissionState) -> CommissionEntry:
    """Ten percent for the line, held or due."""
    entry: CommissionEntry = CommissionEntryFactory.create(order_line=sold_line.line, state=state)
    return entry
