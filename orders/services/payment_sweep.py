"""Nobody relies on notices: unfinished attempts are asked about until they are over.

An attempt whose time is over is closed before it is asked about, because a
provider goes on reading "not paid" after the expiry, and the answer to a
closing proves nothing. Only the answer to the question counts.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef

from leaders.domain.crashpoints import crashpoint
from orders.domain.cutoff import PaymentVerdict
from orders.domain.gateway import TradeReport, TradeState
from orders.domain.lifecycle import PAYMENT_LIFECYCLE
from orders.errors import GatewayRefused, GatewayUnknown, PlatformBusy
from orders.integrations.gateways import PaymentGateway
from orders.integrations.providers import gateway_for
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment
from orders.services.gateway_calls import calls_make
from orders.services.payment_reports import (
    order_drop_if_unpaid,
    order_locked,
    payment_ask_later,
    trade_report_apply,
)
from orders.services.retries import in_transaction

logger = logging.getLogger(__name__)

ENDED = (TradeState.CLOSED, TradeState.UNKNOWN_TRADE)
# So many attempts or orders are looked at in one round; the rest is due in the next.
ROUND_SIZE = 200
# Whoever died while asking leaves the attempt to the next round after this.
ASKING = timedelta(minutes=1)
# A page that is reloaded all the time asks the provider no more often.
REFRESH_PAUSE_S = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """An unfinished attempt, as far as asking about it needs it."""

    payment_id: int
    provider: str
    out_trade_no: str
    queries: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the provider said of an attempt, if anything, and what money that came in was worth."""

    attempt: _Attempt
    report: TradeReport | None
    verdict: PaymentVerdict | None = None


def payments_sweep(*, now: datetime) -> Mapping[str, int]:
    """Ask about every attempt that is due; return the figures of the round.

    Keys: `payments_asked`, `payments_answered`, `payments_paid` whatever the
    money was worth, `payments_closed`.
    """
    return _figures(_ask(_attempts_claim(now), now))


def payments_resolve(*, campaign_id: int, now: datetime) -> Mapping[str, int]:
    """Close, then ask about every live attempt of a campaign; figures as in the sweep.

    For the minutes between the closing of payments and the freeze; before
    that moment it does nothing. What could not be resolved is tried again by
    the next call or by the sweep, and the freeze waits for none of it.
    """
    closes_at = Campaign.objects.values_list("payments_close_at", flat=True).get(pk=campaign_id)
    live = Payment.objects.filter(
        order__campaign_id=campaign_id, state__in=PAYMENT_LIFECYCLE.open
    ).order_by("pk")
    attempts = [_attempt(payment) for payment in live] if now > closes_at else []
    return _figures(_ask(attempts, now, must_end=True))


def payment_refresh(*, payment_id: int, now: datetime) -> PaymentVerdict | None:
    """Ask about one attempt now, for the buyer who looks at the order.

    Returns the verdict if money came in now. An attempt that is over, was
    asked about a moment ago, or whose provider does not answer, stays as it is.
    """
    payment = Payment.objects.filter(pk=payment_id, state__in=PAYMENT_LIFECYCLE.open).first()
    if payment is None or not cache.add(f"payment-refresh:{payment_id}", 1, REFRESH_PAUSE_S):
        return None
    return next((told.verdict for told in _ask([_attempt(payment)], now)), None)


def attempt_end(*, payment: Payment, now: datetime) -> TradeState | None:
    """Close a live attempt at its provider and make what it then says true.

    Returns the provider's word, or None if it gave none.
    """
    told = next(_ask([_attempt(payment)], now, must_end=True), None)
    return told.report.state if told is not None and told.report is not None else None


