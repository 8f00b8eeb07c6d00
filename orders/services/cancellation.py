"""A resident takes an order back, freely for as long as orders are taken."""

from datetime import datetime
from functools import partial

from orders.domain.gateway import TradeState
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.errors import GatewayUnavailable, OrderNotCancellable, PlatformBusy
from orders.models.campaigns import CampaignState
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, RefundReason, Verdict
from orders.selectors.clock import Clock, database_now
from orders.services.order_states import order_drop
from orders.services.payment_reports import money_return, order_locked
from orders.services.payment_sweep import attempt_end
from orders.services.retries import in_transaction

REASON = "cancelled_by_resident"


def order_cancel(*, order_id: int, actor: str, clock: Clock = database_now) -> Order:
    """Cancel an order and return it; cancelled already, it stays as it is.

    A live attempt to pay is closed at the provider first, outside any
    transaction, and the goods are given back only on its word. Money that
    turns out to have come in goes back in full, like that of a paid order.

    Raises `OrderNotCancellable` when orders have closed and the order is paid,
    or it is beyond that; `GatewayUnavailable` while the provider does not say
    that nothing will come; `PlatformBusy` if a payment began meanwhile. The
    last two change nothing and may be tried again.
    """
    live = Payment.objects.filter(order_id=order_id, state__in=PAYMENT_LIFECYCLE.open).first()
    if live is not None and attempt_end(payment=live, now=clock()) in (None, TradeState.NOT_PAID):
        raise GatewayUnavailable("The payment could not be closed yet. Please try again.")
    return in_transaction(partial(_cancel, order_id, actor, clock))


def _cancel(order_id: int, actor: str, clock: Clock) -> Order:
    campaign_id = Order.objects.values_list("campaign_id", flat=True).get(pk=order_id)
    order = order_locked(order_id, campaign_id)
    if order.state == OrderState.CANCELLED:
        return order
    now = clock()
    if order.state == OrderState.PENDING_PAYMENT:
        if Payment.objects.filter(order=order, state__in=PAYMENT_LIFECYCLE.open).exists():
            raise PlatformBusy("A payment has just begun. Please try again.")
    elif not _is_free_to_go(order, now):
        raise OrderNotCancellable("Ordering is closed; this order is being bought.")
    # The payment is locked before the stock, and told of after it.
    paid = _payment_locked(order)
    if not order_drop(order_id=order_id, now=now, actor=actor, reason=REASON):
        raise OrderNotCancellable("This order can no longer be cancelled.", state=order.state)
    if paid is not None and (left_fen := _left_fen(paid)):
        money_return(
            order=order,
            payment_id=paid.pk,
            reason=RefundReason.CANCELLATION,
            amount_fen=left_fen,
            refund_no=f"{paid.out_trade_no}C1",
            now=now,
        )
    order.state = OrderState.CANCELLED
    return order


def _is_free_to_go(order: Order, now: datetime) -> bool:
    return (
        order.state == OrderState.PAID
        and order.campaign.state == CampaignState.OPEN
        and now < order.campaign.orders_close_at
    )


def _payment_locked(order: Order) -> Payment | None:
    return (
        Payment.objects.select_for_update()
        .filter(order=order, verdict=Verdict.PAID)
        .order_by("pk")
        .first()
    )


def _left_fen(payment: Payment) -> int:
    """What came in and is not on its way back yet."""
    return payment.came_in_fen - payment.refund_reserved_fen
