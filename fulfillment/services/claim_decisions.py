"""Claims decided at the service desk, and those that a rule approves by itself."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.claim_facts import rule_decisions
from fulfillment.services.claim_bearers import BearerChoice, bearer_choose
from fulfillment.services.claim_signatures import choice_of, decision_of, refund_ask
from fulfillment.services.day_guard import run_locked
from leaders.errors import DomainError
from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature
from leaders.services.audit import audit
from leaders.services.countersignatures import countersignature_sign
from orders.claim_errors import ClaimWordsMissing
from orders.models.claims import Claim, ClaimState, LeaderStance
from orders.selectors.claim_signatures import needs_signature
from orders.services.claims import ClaimDecision, claim_decide, claim_locked, leader_agrees
from orders.services.locks import claims_lock

logger = logging.getLogger(__name__)


@transaction.atomic
def claim_answer(
    *,
    claim_id: int,
    decision: ClaimDecision,
    choice: BearerChoice | None,
    actor: User,
    now: datetime,
) -> Claim:
    """Answer a claim at the desk, and say who bears what is paid back.

    A refund above the limit is not paid but put before finance; the claim is
    returned open, as it stays until finance has decided.

    Raises `ClaimWordsMissing` for a rejection without a reason, and what
    `claim_decide`, `bearer_choose` and `refund_ask` refuse; then nothing is
    decided.
    """
    if not decision.approve and not decision.note.strip():
        raise ClaimWordsMissing(_("Tell the resident why."))
    claim = _claim_locked(claim_id)
    is_open = claim.state == ClaimState.FILED
    if decision.approve and is_open and needs_signature(claim, decision.refund_fen):
        refund_ask(claim=claim, decision=decision, choice=choice, actor=actor, now=now)
        return claim
    claim = claim_decide(claim_id=claim_id, decision=decision, actor=actor, now=now)
    return _answered(claim, decision, choice, actor, now)


@transaction.atomic
def refund_sign(
    *, countersignature: Countersignature, actor: User, now: datetime, note: str = ""
) -> Claim:
    """Sign a refund as finance, and pay it back: the claim is approved as the desk decided it.

    Raises what `countersignature_sign`, `claim_decide` and `bearer_choose`
    refuse; then nothing is signed and the claim stays open.
    """
    claim_id = int(countersignature.object_id)
    _claim_locked(claim_id)
    signed = countersignature_sign(
        countersignature=countersignature, actor=actor, now=now, note=note
    )
    decision = decision_of(signed)
    claim = claim_decide(
        claim_id=claim_id, decision=decision, actor=signed.asked_by, now=now, signature=signed
    )
    return _answered(claim, decision, choice_of(signed), signed.asked_by, now)


def _claim_locked(claim_id: int) -> Claim:
    """A claim with its order locked, and the run before the order, as everybody locks them."""
    campaign_id = Claim.objects.values_list("order_line__order__campaign_id", flat=True).get(
        pk=claim_id
    )
    for run_id in CutoffRun.objects.filter(campaign_id=campaign_id).values_list("pk", flat=True):
        run_locked(run_id)
    claim, _order = claim_locked(claim_id)
    return claim


def _answered(
    claim: Claim, decision: ClaimDecision, choice: BearerChoice | None, actor: User, now: datetime
) -> Claim:
    """Write the answer down, and who bears it if that was said with it."""
    audit(
        action=f"claim.{claim.state}",
        about=claim,
        actor=actor,
        now=now,
        facts={"asked_fen": claim.asked_fen, "refund_fen": decision.refund_fen},
        reason=decision.note,
    )
    if choice is not None and claim.refund_id is not None:
        return bearer_choose(claim_id=claim.pk, choice=choice, actor=actor, now=now)
    return claim


def claims_decide_due(*, now: datetime) -> int:
    """Approve what the rule allows, each claim by itself; return how many.

    Looked at are claims whose leader has agreed, by word or by silence. What
    the rule does not allow waits for the service desk.
    """
    due = list(
        Claim.objects.filter(
            leader_agrees(now),
            state=ClaimState.FILED,
            asked_fen__lte=settings.CLAIM_AUTOMATIC_MAX_FEN,
            leader_until__isnull=False,
        )
        .exclude(leader_stance=LeaderStance.DISAGREES)
        .select_related("order_line__order__campaign", "order_line__sku")
        .order_by("filed_at", "pk")
    )
    decisions = rule_decisions(due, now) if due else {}
    return sum(claim_approve_by_rule(claim, now) for claim in due if decisions[claim.pk].approves)


def claim_approve_by_rule(claim: Claim, now: datetime) -> bool:
    """Approve one claim if the rule still allows it once nobody else decides for its resident."""
    try:
        with transaction.atomic():
            claims_lock(claim.order_line.order.resident_id)
            if not rule_decisions([claim], now)[claim.pk].approves:
                return False
            decision = ClaimDecision(
                approve=True,
                refund_fen=claim.asked_fen,
                note=_("Sorry about that. The money goes back."),
            )
            claim_decide(claim_id=claim.pk, decision=decision, actor=None, now=now)
            audit(
                action="claim.approved_by_rule",
                about=claim,
                actor=None,
                now=now,
                facts={"refund_fen": claim.asked_fen},
            )
    except DomainError as refused:
        # A person was first, or the payment has given back too much: theirs to see.
        logger.info("claim %s waits for a person: %s", claim.pk, refused)
        return False
    return True
