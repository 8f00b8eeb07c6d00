"""Refunds that are due are sent to their provider, each under one number for ever.

That a refund is being sent is committed before the call, with the moment of
the next try; the call is made outside any transaction. Whatever dies in
between leaves a refund that is sent again under the same number, and a
provider pays a number once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_noop

from leaders.domain.crashpoints import crashpoint
from orders.domain.gateway import GatewayLimits, RefundOrder, RefundReport
from orders.domain.lifecycle import REFUND_LIFECYCLE
from orders.domain.payment_schedule import refund_due_at
from orders.errors import GatewayRefused, GatewayUnknown, RefundNotRepeatable
from orders.integrations.gateways import PaymentGateway
from orders.integrations.providers import gateway_for
from orders.models.payments import Payment, Refund, RefundReason, RefundState
from orders.services.gateway_calls import Answered, calls_make
from orders.services.refund_reports import refund_report_apply, refund_retry_at
from orders.services.refunds import LineRefund, refund_request

logger = logging.getLogger(__name__)

# So many are sent in one round; the rest is due in the next.
ROUND_SIZE = 200
ERROR_MAX = 200
PAST_WINDOW = gettext_noop("The provider refunds this payment no more: it is too old.")
TOO_MANY = gettext_noop("The provider refunds this payment no more: too many refunds.")
SENDABLE = frozenset({*REFUND_LIFECYCLE.sources_of(RefundState.SUBMITTED), RefundState.SUBMITTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    """A refund on its way: asked about if the provider has accepted it, else sent."""

    order: RefundOrder
    is_accepted: bool


def refunds_submit(*, now: datetime) -> Mapping[str, int]:
    """Send and ask about the refunds that are due; return the figures of the round.

    Keys: `refunds_due` looked at, `refunds_sent` calls made, and
    `refunds_paid` that are over now.
    """
    due: defaultdict[str, list[int]] = defaultdict(list)
    for provider, refund_id in (
        Refund.objects.filter(next_attempt_at__lte=now, state__in=SENDABLE)
        .order_by("next_attempt_at", "pk")
        .values_list("payment__provider", "pk")[:ROUND_SIZE]
    ):
        due[provider].append(refund_id)
    figures = {"refunds_due": sum(map(len, due.values())), "refunds_sent": 0, "refunds_paid": 0}
    for provider, refund_ids in due.items():
        try:
            gateway = gateway_for(provider)
        except GatewayUnknown:
            continue
        for name, count in _provider_round(gateway, refund_ids, now).items():
            figures[name] += count
    return figures


@transaction.atomic
def refund_renew(*, refund_id: int, now: datetime) -> Refund:
    """Let a person's try follow one that failed: at once, or anew if it was closed.

    An abnormal refund keeps its number; a closed one is requested again under
    the next. Raises `RefundNotRepeatable` for any other.
    """
    refund = Refund.objects.select_related("payment__order").get(pk=refund_id)
    if refund.state == RefundState.CLOSED:
        return _refund_ask_anew(refund, now)
    if refund.state != RefundState.ABNORMAL:
        raise RefundNotRepeatable("Only a refund that failed is tried again.", state=refund.state)
    Refund.objects.filter(pk=refund_id, state=RefundState.ABNORMAL).update(
        attempts=0, next_attempt_at=now
    )
    refund.refresh_from_db()
    return refund


def _refund_ask_anew(refund: Refund, now: datetime) -> Refund:
    base, _at, count = refund.out_refund_no.partition("@")
    order_no = refund.payment.order.order_no
    rows = refund.lines.values_list("order_line_id", "qty", "amount_fen")
    return refund_request(
        payment_id=refund.payment_id,
        reason=RefundReason(refund.reason),
        amount_fen=refund.amount_fen,
        refund_no=f"{base}@{int(count or 1) + 1}",
        now=now,
        lines=[
            LineRefund(order_no=order_no, order_line_id=line_id, qty=qty, amount_fen=fen)
            for line_id, qty, fen in rows
        ],
    )


def _provider_round(
    gateway: PaymentGateway, refund_ids: list[int], now: datetime
) -> Mapping[str, int]:
    sendings: dict[int, _Sending] = {}

    def claim(refund_id: int) -> bool:
        sending = _refund_claim(refund_id, gateway.limits, now)
        if sending is not None:
            sendings[refund_id] = sending
            crashpoint("refund.claimed")
        return sending is not None

    paid = 0
    for answered in calls_make(
        lambda refund_id: _send(gateway, sendings[refund_id]),
        refund_ids,
        at_once=gateway.limits.calls_at_once,
        before=claim,
    ):
        crashpoint("refund.answered")
        try:
            paid += _answer_count(gateway, answered, now)
        except DatabaseError:
            # One that cannot be counted now must not keep the others from it.
            logger.exception("refund %s could not be counted", answered.subject)
    return {"refunds_sent": len(sendings), "refunds_paid": paid}


def _answer_count(
    gateway: PaymentGateway, answered: Answered[int, RefundReport], now: datetime
) -> bool:
    """Make what the provider said of a refund true; tell whether it is over with it."""
    if answered.refusal is not None:
        _refusal_note(answered.subject, answered.refusal, now)
    if answered.answer is None:
        return False
    state = refund_report_apply(provider=gateway.name, report=answered.answer, now=now)
    return state == RefundState.SUCCEEDED


def _send(gateway: PaymentGateway, sending: _Sending) -> RefundReport:
    """The call itself; runs in a thread without a database."""
    if sending.is_accepted:
        return gateway.query_refund(sending.order.out_refund_no)
    return gateway.refund(sending.order)


@transaction.atomic
def _refund_claim(refund_id: int, limits: GatewayLimits, now: datetime) -> _Sending | None:
    """Commit that a refund is being sent; None if somebody else sends it, or nobody may.

    Its siblings on the same payment wait: a provider takes one a minute. The
    payment's row is locked, so two rounds cannot send two of them at once.
    """
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    siblings = {refund.pk: refund for refund in Refund.objects.filter(payment=payment)}
    refund = siblings.pop(refund_id)
    if refund.next_attempt_at is None or refund.next_attempt_at > now:
        return None
    is_accepted = refund.state == RefundState.SUBMITTED and refund.provider_refund_id != ""
    if not is_accepted and (obstacle := _obstacle(payment, siblings.values(), limits, now)):
        Refund.objects.filter(pk=refund_id).update(next_attempt_at=None, error=obstacle)
        return None
    attempts = refund.attempts + 1
    Refund.objects.filter(pk=refund_id, state__in=SENDABLE).update(
        state=RefundState.SUBMITTED,
        attempts=attempts,
        next_attempt_at=refund_due_at(attempts=attempts, now=now),
    )
    if not is_accepted:
        Refund.objects.filter(pk__in=siblings, next_attempt_at__isnull=False).update(
            next_attempt_at=Greatest("next_attempt_at", Value(now + limits.refund_spacing))
        )
    return _Sending(
        order=RefundOrder(
            out_trade_no=payment.out_trade_no,
            out_refund_no=refund.out_refund_no,
            amount_fen=refund.amount_fen,
            paid_fen=payment.came_in_fen,
            reason=refund.get_reason_display(),
        ),
        is_accepted=is_accepted,
    )


def _obstacle(
    payment: Payment, siblings: Iterable[Refund], limits: GatewayLimits, now: datetime
) -> str:
    """Why the provider would refuse a refund whatever we do, or ''."""
    if payment.succeeded_at is not None and now > payment.succeeded_at + limits.refund_window:
        return PAST_WINDOW
    if sum(sibling.attempts > 0 for sibling in siblings) >= limits.refunds_per_payment:
        return TOO_MANY
    return ""


def _refusal_note(refund_id: int, refusal: GatewayRefused, now: datetime) -> None:
    """A definite no: nothing happened. Tried again later, in the end by a person."""
    refund = Refund.objects.get(pk=refund_id)
    error = str(refusal.details.get("provider_code", refusal.message))
    Refund.objects.filter(
        pk=refund_id, state__in=REFUND_LIFECYCLE.sources_of(RefundState.ABNORMAL)
    ).update(
        state=RefundState.ABNORMAL,
        next_attempt_at=refund_retry_at(refund, now),
        error=error[:ERROR_MAX],
    )
    logger.warning("refund %s was refused: %s", refund.out_refund_no, error)
