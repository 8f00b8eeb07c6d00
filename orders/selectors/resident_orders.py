"""A resident's own orders, and the ones a leader placed for neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from leaders.domain.phones import phone_last4
from leaders.models.leaders import Leader
from orders.domain.claims import has_arrived
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.models.campaigns import CampaignState
from orders.models.claims import Claim
from orders.models.orders import Order, OrderLine, OrderSource, OrderState
from orders.models.payments import Payment, Refund, RefundReason, RefundState
from orders.models.residents import Resident, ResidentBinding
from orders.selectors.claims import CLAIMABLE_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """One order in the list: how it stands and what is in it."""

    order: Order
    pieces: int
    goods: str

    @property
    def is_payable(self) -> bool:
        """Whether it still waits for a payment."""
        return self.order.state == OrderState.PENDING_PAYMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentOrder:
    """One order with its lines, its money and what was complained about."""

    order: Order
    lines: tuple[OrderLine, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    claims: tuple[Claim, ...]

    @property
    def pickup_code(self) -> str:
        """What the resident says at the pickup point, such as 07-8821; empty before the freeze."""
        if self.order.pickup_no is None:
            return ""
        return f"{self.order.pickup_no:02d}-{phone_last4(self.order.resident_phone)}"

    @property
    def pieces(self) -> int:
        """Pieces of all lines that stand."""
        return sum(line.qty for line in self.lines if not line.is_void)

    @property
    def live_payment(self) -> Payment | None:
        """The attempt that is not over, if any."""
        for payment in self.payments:
            if payment.state in PAYMENT_LIFECYCLE.open:
                return payment
        return None

    @property
    def shortages(self) -> tuple[Refund, ...]:
        """Refunds for pieces that did not come."""
        return tuple(r for r in self.refunds if r.reason == RefundReason.SHORTAGE)

    @property
    def refund_fen(self) -> int:
        """What went back or is on its way."""
        return sum(refund.amount_fen for refund in self.refunds)

    @property
    def is_refund_under_way(self) -> bool:
        """Whether some money has not arrived yet."""
        return any(refund.state != RefundState.SUCCEEDED for refund in self.refunds)

    @property
    def is_paid_by_leader(self) -> bool:
        """Whether the leader pays for it, and so decides about it."""
        return self.order.payer_leader_id is not None

    def is_payable_at(self, now: datetime) -> bool:
        """Whether the resident can still pay it."""
        order = self.order
        is_in_time = order.pay_by is None or now < order.pay_by
        return order.state == OrderState.PENDING_PAYMENT and is_in_time

    def is_cancellable_at(self, now: datetime) -> bool:
        """Whether the resident may still cancel it."""
        order = self.order
        if order.state == OrderState.PENDING_PAYMENT:
            return True
        return (
            order.state == OrderState.PAID
            and order.campaign.state == CampaignState.OPEN
            and now < order.campaign.orders_close_at
        )

    def is_claimable_at(self, now: datetime) -> bool:
        """Whether goods can be in the resident's hands, and so be wrong."""
        is_there = has_arrived(timezone.localdate(now), self.order.campaign.delivery_date)
        return is_there and self.order.state in CLAIMABLE_STATES


def orders_of_resident(resident: Resident) -> QuerySet[Order]:
    """Every order of a resident, the newest first, whichever leader it was placed at."""
    return (
        Order.objects.filter(resident=resident)
        .select_related("campaign", "pickup_point")
        .prefetch_related(_lines())
        .order_by("-placed_at", "-pk")
    )


def order_cards(orders: Sequence[Order]) -> list[OrderCard]:
    """The orders of a page as cards, without goods that fell out of a group."""
    cards = []
    for order in orders:
        lines = [line for line in order.lines.all() if not line.is_void]
        cards.append(
            OrderCard(
                order=order,
                pieces=sum(line.qty for line in lines),
                goods="、".join(line.sku_name for line in lines),
            )
        )
    return cards


def order_id_of_buyer(*, resident_id: int, order_no: str) -> int | None:
    """The key of an order that this resident pays for; None for any other."""
    with connection.cursor() as cursor:
        # Every payment of the API asks this; written out, it costs a third of what the ORM takes.
        cursor.execute(
            "SELECT id FROM orders_order"
            " WHERE order_no = %s AND resident_id = %s AND payer_leader_id IS NULL",
            [order_no, resident_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def order_of_resident(resident: Resident, order_no: str) -> ResidentOrder | None:
    """One of a resident's own orders; None for anybody else's."""
    return _detail(Order.objects.filter(resident=resident, order_no=order_no))


def order_of_payer(leader: Leader, order_no: str) -> ResidentOrder | None:
    """One of the orders a leader placed and pays for; None for any other."""
    return _detail(_proxy_orders(leader).filter(order_no=order_no))


def order_by_request(resident_id: int, request_key: str) -> Order | None:
    """The order a request has placed before, if it has."""
    if not request_key:
        return None
    return Order.objects.filter(resident_id=resident_id, request_key=request_key).first()


def proxy_order_by_request(leader: Leader, request_key: str) -> Order | None:
    """The proxy order a leader's request has placed before, if it has."""
    return _proxy_orders(leader).filter(request_key=request_key).exclude(request_key="").first()


def proxy_orders_waiting(leader: Leader) -> QuerySet[Order]:
    """A leader's proxy orders that nobody has paid yet, the most urgent first."""
    return (
        _proxy_orders(leader)
        .filter(state=OrderState.PENDING_PAYMENT)
        .select_related("campaign")
        .prefetch_related(_lines())
        .order_by("pay_by", "pk")
    )


def bindings_of_resident(resident: Resident) -> QuerySet[ResidentBinding]:
    """Every binding of a resident, the newest first."""
    return resident.bindings.select_related("leader").order_by("-bound_at", "-pk")


def _proxy_orders(leader: Leader) -> QuerySet[Order]:
    by_leader = (OrderSource.PROXY, OrderSource.JIELONG)
    return Order.objects.filter(payer_leader=leader, source__in=by_leader)


def _lines() -> "Prefetch[str, QuerySet[OrderLine], str]":
    return Prefetch("lines", queryset=OrderLine.objects.order_by("line_no"))


def _detail(orders: QuerySet[Order]) -> ResidentOrder | None:
    """The whole of one order in a fixed number of queries."""
    order = (
        orders.select_related("campaign", "leader", "pickup_point")
        .prefetch_related(
            Prefetch(
                "lines",
                queryset=OrderLine.objects.select_related("sku__product__category").order_by(
                    "line_no"
                ),
            )
        )
        .first()
    )
    if order is None:
        return None
    refunds = Refund.objects.filter(payment__order=order).prefetch_related("lines__order_line")
    claims = Claim.objects.filter(order_line__order=order).select_related("order_line", "refund")
    return ResidentOrder(
        order=order,
        lines=tuple(order.lines.all()),
        payments=tuple(Payment.objects.filter(order=order).order_by("-created_at", "-pk")),
        refunds=tuple(refunds.order_by("requested_at", "pk")),
        claims=tuple(claims.order_by("filed_at", "pk")),
    )
