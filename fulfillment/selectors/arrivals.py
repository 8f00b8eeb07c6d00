"""Whose goods are at a pickup point, and who has been told so."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Sum

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.leader_arrivals import drops_of_leader
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.orders import Order, OrderState
from orders.models.outbox import OutboxMessage, Topic

# Nobody comes for these any more.
OVER = (
    OrderState.CANCELLED,
    OrderState.COMPLETED,
    OrderState.LATE_PAID,
    OrderState.REFUNDING,
    OrderState.REFUNDED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderArriving:
    """One order with goods at the point, as far as telling its resident needs it."""

    order_no: str
    resident_id: int
    phone: str
    pickup_no: int | None
    pieces: int
    is_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PointArrival:
    """A pickup point with goods, how many orders they are for, and how many residents know."""

    point: PickupPoint
    orders: int
    told: int

    @property
    def untold(self) -> int:
        """Orders whose residents have not been told."""
        return self.orders - self.told


def orders_arriving(*, pickup_point_id: int, campaign_id: int) -> list[OrderArriving]:
    """Orders of a campaign that somebody will come for to a point, by pickup number."""
    told = OutboxMessage.objects.filter(topic=Topic.ARRIVED, dedupe_key=OuterRef("order_no"))
    rows = (
        Order.objects.filter(campaign_id=campaign_id, pickup_point_id=pickup_point_id)
        .exclude(state__in=OVER)
        .order_by("pickup_no", "pk")
        .values_list(
            "order_no",
            "resident_id",
            "resident_phone",
            "pickup_no",
            Sum("lines__allocation__allocated_qty", default=0),
            Exists(told),
        )
    )
    return [
        OrderArriving(
            order_no=order_no,
            resident_id=resident_id,
            phone=phone,
            pickup_no=pickup_no,
            pieces=pieces,
            is_told=is_told,
        )
        for order_no, resident_id, phone, pickup_no, pieces, is_told in rows
        if pieces
    ]


def arrivals_of_points(leader: Leader, run: CutoffRun) -> list[PointArrival]:
    """The points the leader minds that day and a run has goods for."""
    points = PickupPoint.objects.filter(
        pk__in=drops_of_leader(leader, run).values("pickup_point"),
        orders__campaign_id=run.campaign_id,
        orders__lines__allocation__allocated_qty__gt=0,
    ).distinct()
    return [point_arrival(point, run) for point in points.order_by("code")]


def point_arrival(point: PickupPoint, run: CutoffRun) -> PointArrival:
    """The figures of one point."""
    orders = orders_arriving(pickup_point_id=point.pk, campaign_id=run.campaign_id)
    return PointArrival(
        point=point, orders=len(orders), told=sum(order.is_told for order in orders)
    )
