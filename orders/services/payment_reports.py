"""What a provider says of a payment or a refund becomes true here, once.

Notices come twice, late, or in the wrong order, and a query may tell the same
before them. Whatever brings the word, it is counted in one transaction by the
state of its payment: money, order, refund, ledger and messages move together
or not at all. What a payment is worth is decided by `judge_payment`.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import connection
from django.db.models import F
from django.utils import timezone

from leaders.domain.crashpoints import crashpoint
from orders.domain.cutoff import PaymentVerdict, judge_payment
from orders.domain.gateway import Notice, TradeReport, TradeState
from orders.domain.ledger import payment_received, payment_suspended
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.domain.payment_schedule import query_due_at
from orders.integrations.providers import gateway_for
from orders.models.campaigns import CampaignState
from orders.models.orders import Order, OrderState
from orders.models.outbox import Topic
from orders.models.payments import (
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    Verdict,
)
from orders.selectors.trades import KnownTrade, trade_known
from orders.services.ledger import transfers_post
from orders.services.locks import campaign_lock_shared
from orders.services.order_states import SYSTEM, order_drop, order_mark_late, order_pay
from orders.services.outbox import Message, messages_queue
from orders.services.refund_reports import refund_report_apply
from orders.services.refunds import refund_request
from orders.services.retries import in_transaction

logger = logging.getLogger(__name__)

CURRENCY = "CNY"
FROZEN = (CampaignState.FROZEN, CampaignState.FULFILLING, CampaignState.DONE)
# What a notice led to, beside the verdicts; stored in the inbox.
REPEATED = "repeated"
UNKNOWN_NUMBER = "unknown_number"
NOTHING_NEW = "nothing_new"


def notice_receive(*, provider: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Count a notice and say what came of it: a verdict, a state, or why nothing did.

    Returns after the commit, so the provider may be answered. The inbox row
    is written last and with what the notice changed: a known notice has had
    its effect, and one that died halfway is new when it comes again. It needs
    no lock of its own; whoever brings the same notice waits for the same
    order first. Raises `GatewayUnknown`, and `NoticeRefused` for a notice that
    is not genuine; nothing is stored of either.
    """
    notice = gateway_for(provider).read_notice(headers, body)
    result = in_transaction(partial(_notice_count, provider, notice, now))
    crashpoint("notice.committed")
    return result


def trade_report_apply(
    *, provider: str, report: TradeReport, now: datetime
) -> PaymentVerdict | None:
    """Make a provider's word on a trade true; return the verdict if money came in now.

    A word that is known already, or about a number that is not ours, changes
    nothing.
    """
    return in_transaction(partial(_report_count, provider, report, now))


def order_drop_if_unpaid(*, order: Order, now: datetime) -> bool:
    """Drop a locked order whose time to pay is over, unless money may still be there.

    A live attempt may be paid at the provider, and money in suspense may turn
    out right until payments close: both keep the goods.
    """
    if order.state != OrderState.PENDING_PAYMENT or order.pay_by is None or now <= order.pay_by:
        return False
    hopeful = Payment.objects.filter(order=order, state__in=PAYMENT_LIFECYCLE.open)
    if now <= order.campaign.payments_close_at:
        hopeful |= Payment.objects.filter(
            order=order, verdict=Verdict.HOLD_IN_SUSPENSE, refund_reserved_fen=0
        )
    if hopeful.exists():
        return False
    return order_drop(order_id=order.pk, now=now, actor=SYSTEM, reason="not_paid_in_time")


def order_locked(order_id: int, campaign_id: int) -> Order:
    """The order with its campaign and pickup point, locked after the campaign."""
    campaign_lock_shared(campaign_id)
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "pickup_point")
        .get(pk=order_id)
    )


