"""Payouts on their way: sent once, asked about until they are heard of, and posted.

That a payout is being sent is committed before the call, and every call is made
outside any transaction. Whatever dies in between is asked about later and, if
the provider never heard of it, sent again under the same number.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import (
    COMMISSION_LIFECYCLE,
    PAYOUT_LIFECYCLE,
    SETTLEMENT_LIFECYCLE,
)
from fulfillment.domain.payouts import (
    ASKED_EVERY,
    CONFIRMATION_ASKED_EVERY,
    CONFIRMED_WITHIN,
    PayoutOrder,
    PayoutReport,
    PayoutStatus,
)
from fulfillment.integrations.payouts import PayoutProvider, payout_provider
from fulfillment.models.payouts import Payout, PayoutChannel, PayoutState
from fulfillment.models.settlement import (
    CommissionEntry,
    CommissionState,
    SettlementState,
    SettlementStatement,
)
from fulfillment.payout_errors import PayoutNotOpen
from fulfillment.selectors.payouts import payee_of, payee_ready, payouts_due
from fulfillment.selectors.statements import statements_behind
from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.domain.payout_postings import payout as payout_transfer
from orders.errors import GatewayUnknown
from orders.models.outbox import Topic
from orders.services.gateway_calls import calls_make
from orders.services.ledger import transfers_post
from orders.services.outbox import Message, messages_queue

logger = logging.getLogger(__name__)

STATES = {
    PayoutStatus.ON_ITS_WAY: PayoutState.SUBMITTED,
    PayoutStatus.WAIT_CONFIRM: PayoutState.WAIT_CONFIRM,
    PayoutStatus.PAID: PayoutState.PAID,
    PayoutStatus.EXPIRED: PayoutState.EXPIRED,
    PayoutStatus.FAILED: PayoutState.FAILED,
}
OPEN_AT_PROVIDER = (PayoutState.SUBMITTED, PayoutState.WAIT_CONFIRM)
ERROR_MAX = 200


def payouts_submit_due(*, now: datetime) -> int:
    """Send every approved payout that is due, each once; return how many were sent."""
    return _round(
        payouts_due(now, PayoutState.APPROVED),
        claim=lambda payout_id: _claim_to_send(payout_id, now),
        call=lambda provider, order, _is_over: provider.submit(order),
        now=now,
    )


def payouts_sweep(*, now: datetime) -> int:
    """Ask about every payout that is on its way; return how many were asked about.

    What the provider never heard of is sent again under the same number; what
    the leader has not confirmed in time is cancelled there.
    """
    return _round(
        payouts_due(now, *OPEN_AT_PROVIDER),
        claim=lambda payout_id: _claim_to_ask(payout_id, now),
        call=_ask,
        now=now,
    )


@transaction.atomic
def payout_report_apply(*, report: PayoutReport, now: datetime) -> PayoutState | None:
    """Make a provider's word on a payout true; return its state, None if it is not ours.

    Saying the same twice changes nothing, and a payout that has ended stays.
    An amount that is not ours is written down for a person and nothing moves.
    """
    payout = (
        Payout.objects.select_for_update(of=("self",), no_key=True)
        .select_related("statement__leader")
        .filter(payout_no=report.payout_no)
        .first()
    )
    if payout is None or report.status is PayoutStatus.UNKNOWN:
        return PayoutState(payout.state) if payout else None
    if report.amount_fen is not None and report.amount_fen != payout.amount_fen:
        logger.error("payout %s is said to be %s fen", payout.payout_no, report.amount_fen)
        Payout.objects.filter(pk=payout.pk).update(
            error=_("The provider speaks of another amount."), next_query_at=None
        )
        return PayoutState(payout.state)
    state = STATES[report.status]
    is_over = state in PAYOUT_LIFECYCLE.completed | PAYOUT_LIFECYCLE.failed
    moved = Payout.objects.filter(
        pk=payout.pk, state__in=PAYOUT_LIFECYCLE.sources_of(state)
    ).update(
        state=state,
        provider_no=report.provider_no or payout.provider_no,
        confirm_with="" if is_over else report.confirm_with or payout.confirm_with,
        confirm_by=payout.confirm_by or now + CONFIRMED_WITHIN,
        next_query_at=None if is_over else now + _pause(state),
        error=report.reason[:ERROR_MAX],
        closed_at=now if is_over else None,
    )
    if not moved:
        payout.refresh_from_db()
        return PayoutState(payout.state)
    _follow(payout, state, now)
    return state


@transaction.atomic
def payout_bank_result(
    *, payout_id: int, is_paid: bool, note: str, actor: User, now: datetime
) -> None:
    """Enter what the bank did with a payout of a bank file.

    Raises `PayoutNotOpen` for one that is not approved, has ended, or does
    not go through a bank file.
    """
    payout = Payout.objects.select_related("batch").get(pk=payout_id)
    is_open = payout.state == PayoutState.APPROVED
    if payout.batch.channel != PayoutChannel.BANK_FILE or not is_open:
        raise PayoutNotOpen(_("Only an approved payout of a bank file has a bank's result."))
    report = PayoutReport(
        payout_no=payout.payout_no,
        status=PayoutStatus.PAID if is_paid else PayoutStatus.FAILED,
        amount_fen=payout.amount_fen,
        reason="" if is_paid else note,
    )
    payout_report_apply(report=report, now=now)
    action = "payout.paid_by_bank" if is_paid else "payout.failed_at_bank"
    audit(action=action, about=payout, actor=actor, now=now, reason=note)


def _round(
    payout_ids: Sequence[int],
    *,
    claim: Callable[[int], tuple[PayoutOrder, bool] | None],
    call: Callable[[PayoutProvider, PayoutOrder, bool], PayoutReport],
    now: datetime,
) -> int:
    """Call for every payout that can be claimed, and make true what is said of it."""
    if not payout_ids:
        return 0
    try:
        provider = payout_provider()
    except GatewayUnknown:
        return 0
    claimed: dict[int, tuple[PayoutOrder, bool]] = {}

    def before(payout_id: int) -> bool:
        order = claim(payout_id)
        if order is not None:
            claimed[payout_id] = order
            crashpoint("payout.claimed")
        return order is not None

    for answered in calls_make(
        lambda payout_id: call(provider, *claimed[payout_id]),
        payout_ids,
        at_once=provider.calls_at_once,
        before=before,
    ):
        crashpoint("payout.answered")
        if answered.refusal is not None:
            logger.warning("payout %s: %s", answered.subject, answered.refusal.details)
        if answered.answer is None:
            continue
        try:
            payout_report_apply(report=answered.answer, now=now)
        except DatabaseError:
            # One that cannot be counted now must not keep the others from it.
            logger.exception("payout %s could not be counted", answered.subject)
    return len(claimed)


def _ask(provider: PayoutProvider, order: PayoutOrder, is_over: bool) -> PayoutReport:
    report = provider.query(order.payout_no)
    # Without a payee who is verified now, what may still be on its way is only asked about.
    if report.status is PayoutStatus.UNKNOWN and order.openid:
        return provider.submit(order)
    if report.status is PayoutStatus.WAIT_CONFIRM and is_over:
        provider.cancel(order.payout_no)
        return provider.query(order.payout_no)
    return report


def _claim_to_send(payout_id: int, now: datetime) -> tuple[PayoutOrder, bool] | None:
    """Commit that a payout is being sent; None if somebody else sends it, or nobody may."""
    order = _order(payout_id)
    if not order.openid:
        reason = _("The payee was changed and is to be verified again.")
        report = PayoutReport(payout_no=order.payout_no, status=PayoutStatus.FAILED, reason=reason)
        payout_report_apply(report=report, now=now)
        return None
    claimed = Payout.objects.filter(
        pk=payout_id,
        state__in=PAYOUT_LIFECYCLE.sources_of(PayoutState.SUBMITTED),
        next_query_at__lte=now,
    ).update(state=PayoutState.SUBMITTED, next_query_at=now + ASKED_EVERY)
    return (order, False) if claimed else None


def _claim_to_ask(payout_id: int, now: datetime) -> tuple[PayoutOrder, bool] | None:
    """Commit that a payout is being asked about, and whether its time is over."""
    claimed = any(
        Payout.objects.filter(pk=payout_id, state=state, next_query_at__lte=now).update(
            next_query_at=now + _pause(state)
        )
        for state in OPEN_AT_PROVIDER
    )
    if not claimed:
        return None
    confirm_by = Payout.objects.values_list("confirm_by", flat=True).get(pk=payout_id)
    return _order(payout_id), confirm_by is not None and confirm_by <= now


def _pause(state: PayoutState) -> timedelta:
    """How long to wait before asking again."""
    return CONFIRMATION_ASKED_EVERY if state == PayoutState.WAIT_CONFIRM else ASKED_EVERY


def _order(payout_id: int) -> PayoutOrder:
    """What is asked of the provider; without an openid if the payee is not verified now."""
    payout = Payout.objects.select_related("statement__leader__payee").get(pk=payout_id)
    leader = payout.statement.leader
    payee = payee_of(leader) if payee_ready(leader, PayoutChannel.WECHAT) else None
    return PayoutOrder(
        payout_no=payout.payout_no,
        amount_fen=payout.amount_fen,
        openid=payee.wechat_openid if payee else "",
        legal_name=payee.legal_name if payee else "",
        remark=_("Commission until %(day)s") % {"day": payout.statement.period_until},
    )


def _follow(payout: Payout, state: PayoutState, now: datetime) -> None:
    """What becomes of the statement, its entries and the ledger."""
    statement = payout.statement
    if state == PayoutState.PAID:
        _statement_move(statement, SettlementState.PAID)
        CommissionEntry.objects.filter(
            statement__in=statements_behind([statement.pk]),
            state__in=COMMISSION_LIFECYCLE.sources_of(CommissionState.PAID),
        ).update(state=CommissionState.PAID)
        draft = payout_transfer(
            payout_no=payout.payout_no,
            leader_code=statement.leader.code,
            amount_fen=payout.amount_fen,
            business_date=timezone.localdate(now),
        )
        transfers_post(drafts=[draft], now=now)
    elif state in PAYOUT_LIFECYCLE.failed:
        _statement_move(statement, SettlementState.ISSUED)
    elif state == PayoutState.WAIT_CONFIRM:
        until = timezone.localtime(payout.confirm_by or now + CONFIRMED_WITHIN)
        message = Message(
            topic=Topic.PAYOUT_TO_CONFIRM,
            dedupe_key=f"payout:{payout.payout_no}",
            phone=statement.leader.phone,
            facts={"amount_fen": payout.amount_fen, "until": f"{until:%m-%d %H:%M}"},
        )
        messages_queue(messages=[message], now=now)


def _statement_move(statement: SettlementStatement, state: SettlementState) -> None:
    moved = SettlementStatement.objects.filter(
        pk=statement.pk, state__in=SETTLEMENT_LIFECYCLE.sources_of(state)
    ).update(state=state)
    if not moved:
        raise PayoutNotOpen(_("The statement of this payout is not being paid."))
