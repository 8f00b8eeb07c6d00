"""Payouts and whether their payees can be paid."""

from datetime import datetime

from django.db.models import QuerySet

from fulfillment.models.payouts import Payout, PayoutBatch, PayoutChannel, PayoutState
from leaders.models.leaders import Leader
from leaders.models.payees import Payee

ROUND_SIZE = 100


def payee_ready(leader: Leader, channel: PayoutChannel) -> bool:
    """Whether a leader's payee is verified and can be reached over a channel."""
    payee = payee_of(leader)
    if payee is None or payee.verified_at is None:
        return False
    has_account = {
        PayoutChannel.WECHAT: payee.wechat_openid,
        PayoutChannel.BANK_FILE: payee.bank_account_sealed,
    }
    return bool(has_account[channel])


def payee_of(leader: Leader) -> Payee | None:
    """A leader's payee, fetched with the leader where the query asked for it."""
    return getattr(leader, "payee", None)


def payouts_of_batch(batch: PayoutBatch) -> QuerySet[Payout]:
    """The payouts of a batch by leader."""
    return (
        Payout.objects.filter(batch=batch)
        .select_related("statement__leader__payee")
        .order_by("statement__leader__code", "pk")
    )


def payouts_due(now: datetime, *states: PayoutState) -> list[int]:
    """Payouts over WeChat in these states that are to be sent or asked about, the oldest first."""
    due = Payout.objects.filter(
        state__in=states, next_query_at__lte=now, batch__channel=PayoutChannel.WECHAT
    )
    return list(due.order_by("next_query_at", "pk").values_list("pk", flat=True)[:ROUND_SIZE])
