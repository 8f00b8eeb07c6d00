"""What a provider says of a refund becomes true here, once."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from leaders.domain.crashpoints import crashpoint
from orders.domain.gateway import RefundReport, RefundStatus
from orders.domain.ledger import refund_key, refund_paid
from orders.domain.lifecycle import REFUND_LIFECYCLE
from orders.domain.payment_schedule import REFUND_ATTEMPTS_MAX, refund_due_at
from orders.models.payments import Payment, Refund, RefundState
from orders.services.ledger import transfer_reverse, transfers_post

logger = logging.getLogger(__name__)

# Kept in English on the row, shown in the reader's language.
AMOUNT_DIFFERS = gettext_noop("The provider speaks of another amount.")
ABNORMAL = gettext_noop("Abnormal at the provider.")
CLOSED = gettext_noop("Closed by the provider for good.")


@transaction.atomic
def refund_report_apply(
    *, provider: str, report: RefundReport, now: datetime
) -> RefundState | None:
    """Make a provider's word on a refund true; return its state if that changed.

    Acceptance is not success: while it is processed it is asked about again.
    Only a refund the provider has closed for good gives back what it had
    reserved on its payment; the money is then owed to the order again. A word
    that is known, or about a number that is not ours, changes nothing.
    """
    refund = (
        Refund.objects.select_related("payment__order")
        .filter(out_refund_no=report.out_refund_no, payment__provider=provider)
        .first()
    )
    if refund is None:
        logger.warning("%s reports a refund that is not ours: %s", provider, report.out_refund_no)
        return None
    if report.amount_fen and report.amount_fen != refund.amount_fen:
        return _refund_fail(refund, AMOUNT_DIFFERS, None)
    match report.status:
        case RefundStatus.SUCCESS:
            return _refund_succeed(refund, report, now)
        case RefundStatus.CLOSED:
            return _refund_close(refund, report, now)
        case RefundStatus.ABNORMAL:
            return _refund_fail(refund, ABNORMAL, refund_retry_at(refund, now))
        case RefundStatus.PROCESSING:
            _refund_note(refund, report.refund_id, now)
        case RefundStatus.UNKNOWN_REFUND:
            # It never heard of it: the same number is sent again.
            _refund_note(refund, "", now)
    return None


def refund_retry_at(refund: Refund, now: datetime) -> datetime | None:
    """When a refund that failed is sent again; None when only a person can help."""
    if refund.attempts >= REFUND_ATTEMPTS_MAX:
        return None
    return refund_due_at(attempts=refund.attempts, now=now)


def _refund_succeed(refund: Refund, report: RefundReport, now: datetime) -> RefundState | None:
    succeeded_at = report.succeeded_at or now
    changed = Refund.objects.filter(
        pk=refund.pk, state__in=REFUND_LIFECYCLE.sources_of(RefundState.SUCCEEDED)
    ).update(
        state=RefundState.SUCCEEDED,
        succeeded_at=succeeded_at,
        provider_refund_id=report.refund_id,
        next_attempt_at=None,
        error="",
    )
    if not changed:
        return None
    crashpoint("refund.counted")
    payment = refund.payment
    transfers_post(
        drafts=[
            refund_paid(
                refund_no=refund.out_refund_no,
                order_no=payment.order.order_no,
                provider=payment.provider,
                amount_fen=refund.amount_fen,
                business_date=timezone.localdate(succeeded_at),
            )
        ],
        now=now,
    )
    crashpoint("refund.posted")
    return RefundState.SUCCEEDED


def _refund_close(refund: Refund, report: RefundReport, now: datetime) -> RefundState | None:
    """Undo the request: the reservation and, by its mirror, the posting."""
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    changed = Refund.objects.filter(
        pk=refund.pk, state__in=REFUND_LIFECYCLE.sources_of(RefundState.CLOSED)
    ).update(
        state=RefundState.CLOSED,
        provider_refund_id=report.refund_id,
        next_attempt_at=None,
        error=CLOSED,
    )
    if not changed:
        return None
    Payment.objects.filter(pk=payment.pk).update(
        refund_reserved_fen=F("refund_reserved_fen") - refund.amount_fen
    )
    crashpoint("refund.reservation_freed")
    transfer_reverse(
        idem_key=refund_key(refund.out_refund_no), business_date=timezone.localdate(now), now=now
    )
    logger.error("refund %s was closed by the provider", refund.out_refund_no)
    return RefundState.CLOSED


def _refund_fail(refund: Refund, error: str, again_at: datetime | None) -> RefundState | None:
    changed = Refund.objects.filter(
        pk=refund.pk, state__in=REFUND_LIFECYCLE.sources_of(RefundState.ABNORMAL)
    ).update(state=RefundState.ABNORMAL, next_attempt_at=again_at, error=error)
    if not changed:
        return None
    logger.error("refund %s: %s", refund.out_refund_no, error)
    return RefundState.ABNORMAL


def _refund_note(refund: Refund, provider_refund_id: str, now: datetime) -> None:
    """It is not over: ask again later, or send it again if no number of theirs is known."""
    Refund.objects.filter(
        pk=refund.pk, state__in=[RefundState.SUBMITTED, RefundState.ABNORMAL]
    ).update(
        provider_refund_id=provider_refund_id,
        next_attempt_at=refund_due_at(attempts=refund.attempts, now=now),
    )