def _notice_count(provider: str, notice: Notice, now: datetime) -> str:
    if notice.trade is not None:
        trade = _trade(provider, notice.trade.out_trade_no, notice.notice_id)
        if trade is None:
            result = UNKNOWN_NUMBER
        elif trade.is_notice_known:
            return REPEATED
        else:
            result = _trade_move(provider, trade, notice.trade, now) or NOTHING_NEW
    elif notice.refund is not None:
        state = refund_report_apply(provider=provider, report=notice.refund, now=now)
        result = state or NOTHING_NEW
    else:
        result = NOTHING_NEW
    _inbox_keep(provider, notice, result, now)
    crashpoint("notice.inbox_written")
    return result


def _inbox_keep(provider: str, notice: Notice, result: str, now: datetime) -> None:
    """Remember a notice and what came of it, once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orders_paymentnotice
                   (provider, notice_id, body_hash, result, received_at)
            VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (provider, notice_id) DO NOTHING
            """,
            [provider, notice.notice_id, notice.body_hash, str(result), now],
        )


def _report_count(provider: str, report: TradeReport, now: datetime) -> PaymentVerdict | None:
    trade = _trade(provider, report.out_trade_no)
    return _trade_move(provider, trade, report, now) if trade is not None else None


def _trade(provider: str, out_trade_no: str, notice_id: str = "") -> KnownTrade | None:
    """The attempt of this number; one that is not ours is noted in the log."""
    trade = trade_known(provider=provider, out_trade_no=out_trade_no, notice_id=notice_id)
    if trade is None:
        logger.warning("%s reports a trade that is not ours: %s", provider, out_trade_no)
    return trade


def _trade_move(
    provider: str, trade: KnownTrade, report: TradeReport, now: datetime
) -> PaymentVerdict | None:
    if trade.state == PaymentState.SUCCEEDED:
        return None
    if report.state.is_paid:
        return _money_count(provider, trade, report, now)
    if report.state == TradeState.NOT_PAID:
        payment_ask_later(
            payment_id=trade.payment_id,
            queries=trade.queries,
            expires_at=trade.expires_at,
            now=now,
        )
    else:
        _attempt_close(trade, now)
    return None


def payment_ask_later(
    *, payment_id: int, queries: int, expires_at: datetime, now: datetime
) -> None:
    """Note that an attempt was asked about in vain, and when to ask again."""
    Payment.objects.filter(pk=payment_id, state__in=PAYMENT_LIFECYCLE.open).update(
        queries=F("queries") + 1,
        next_query_at=query_due_at(queries=queries + 1, expires_at=expires_at, now=now),
    )


def _attempt_close(trade: KnownTrade, now: datetime) -> None:
    """The provider will never take money for the attempt; the order may be over with it."""
    order = order_locked(trade.order_id, trade.campaign_id)
    closed = Payment.objects.filter(
        pk=trade.payment_id, state__in=PAYMENT_LIFECYCLE.sources_of(PaymentState.CLOSED)
    ).update(state=PaymentState.CLOSED, next_query_at=None)
    crashpoint("report.attempt_closed")
    if closed:
        order_drop_if_unpaid(order=order, now=now)


