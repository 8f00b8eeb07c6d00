"""An attempt to pay begins: stored, then created at the provider, then handed to the phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext

from leaders.domain.crashpoints import crashpoint
from orders.domain.gateway import PayMethod, TradeOrder
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.domain.payment_schedule import query_due_at
from orders.errors import GatewayRefused, GatewayUnavailable, OrderNotPayable
from orders.integrations.gateways import PaymentGateway
from orders.integrations.providers import gateway_default, gateway_for
from orders.models.campaigns import SELLING_STATES, Campaign
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, PaymentState, Verdict
from orders.selectors.clock import Clock, campaign_at, database_now
from orders.services.retries import in_transaction

# The attempts whose creation the provider has not confirmed to us.
WITHOUT_HANDLE = (PaymentState.CREATED, PaymentState.UNKNOWN)
# A provider takes 6 to 32 letters and digits: the day for people, the rest by chance.
TRADE_NO_RANDOM_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """The live attempt of an order, and whether this call has made it."""

    payment: Payment
    order_no: str
    is_new: bool


def payment_begin(
    *,
    order_id: int,
    method: PayMethod | None = None,
    openid: str = "",
    client_ip: str = "",
    clock: Clock = database_now,
) -> Payment:
    """Return the order's live attempt to pay with its handle; begin one if there is none.

    The attempt is committed before the provider hears of it, and the provider
    is called outside any transaction, so whatever dies leaves an attempt that
    is asked about. Calling again for an attempt without a handle repeats the
    creation with the same number. `method` counts for a new attempt; None
    takes the provider's preferred one.

    Raises `OrderNotPayable` if the order needs no money or would get it too
    late, `GatewayUnavailable` when the provider did not answer (call again),
    and `GatewayRefused` when it said no (a new call begins a new attempt).
    """
    attempt = in_transaction(partial(_attempt_take, order_id, method, clock))
    payment = attempt.payment
    if payment.state == PaymentState.SUBMITTED:
        return payment
    crashpoint("payment.attempt_stored")
    gateway = gateway_for(payment.provider)
    trade = TradeOrder(
        out_trade_no=payment.out_trade_no,
        amount_fen=payment.amount_fen,
        description=gettext("Order {order_no}").format(order_no=attempt.order_no),
        expires_at=_expiry(payment),
        method=PayMethod(payment.method),
        openid=openid,
        client_ip=client_ip,
    )
    try:
        handle = gateway.create(trade)
    except GatewayUnavailable:
        _attempt_move(payment, PaymentState.UNKNOWN, query_at=_first_query_at(payment))
        raise
    except GatewayRefused:
        if attempt.is_new:
            _attempt_move(payment, PaymentState.FAILED, query_at=None)
        else:
            # Something was created under this number before; asking tells what.
            _attempt_move(payment, PaymentState.UNKNOWN, query_at=payment.created_at)
        raise
    crashpoint("payment.trade_created")
    payment.handle = dict(handle.fields)
    if not _attempt_move(payment, PaymentState.SUBMITTED, query_at=_first_query_at(payment)):
        return _attempt_overtaken(payment)
    return payment


def _attempt_take(order_id: int, method: PayMethod | None, clock: Clock) -> _Attempt:
    """Lock the order and return its live attempt, or store a new one.

    The lock keeps a second call from beginning another; the partial unique
    index would refuse it in any case.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    campaign, now = campaign_at(order.campaign_id, clock)
    begun = list(
        Payment.objects.filter(order=order).exclude(
            state__in=[PaymentState.CLOSED, PaymentState.FAILED]
        )
    )
    _require_payable(order, campaign, begun)
    live = next((payment for payment in begun if payment.state in PAYMENT_LIFECYCLE.open), None)
    if live is not None:
        if now > _expiry(live):
            raise _too_late()
        return _Attempt(payment=live, order_no=order.order_no, is_new=False)
    payment = _attempt_store(order, campaign, method, now)
    return _Attempt(payment=payment, order_no=order.order_no, is_new=True)


def _require_payable(order: Order, campaign: Campaign, begun: list[Payment]) -> None:
    if order.state != OrderState.PENDING_PAYMENT or campaign.state not in SELLING_STATES:
        raise OrderNotPayable("This order needs no payment.", state=order.state)
    if any(payment.verdict == Verdict.HOLD_IN_SUSPENSE for payment in begun):
        raise OrderNotPayable("A payment of this order is being cleared up.")


def _attempt_store(
    order: Order, campaign: Campaign, method: PayMethod | None, now: datetime
) -> Payment:
    gateway = gateway_default()
    chosen = _method_chosen(gateway, method)
    last = campaign.payments_close_at
    expires_at = min(order.pay_by, last) if order.pay_by is not None else last
    if order.total_fen < 1 or now + gateway.limits.expiry_min > expires_at:
        raise _too_late()
    return Payment.objects.create(
        order=order,
        provider=gateway.name,
        out_trade_no=_trade_no(now),
        state=PaymentState.CREATED,
        method=chosen.value,
        amount_fen=order.total_fen,
        created_at=now,
        expires_at=expires_at,
        # Later than the first question: the provider is still to be told.
        next_query_at=query_due_at(queries=1, expires_at=expires_at, now=now),
    )


def _method_chosen(gateway: PaymentGateway, method: PayMethod | None) -> PayMethod:
    chosen = method or gateway.methods[0]
    if chosen not in gateway.methods:
        raise GatewayRefused(
            "This way to pay is not offered here.", provider=gateway.name, method=chosen.value
        )
    return chosen


def _trade_no(now: datetime) -> str:
    return f"{timezone.localdate(now):%Y%m%d}{secrets.token_hex(TRADE_NO_RANDOM_BYTES)}"


def _attempt_move(payment: Payment, state: PaymentState, *, query_at: datetime | None) -> bool:
    """Note what the provider made of the attempt, unless somebody knew more meanwhile."""
    changed = Payment.objects.filter(pk=payment.pk, state__in=WITHOUT_HANDLE).update(
        state=state, handle=payment.handle, next_query_at=query_at
    )
    payment.state, payment.next_query_at = state, query_at
    return bool(changed)


def _attempt_overtaken(payment: Payment) -> Payment:
    """The attempt moved on while the provider was called: a second call, a query, a closing."""
    payment.refresh_from_db()
    if payment.state != PaymentState.SUBMITTED:
        raise OrderNotPayable("This payment has been ended meanwhile.", state=payment.state)
    return payment


def _first_query_at(payment: Payment) -> datetime:
    return query_due_at(queries=0, expires_at=_expiry(payment), now=payment.created_at)


def _expiry(payment: Payment) -> datetime:
    """An attempt of ours always has an expiry; an imported payment is no attempt."""
    return payment.expires_at or payment.created_at


def _too_late() -> OrderNotPayable:
    return OrderNotPayable("It is too late to pay for this order.")
