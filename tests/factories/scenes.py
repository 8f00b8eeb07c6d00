"""Rows that belong together, for tests that look at whole pages."""

from fulfillment.models.cutoff_run import CutoffRun
from leaders.models.leaders import Leader
from orders.models.orders import Order
from tests.factories.fulfillment import (
    AllocationFactory,
    CommissionEntryFactory,
    DropFactory,
    PaperFactory,
    StopFactory,
    ToteFactory,
)
from tests.factories.leaders import PickupPointFactory
from tests.factories.orders import (
    OrderFactory,
    OrderLineFactory,
    RefundFactory,
    RefundLineFactory,
)

WHOLE_PHONE = "19906912483"


def order_on_the_way(leader: Leader, run: CutoffRun) -> Order:
    """An order of three pieces, one of them short, with all that hangs on it.

    Refund, commission, drop in slot 3-07 with one tote, a stop and the
    hand-out list exist; the resident is 毛海燕 with the phone `WHOLE_PHONE`.
    """
    point = PickupPointFactory.create(leader=leader)
    order = OrderFactory.create(
        leader=leader,
        campaign=run.campaign,
        pickup_point=point,
        pickup_no=7,
        resident_phone=WHOLE_PHONE,
        resident_name="毛海燕",
        total_fen=1500,
    )
    line = OrderLineFactory.create(order=order, qty=3, sku_name="西兰花 750g")
    AllocationFactory.create(order_line=line, run=run, allocated_qty=2)
    refund = RefundFactory.create(payment__order=order)
    RefundLineFactory.create(refund=refund, order_line=line)
    CommissionEntryFactory.create(order_line=line)
    drop = DropFactory.create(wave__run=run, pickup_point=point, slot_code="3-07", pieces=2)
    ToteFactory.create(drop=drop)
    StopFactory.create(drop=drop, trip__delivery_run__cutoff_run=run)
    PaperFactory.create(run=run, scope=leader.code)
    return order
