"""What is said of a claim before it is decided: the leader's word, the desk's first."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.services.audit import audit
from orders.claim_errors import (
    ClaimLeaderReasonMissing,
    ClaimLeaderTooLate,
    ClaimReplied,
    ClaimWordsMissing,
)
from orders.models.claims import Claim, ClaimState, LeaderStance


@transaction.atomic
def leader_answer(
    *, claim_id: int, leader: Leader, stance: LeaderStance, note: str, actor: User, now: datetime
) -> Claim:
    """Write down what the leader says of a claim about an order of theirs; once.

    Raises `Claim.DoesNotExist` for another leader's, `ClaimLeaderReasonMissing`
    for a plain no, and `ClaimLeaderTooLate` when the time is over, the claim is
    decided, or the leader has said something else before.
    """
    own = Claim.objects.filter(pk=claim_id, order_line__order__leader=leader)
    claim = own.get()
    if stance == LeaderStance.DISAGREES and not note.strip():
        raise ClaimLeaderReasonMissing(_("Say why you disagree."))
    answered = Claim.objects.filter(
        Q(leader_until__isnull=True) | Q(leader_until__gte=now),
        pk=claim_id,
        state=ClaimState.FILED,
        leader_stance="",
    ).update(leader_stance=stance, leader_note=note.strip(), leader_answered_at=now)
    claim.refresh_from_db()
    if answered:
        audit(
            action="claim.leader_answered",
            about=claim,
            actor=actor,
            now=now,
            facts={"stance": stance},
        )
    elif claim.leader_stance != stance:
        raise ClaimLeaderTooLate(_("This can no longer be answered."), claim_id=claim_id)
    return claim


@transaction.atomic
def claim_reply(*, claim_id: int, words: str, actor: User, now: datetime) -> Claim:
    """Give the resident a first word while the claim is being looked at; once.

    Raises `ClaimWordsMissing` for no words, and `ClaimReplied` if somebody was
    first or the claim is decided.
    """
    if not words.strip():
        raise ClaimWordsMissing(_("Write something to the resident."))
    replied = Claim.objects.filter(
        pk=claim_id, state=ClaimState.FILED, replied_at__isnull=True
    ).update(reply=words.strip(), replied_at=now)
    if not replied:
        raise ClaimReplied(_("The resident has been answered already."), claim_id=claim_id)
    claim = Claim.objects.get(pk=claim_id)
    audit(action="claim.replied", about=claim, actor=actor, now=now)
    return claim
