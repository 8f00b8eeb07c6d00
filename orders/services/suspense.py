"""Money in suspense: a person decides whether it is the order's or goes back."""

import logging
from datetime import datetime
from enum import StrEnum
from functools import partial

from django.utils import timezone

from orders.domain.cutoff import PaymentVerdict, judge_payment
from orders.domain.gateway import TradeReport
from orders.domain.ledger import suspense_accepted
from orders.errors import OrderNotPayable, PaymentNotInSuspense
from orders.integrations.providers import gateway_for
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, RefundReason, Verdict
from orders.services.ledger import transfers_post
from orders.services.order_states import order_pay
from orders.services.outbox import messages_queue
from orders.services.payment_reports import (
    CURRENCY,
    FROZEN,
    money_return,
    order_locked,
    paid_message,
)
from orders.services.retries import in_transaction

logger = logging.getLogger(__name__)


class SuspenseDecision(StrEnum):
    """What becomes of money that did not fit its order."""

    ACCEPT = "accept"
    REFUND = "refund"


def suspense_resolve(
    *, payment_id: int, decision: SuspenseDecision, actor: str, now: datetime
) -> Payment:
    """Decide about a payment in suspense, once; return it as it is then.

    REFUND sends back all that came in. ACCEPT pays the order, if it could
    still be paid by a right payment of the same moment, and sends back what
    came in above its price. Before that the provider is asked again: money in
    another currency, or for another payee, is never accepted.

    Raises `PaymentNotInSuspense` if there is nothing to decide,
    `OrderNotPayable` if the money cannot be accepted, and `GatewayUnavailable`
    if the provider does not answer.
    """
    report = None
    if decision is SuspenseDecision.ACCEPT:
        payment = Payment.objects.get(pk=payment_id)
        report = gateway_for(payment.provider).query(payment.out_trade_no)
    in_transaction(partial(_resolve, payment_id, report, actor, now))
    logger.info("%s of payment %s in suspense by %s", decision, payment_id, actor)
    return Payment.objects.get(pk=payment_id)


def _resolve(payment_id: int, report: TradeReport | None, actor: str, now: datetime) -> None:
    order_id, campaign_id = Payment.objects.values_list("order_id", "order__campaign_id").get(
        pk=payment_id
    )
    order = order_locked(order_id, campaign_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.verdict != Verdict.HOLD_IN_SUSPENSE or payment.refund_reserved_fen:
        raise PaymentNotInSuspense("Nothing has to be decided about this payment.")
    if report is None:
        _give_back(order, payment, payment.received_fen or 0, now)
    else:
        _accept(order, payment, report, actor, now)


def _accept(order: Order, payment: Payment, report: TradeReport, actor: str, now: datetime) -> None:
    came_in = payment.received_fen or 0
    succeeded_at = payment.succeeded_at or now
    if not (report.currency == CURRENCY and report.is_payee_ours and report.amount_fen == came_in):
        raise OrderNotPayable("This money is of another currency, or not ours.")
    if came_in < payment.amount_fen:
        raise OrderNotPayable("Less came in than the order costs.")
    verdict = judge_payment(
        succeeded_at=succeeded_at,
        payments_close_at=order.campaign.payments_close_at,
        is_frozen=order.campaign.state in FROZEN,
        is_order_payable=order.state == OrderState.PENDING_PAYMENT,
        is_amount_right=True,
    )
    if verdict is not PaymentVerdict.PAID:
        raise OrderNotPayable("This order can no longer be paid.", verdict=verdict.value)
    Payment.objects.filter(pk=payment.pk).update(verdict=Verdict.PAID)
    order_pay(order_id=order.pk, paid_at=succeeded_at, now=now, actor=actor)
    transfers_post(
        drafts=[
            suspense_accepted(
                attempt_no=payment.out_trade_no,
                order_no=order.order_no,
                amount_fen=came_in,
                business_date=timezone.localdate(now),
            )
        ],
        now=now,
    )
    if came_in > payment.amount_fen:
        _give_back(order, payment, came_in - payment.amount_fen, now)
    messages_queue(messages=[paid_message(order)], now=now)


def _give_back(order: Order, payment: Payment, amount_fen: int, now: datetime) -> None:
    money_return(
        order=order,
        payment_id=payment.pk,
        reason=RefundReason.DUPLICATE_PAYMENT,
        amount_fen=amount_fen,
        refund_no=f"{payment.out_trade_no}R1",
        now=now,
    )
