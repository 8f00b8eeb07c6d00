"""What waits to be fetched at the points a leader minds, and what was fetched."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet

from fulfillment.domain.pickups import OPEN_DAYS, Waiting
from fulfillment.domain.sorting import natural_key
from fulfillment.models.allocation import Allocation
from fulfillment.models.pickups import Disposal, DisposalKind, Pickup
from fulfillment.selectors.hand_out import HandOutLine, lines_of_allocations
from leaders.domain.phones import mask_name, phone_last4
from leaders.models.leaders import Leader
from leaders.selectors.pickup_points import points_minded_by
from orders.models.orders import Order, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupCard:
    """One order to hand out: whose, what, and the hand-out that stands.

    `is_late` is an order of an earlier day that nobody has fetched yet; an
    order that is not open is completed, and nobody is waited for any more.
    """

    order_id: int
    order_no: str
    pickup_no: int | None
    last4: str
    name: str
    building: str
    room: str
    point: str
    delivery_date: date
    is_late: bool
    is_open: bool
    lines: tuple[HandOutLine, ...]
    pickup: Pickup | None

    @property
    def pieces(self) -> int:
        """Pieces to hand out, substitutes among them."""
        return sum(line.qty for line in self.lines)

    @property
    def searched(self) -> Waiting:
        """The card as a search sees it."""
        return Waiting(
            order_id=self.order_id,
            pickup_no=self.pickup_no,
            last4=self.last4,
            name=self.name,
            door=f"{self.building}{self.room}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupList:
    """The orders of the newest delivery day, and older ones that still wait; by point and door."""

    day: date | None
    cards: tuple[PickupCard, ...]

    @property
    def fetched(self) -> int:
        """Orders that were handed out."""
        return sum(card.pickup is not None for card in self.cards)

    @property
    def has_many_points(self) -> bool:
        """Whether the point has to be told with an order."""
        return len({card.point for card in self.cards}) > 1


def orders_to_hand_out(leader: Leader, today: date) -> tuple[date | None, QuerySet[Order]]:
    """The newest delivery day with goods at the leader's points, and the orders that belong to it.

    Orders of up to three days before belong to it as long as nobody came for them.
    """
    here = _orders_here(leader, today)
    day = here.filter(campaign__delivery_date__lte=today).aggregate(
        day=Max("campaign__delivery_date")
    )["day"]
    if day is None:
        return None, here.none()
    older = here.filter(
        state=OrderState.FROZEN,
        campaign__delivery_date__lt=day,
        campaign__delivery_date__gte=day - timedelta(days=OPEN_DAYS),
    )
    return day, _not_gone(here.filter(campaign__delivery_date=day)) | still_waiting(older)


def still_waiting(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders nobody has fetched and whose goods are still there."""
    return _not_gone(orders).filter(~Exists(standing_pickups()))


def standing_pickups() -> QuerySet[Pickup]:
    """The hand-out of a row's order that nobody took back; for `Exists`."""
    return Pickup.objects.filter(order=OuterRef("pk"), undone_at__isnull=True)


def pickup_list(leader: Leader, today: date) -> PickupList:
    """The list of a day in a fixed number of queries."""
    day, orders = orders_to_hand_out(leader, today)
    if day is None:
        return PickupList(day=None, cards=())
    rows = list(orders.select_related("campaign", "pickup_point"))
    lines = _lines_by_order(rows)
    fetched = fetched_of_orders([order.pk for order in rows])
    cards = [_card(order, lines[order.pk], fetched.get(order.pk), day) for order in rows]
    return PickupList(
        day=day, cards=tuple(sorted((card for card in cards if card.pieces), key=_by_door))
    )


def fetched_of_orders(order_ids: Sequence[int]) -> Mapping[int, Pickup]:
    """The standing hand-outs of orders, by order."""
    standing = Pickup.objects.select_related("recorded_by").filter(
        order__in=order_ids, undone_at__isnull=True
    )
    return {pickup.order_id: pickup for pickup in standing}


def fetched_of_leader(leader: Leader, today: date) -> Mapping[int, Pickup]:
    """The standing hand-outs of the day's list, for a phone that has the list already."""
    _day, orders = orders_to_hand_out(leader, today)
    return fetched_of_orders(list(orders.values_list("pk", flat=True)))


def pickup_of_order(order_id: int) -> Pickup | None:
    """The standing hand-out of one order."""
    return fetched_of_orders([order_id]).get(order_id)


def _orders_here(leader: Leader, today: date) -> QuerySet[Order]:
    """Sold orders with shared-out goods at the points the leader minds on a day."""
    return Order.objects.filter(
        Exists(Allocation.objects.filter(order_line__order=OuterRef("pk"))),
        pickup_point__in=points_minded_by(leader, today),
        state__in=(OrderState.FROZEN, OrderState.COMPLETED),
    )


def _not_gone(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders whose goods were not thrown or given away."""
    gone = Disposal.objects.filter(order=OuterRef("pk")).exclude(kind=DisposalKind.STORED)
    return orders.filter(~Exists(gone))


def _lines_by_order(orders: Sequence[Order]) -> Mapping[int, list[HandOutLine]]:
    by_order: defaultdict[int, list[HandOutLine]] = defaultdict(list)
    for line in lines_of_allocations(Allocation.objects.filter(order_line__order__in=orders)):
        by_order[line.order_id].append(line)
    return by_order


def _card(
    order: Order, lines: Sequence[HandOutLine], pickup: Pickup | None, day: date
) -> PickupCard:
    return PickupCard(
        order_id=order.pk,
        order_no=order.order_no,
        pickup_no=order.pickup_no,
        last4=phone_last4(order.resident_phone),
        name=mask_name(order.resident_name),
        building=order.building,
        room=order.room,
        point=order.pickup_point.name,
        delivery_date=order.campaign.delivery_date,
        is_late=order.campaign.delivery_date < day,
        is_open=order.state == OrderState.FROZEN,
        lines=tuple(lines),
        pickup=pickup,
    )


def _by_door(card: PickupCard) -> tuple[object, ...]:
    return (
        card.point,
        natural_key(card.building),
        natural_key(card.room),
        card.pickup_no or 0,
        card.order_id,
    )
