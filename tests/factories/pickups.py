"""A pickup point on its delivery day: orders with goods, and the phones that hand them out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from factory.declarations import LazyFunction, SelfAttribute, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.domain.pickups import PickupReport, ReportKind
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.pickups import Pickup, PickupMethod
from fulfillment.models.warehouse import Drop
from fulfillment.services.pickups import PickupAnswer, pickups_receive
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.orders import Order, OrderState
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    DropFactory,
    WaveFactory,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory
from tests.factories.orders import (
    OfferFactory,
    OrderFactory,
    OrderLineFactory,
    ResidentFactory,
)

# 17:00 in Shanghai on the delivery date of the usual campaign.
FIVE = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


class PickupFactory(DjangoModelFactory[Pickup]):
    """Goods fetched by their code on the delivery day."""

    class Meta:
        model = Pickup

    event_id = LazyFunction(uuid4)
    order = SubFactory(OrderFactory, state=OrderState.FROZEN)
    pickup_point = SelfAttribute("order.pickup_point")
    method = PickupMethod.CODE
    picked_up_at = FIVE
    recorded_at = FIVE
    recorded_by = SubFactory(UserFactory)


@dataclass(kw_only=True)
class PickupDesk:
    """One point of one leader, with orders numbered from 1 whose phones end in 0001, 0002 …"""

    leader: Leader
    point: PickupPoint
    run: CutoffRun
    drop: Drop
    orders: list[Order]

    @property
    def user(self) -> User:
        """The leader's log-in."""
        assert self.leader.user is not None
        return self.leader.user

    def fetch(self, nth: int, *, at: datetime = FIVE, method: str = "code") -> PickupReport:
        """A report that an order was fetched."""
        return PickupReport(
            event_id=uuid4(),
            kind=ReportKind.FETCH,
            order_id=self.orders[nth].pk,
            device_at=at,
            method=method,
        )

    def undo(self, nth: int, undoes: UUID, *, at: datetime = FIVE) -> PickupReport:
        """A report that a hand-out was a mistake."""
        return PickupReport(
            event_id=uuid4(),
            kind=ReportKind.UNDO,
            order_id=self.orders[nth].pk,
            device_at=at,
            undoes=undoes,
        )

    def send(self, *reports: PickupReport, now: datetime = FIVE) -> list[PickupAnswer]:
        """Send reports from the leader's phone."""
        return pickups_receive(leader=self.leader, reports=reports, actor=self.user, now=now)


def pickup_desk(*, orders: int = 2, campaign_code: str = "C1") -> PickupDesk:
    """Orders of two potatoes each, shared out and frozen, at a point with a leader."""
    run = CutoffRunFactory.create(campaign__code=campaign_code)
    leader = LeaderFactory.create()
    point = PickupPointFactory.create(leader=leader)
    drop = DropFactory.create(
        wave=WaveFactory.create(run=run, code=f"{campaign_code}-A"),
        pickup_point=point,
        slot_code="1-01",
        pieces=2 * orders,
    )
    offer = OfferFactory.create(campaign=run.campaign, sku__name="土豆 1kg")
    desk = PickupDesk(leader=leader, point=point, run=run, drop=drop, orders=[])
    for number in range(1, orders + 1):
        resident = ResidentFactory.create(
            leader=leader, phone=f"1990691{number:04d}", building="3栋", room=f"{number}01"
        )
        order = OrderFactory.create(
            campaign=run.campaign,
            leader=leader,
            pickup_point=point,
            resident=resident,
            state=OrderState.FROZEN,
            pickup_no=number,
        )
        line = OrderLineFactory.create(order=order, offer=offer, line_no=1)
        AllocationFactory.create(run=run, order_line=line)
        desk.orders.append(order)
    return desk
