"""Batches of payouts: one person prepares, another approves; nothing leaves before that."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import PAYOUT_BATCH_LIFECYCLE, PAYOUT_LIFECYCLE
from fulfillment.domain.payouts import batch_no, payout_no
from fulfillment.models.payouts import (
    Payout,
    PayoutBatch,
    PayoutBatchState,
    PayoutChannel,
    PayoutState,
)
from fulfillment.models.settlement import SettlementState, SettlementStatement
from fulfillment.payout_errors import (
    BatchDecided,
    PayeeNotReady,
    StatementNotPayable,
)
from fulfillment.selectors.payouts import payee_ready, payouts_of_batch
from fulfillment.services.books import payouts_require_clean
from leaders.domain.crashpoints import crashpoint
from leaders.errors import SecondPersonNeeded
from leaders.models.accounts import User
from leaders.services.audit import audit

# The first number of the pair names what is locked, the second which part.
BATCH_NO_LOCK = 14


@transaction.atomic
def batch_prepare(
    *, statement_ids: Collection[int], channel: PayoutChannel, actor: User, now: datetime
) -> PayoutBatch:
    """Put statements in a batch that somebody else has to approve.

    Raises
    ------
    StatementNotPayable
        If none is chosen, or one is being paid, was paid or is carried on.
    PayeeNotReady
        If a leader's payee is not verified, or has no account on the channel.
    BooksBroken
        While the books do not agree.
    """
    payouts_require_clean()
    statements = list(
        SettlementStatement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("leader__payee")
        .filter(pk__in=statement_ids)
        .order_by("pk")
    )
    if not statements or any(row.state != SettlementState.ISSUED for row in statements):
        raise StatementNotPayable(_("Choose statements that are issued and not being paid."))
    unready = [row.leader.code for row in statements if not payee_ready(row.leader, channel)]
    if unready:
        raise PayeeNotReady(
            _("Not verified, or without an account for this channel: %(leaders)s.")
            % {"leaders": ", ".join(unready)}
        )
    batch = PayoutBatch.objects.create(
        batch_no=_next_batch_no(now), channel=channel, prepared_by=actor, prepared_at=now
    )
    Payout.objects.bulk_create(
        [
            Payout(
                payout_no=payout_no(row.pk, row.payouts.count() + 1),
                batch=batch,
                statement=row,
                amount_fen=row.net_fen,
            )
            for row in statements
        ]
    )
    SettlementStatement.objects.filter(
        pk__in=[row.pk for row in statements], state=SettlementState.ISSUED
    ).update(state=SettlementState.PAYING)
    facts = {
        "batch_no": batch.batch_no,
        "payouts": len(statements),
        "sum_fen": sum(row.net_fen for row in statements),
    }
    audit(action="payout_batch.prepared", about=batch, actor=actor, now=now, facts=facts)
    return batch


@transaction.atomic
def batch_approve(*, batch_id: int, actor: User, now: datetime) -> None:
    """Approve a batch that somebody else prepared; its payouts go out from now on.

    Raises
    ------
    SecondPersonNeeded
        If it is the actor's own.
    BatchDecided
        If it was approved or refused before.
    PayeeNotReady
        If a payee was changed since, and not verified again.
    BooksBroken
        While the books do not agree.
    """
    payouts_require_clean()
    batch = _decide(batch_id, PayoutBatchState.APPROVED, actor, now, note="")
    payouts = list(payouts_of_batch(batch))
    unready = [
        row.statement.leader.code
        for row in payouts
        if not payee_ready(row.statement.leader, PayoutChannel(batch.channel))
    ]
    if unready:
        raise PayeeNotReady(
            _("Changed since, and to be verified again: %(leaders)s.")
            % {"leaders": ", ".join(unready)}
        )
    Payout.objects.filter(
        batch=batch, state__in=PAYOUT_LIFECYCLE.sources_of(PayoutState.APPROVED)
    ).update(
        state=PayoutState.APPROVED,
        next_query_at=now if batch.channel == PayoutChannel.WECHAT else None,
    )


@transaction.atomic
def batch_refuse(*, batch_id: int, reason: str, actor: User, now: datetime) -> None:
    """Refuse a batch; its statements can be put in another.

    Who prepared it may not refuse it either: two people stand for what
    becomes of it. Raises `SecondPersonNeeded` and `BatchDecided` as
    `batch_approve` does.
    """
    batch = _decide(batch_id, PayoutBatchState.REFUSED, actor, now, note=reason)
    statement_ids = list(batch.payouts.values_list("statement_id", flat=True))
    Payout.objects.filter(
        batch=batch, state__in=PAYOUT_LIFECYCLE.sources_of(PayoutState.REFUSED)
    ).update(state=PayoutState.REFUSED, closed_at=now)
    SettlementStatement.objects.filter(pk__in=statement_ids, state=SettlementState.PAYING).update(
        state=SettlementState.ISSUED
    )


def _decide(
    batch_id: int, decision: PayoutBatchState, actor: User, now: datetime, *, note: str
) -> PayoutBatch:
    batch = PayoutBatch.objects.get(pk=batch_id)
    if batch.prepared_by_id == actor.pk:
        raise SecondPersonNeeded(_("You prepared this batch; somebody else decides about it."))
    crashpoint("payout_batch.read")
    decided = PayoutBatch.objects.filter(
        pk=batch_id, state__in=PAYOUT_BATCH_LIFECYCLE.sources_of(decision)
    ).update(state=decision, decided_by=actor, decided_at=now, note=note)
    if not decided:
        raise BatchDecided(_("Somebody has decided about this batch already."))
    action = f"payout_batch.{decision.value}"
    facts = {"batch_no": batch.batch_no}
    audit(action=action, about=batch, actor=actor, now=now, facts=facts, reason=note)
    batch.refresh_from_db()
    return batch


def _next_batch_no(now: datetime) -> str:
    """The next number of the day; whoever asks next waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [BATCH_NO_LOCK])
    day = f"{timezone.localdate(now):%Y%m%d}"
    taken = PayoutBatch.objects.filter(batch_no__startswith=batch_no(day, 0)[:-2]).count()
    return batch_no(day, taken + 1)