def unpaid_orders_drop(*, now: datetime) -> int:
    """Drop orders whose time to pay is over and that nobody can pay any more; return how many.

    Orders with a live attempt are left to the sweep: goods are given up only
    when the provider says that no money will come.
    """
    live = Payment.objects.filter(order=OuterRef("pk"), state__in=PAYMENT_LIFECYCLE.open)
    overdue = (
        Order.objects.filter(~Exists(live), state=OrderState.PENDING_PAYMENT, pay_by__lt=now)
        .order_by("pay_by", "pk")
        .values_list("pk", "campaign_id")[:ROUND_SIZE]
    )
    dropped = 0
    for order_id, campaign_id in list(overdue):
        try:
            dropped += in_transaction(partial(_unpaid_drop, order_id, campaign_id, now))
        except (PlatformBusy, DatabaseError):
            logger.exception("order %s could not be dropped", order_id)
        crashpoint("unpaid.dropped")
    return dropped


def _unpaid_drop(order_id: int, campaign_id: int, now: datetime) -> bool:
    return order_drop_if_unpaid(order=order_locked(order_id, campaign_id), now=now)


@transaction.atomic
def _attempts_claim(now: datetime) -> list[_Attempt]:
    """Take the attempts that are due for this round; two rounds never take the same."""
    due = list(
        Payment.objects.select_for_update(skip_locked=True)
        .filter(state__in=PAYMENT_LIFECYCLE.open, next_query_at__lte=now)
        .order_by("next_query_at", "pk")[:ROUND_SIZE]
    )
    Payment.objects.filter(pk__in=[payment.pk for payment in due]).update(
        next_query_at=now + ASKING
    )
    return [_attempt(payment) for payment in due]


def _ask(attempts: Sequence[_Attempt], now: datetime, *, must_end: bool = False) -> Iterator[_Told]:
    """Ask about attempts, provider by provider, and make each answer true before it is yielded."""
    by_provider: defaultdict[str, list[_Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_provider[attempt.provider].append(attempt)
    for provider, its_attempts in by_provider.items():
        try:
            gateway = gateway_for(provider)
        except GatewayUnknown:
            logger.error("payments of %s are unfinished, but it is not set up", provider)
            continue
        for answered in calls_make(
            partial(_question, gateway, now, must_end),
            its_attempts,
            at_once=gateway.limits.calls_at_once,
        ):
            yield _told(answered.subject, answered.answer, now)
            crashpoint("sweep.counted")


def _question(
    gateway: PaymentGateway, now: datetime, must_end: bool, attempt: _Attempt
) -> TradeReport:
    """Close if its time is over, then ask; runs in a thread without a database."""
    if must_end or now > attempt.expires_at:
        with suppress(GatewayRefused):
            gateway.close(attempt.out_trade_no)
    return gateway.query(attempt.out_trade_no)


def _told(attempt: _Attempt, report: TradeReport | None, now: datetime) -> _Told:
    if report is None:
        payment_ask_later(
            payment_id=attempt.payment_id,
            queries=attempt.queries,
            expires_at=attempt.expires_at,
            now=now,
        )
        return _Told(attempt=attempt, report=None)
    crashpoint("sweep.answered")
    try:
        verdict = trade_report_apply(provider=attempt.provider, report=report, now=now)
    except (PlatformBusy, DatabaseError):
        # One that cannot be counted now must not keep the others from it.
        logger.exception("payment %s could not be counted", attempt.out_trade_no)
        return _Told(attempt=attempt, report=None)
    return _Told(attempt=attempt, report=report, verdict=verdict)


def _figures(tolds: Iterable[_Told]) -> Mapping[str, int]:
    figures = Counter({"payments_asked": 0, "payments_answered": 0})
    figures.update({"payments_paid": 0, "payments_closed": 0})
    for told in tolds:
        figures["payments_asked"] += 1
        if told.report is not None:
            figures["payments_answered"] += 1
            figures["payments_paid"] += told.verdict is not None
            figures["payments_closed"] += told.report.state in ENDED
    return figures


def _attempt(payment: Payment) -> _Attempt:
    return _Attempt(
        payment_id=payment.pk,
        provider=payment.provider,
        out_trade_no=payment.out_trade_no,
        queries=payment.queries,
        expires_at=payment.expires_at or payment.created_at,
    )
