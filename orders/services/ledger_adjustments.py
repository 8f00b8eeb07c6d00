"""Money moved by hand between two accounts: asked for by one of finance, signed by another."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature
from leaders.services.audit import audit
from leaders.services.countersignatures import countersignature_ask, countersignature_sign
from orders.domain.adjustments import Adjustment, adjusted
from orders.services.ledger import account_ensure, transfers_post

DEED = "ledger.adjust"


@transaction.atomic
def adjustment_ask(
    *, adjustment: Adjustment, reason: str, actor: User, now: datetime
) -> Countersignature:
    """Ask for a transfer; nothing is posted until another person signs.

    One adjustment waits for each debit account at a time. Raises what
    `countersignature_ask` refuses.
    """
    return countersignature_ask(
        deed=DEED,
        about=account_ensure(adjustment.debit),
        facts={
            "debit": adjustment.debit,
            "credit": adjustment.credit,
            "amount_fen": adjustment.amount_fen,
            "document": adjustment.document.strip(),
        },
        reason=reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def adjustment_sign(
    *, countersignature: Countersignature, actor: User, now: datetime, note: str = ""
) -> Countersignature:
    """Sign a transfer and post it, once, on the day of the signature.

    If that day is closed already it is posted on the first open one, as
    everything is. Raises what `countersignature_sign` refuses; then nothing
    is posted.
    """
    signed = countersignature_sign(
        countersignature=countersignature, actor=actor, now=now, note=note
    )
    facts = signed.facts
    adjustment = Adjustment(
        debit=facts["debit"],
        credit=facts["credit"],
        amount_fen=facts["amount_fen"],
        document=facts["document"],
    )
    draft = adjusted(
        adjustment, countersignature_id=signed.pk, business_date=timezone.localdate(now)
    )
    audit(
        action="ledger.adjusted",
        about=account_ensure(adjustment.debit),
        actor=actor,
        now=now,
        facts={**facts, "countersignature": signed.pk},
        reason=signed.reason,
    )
    transfers_post(drafts=[draft], now=now)
    return signed