def _money_count(
    provider: str, trade: KnownTrade, report: TradeReport, now: datetime
) -> PaymentVerdict | None:
    """Money came in: judge it, book it, and let order, refund and messages follow."""
    order = order_locked(trade.order_id, trade.campaign_id)
    succeeded_at = report.succeeded_at or now
    campaign = order.campaign
    verdict = judge_payment(
        succeeded_at=succeeded_at,
        payments_close_at=campaign.payments_close_at,
        is_frozen=campaign.state in FROZEN,
        is_order_payable=order.state == OrderState.PENDING_PAYMENT
        and campaign.state != CampaignState.CANCELLED,
        is_amount_right=report.amount_fen == trade.amount_fen
        and report.currency == CURRENCY
        and report.is_payee_ours,
    )
    counted = Payment.objects.filter(
        pk=trade.payment_id, state__in=PAYMENT_LIFECYCLE.sources_of(PaymentState.SUCCEEDED)
    ).update(
        state=PaymentState.SUCCEEDED,
        verdict=verdict.value,
        received_fen=report.amount_fen,
        succeeded_at=succeeded_at,
        transaction_id=report.transaction_id,
        next_query_at=None,
    )
    if not counted:
        return None
    crashpoint("report.payment_counted")
    _order_follow(order, verdict, succeeded_at, now)
    crashpoint("report.order_moved")
    _money_post(provider, order, verdict, report, now)
    crashpoint("report.money_posted")
    if verdict.is_refunded and report.amount_fen:
        is_needless = verdict is PaymentVerdict.REFUND_DUPLICATE
        money_return(
            order=order,
            payment_id=trade.payment_id,
            reason=RefundReason.DUPLICATE_PAYMENT if is_needless else RefundReason.LATE_PAYMENT,
            amount_fen=report.amount_fen,
            refund_no=f"{report.out_trade_no}R1",
            now=now,
        )
    elif verdict is PaymentVerdict.PAID:
        messages_queue(messages=[paid_message(order)], now=now)
    crashpoint("report.messages_queued")
    if verdict.is_incident:
        logger.error("%s: money for order %s, %s", verdict, order.order_no, report.out_trade_no)
    return verdict


def _order_follow(
    order: Order, verdict: PaymentVerdict, succeeded_at: datetime, now: datetime
) -> None:
    """Move the order as its money decided; suspended and unneeded money moves nothing."""
    if verdict is PaymentVerdict.PAID:
        order_pay(order_id=order.pk, paid_at=succeeded_at, now=now, actor=SYSTEM)
    elif verdict in (PaymentVerdict.REFUND_LATE, PaymentVerdict.REFUND_AFTER_FREEZE):
        order_mark_late(order_id=order.pk, paid_at=succeeded_at, now=now, reason=verdict.value)


def _money_post(
    provider: str, order: Order, verdict: PaymentVerdict, report: TradeReport, now: datetime
) -> None:
    """Book the money on the day the provider took it, as its bill does."""
    if not report.amount_fen:
        return
    is_held = verdict is PaymentVerdict.HOLD_IN_SUSPENSE
    template = payment_suspended if is_held else payment_received
    draft = template(
        attempt_no=report.out_trade_no,
        order_no=order.order_no,
        provider=provider,
        amount_fen=report.amount_fen,
        business_date=timezone.localdate(report.succeeded_at or now),
    )
    transfers_post(drafts=[draft], now=now)


def money_return(
    *,
    order: Order,
    payment_id: int,
    reason: RefundReason,
    amount_fen: int,
    refund_no: str,
    now: datetime,
) -> None:
    """Request a refund and tell whoever paid; called inside the transaction of its cause."""
    refund = refund_request(
        payment_id=payment_id, reason=reason, amount_fen=amount_fen, refund_no=refund_no, now=now
    )
    messages_queue(messages=[_returned_message(order, refund)], now=now)


def paid_message(order: Order) -> Message:
    """Tell the resident that the order is paid, and when and where its goods come."""
    return Message(
        topic=Topic.ORDER_PAID,
        dedupe_key=order.order_no,
        phone=order.resident_phone,
        resident_id=order.resident_id,
        facts={
            "order_no": order.order_no,
            "amount_fen": order.total_fen,
            "delivery_date": order.campaign.delivery_date.isoformat(),
            "place": order.pickup_point.name,
        },
    )


def _returned_message(order: Order, refund: Refund) -> Message:
    """Tell whoever paid that the money is on its way back."""
    payer = order.payer_leader
    return Message(
        topic=Topic.PAYMENT_RETURNED,
        dedupe_key=refund.out_refund_no,
        phone=payer.phone if payer is not None else order.resident_phone,
        resident_id=None if payer is not None else order.resident_id,
        facts={
            "order_no": order.order_no,
            "amount_fen": refund.amount_fen,
            "reason": refund.reason,
        },
    )
