"""Orders nobody has paid for: those that wait, and those that were given up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from leaders.domain.phones import mask_name, phone_last4
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderEvent, OrderLine, OrderState
from orders.selectors.demand import DEMANDED_STATES

# How `orders.services.payment_reports` names the reason of an order it drops.
NOT_PAID_IN_TIME = "not_paid_in_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidOrder:
    """One order without its money; the name is masked, of the phone the end is shown.

    `pay_by` is None where only the campaign's clock bounds it, `given_up_at`
    None while it still can be paid. `has_bought` says that the same resident
    paid for another order of the campaign.
    """

    order_no: str
    door: str
    resident: str
    phone_last4: str
    goods: str
    pieces: int
    total_fen: int
    placed_at: datetime
    pay_by: datetime | None
    given_up_at: datetime | None
    is_paid_by_leader: bool
    has_bought: bool


def unpaid_of_leader(leader: Leader) -> QuerySet[Order]:
    """The leader's orders that wait for money, in any campaign."""
    return Order.objects.filter(leader=leader, state=OrderState.PENDING_PAYMENT)


def given_up_of_leader(leader: Leader) -> QuerySet[Order]:
    """The leader's orders that were dropped because nobody paid in time."""
    dropped = OrderEvent.objects.filter(
        order=OuterRef("pk"), to_state=OrderState.CANCELLED, reason=NOT_PAID_IN_TIME
    )
    return Order.objects.filter(Exists(dropped), leader=leader, state=OrderState.CANCELLED)


def unpaid_orders(leader: Leader, campaign: Campaign) -> list[UnpaidOrder]:
    """What waits for money in a campaign, the first to run out first, in two queries."""
    waiting = unpaid_of_leader(leader).filter(campaign=campaign)
    return _rows(waiting.order_by("pay_by", "order_no"), leader, campaign)


def given_up_orders(leader: Leader, campaign: Campaign) -> list[UnpaidOrder]:
    """What was given up in a campaign, the latest first, in two queries."""
    ended = OrderEvent.objects.filter(order=OuterRef("pk"), to_state=OrderState.CANCELLED)
    dropped = given_up_of_leader(leader).filter(campaign=campaign)
    return _rows(
        dropped.annotate(given_up_at=Subquery(ended.values("at"))).order_by("-given_up_at", "-pk"),
        leader,
        campaign,
    )


def _rows(orders: QuerySet[Order], leader: Leader, campaign: Campaign) -> list[UnpaidOrder]:
    bought = Order.objects.filter(
        leader=leader,
        campaign=campaign,
        resident=OuterRef("resident"),
        state__in=DEMANDED_STATES,
    )
    found = list(orders.annotate(has_bought=Exists(bought)))
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.filter(order__in=[order.pk for order in found]).order_by(
        "order", "line_no"
    ):
        lines.setdefault(line.order_id, []).append(line)
    return [_row(order, lines.get(order.pk, [])) for order in found]


def _row(order: Order, lines: list[OrderLine]) -> UnpaidOrder:
    return UnpaidOrder(
        order_no=order.order_no,
        door=f"{order.building} {order.room}".strip(),
        resident=mask_name(order.resident_name),
        phone_last4=phone_last4(order.resident_phone),
        goods="、".join(f"{line.sku_name} × {line.qty}" for line in lines),
        pieces=sum(line.qty for line in lines),
        total_fen=order.total_fen,
        placed_at=order.placed_at,
        pay_by=order.pay_by,
        given_up_at=getattr(order, "given_up_at", None),
        is_paid_by_leader=order.payer_leader_id is not None,
        has_bought=bool(getattr(order, "has_bought", False)),
    )
