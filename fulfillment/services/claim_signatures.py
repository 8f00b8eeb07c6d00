"""Refunds of claims that finance has to sign: what is asked, and what was meant by it."""

from datetime import datetime

from django.db import transaction

from fulfillment.services.claim_bearers import BearerChoice, bearer_require_ground
from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature
from leaders.services.countersignatures import countersignature_ask
from orders.domain.claims import granted_fen
from orders.models.claims import Claim, LossBearer
from orders.selectors.claim_signatures import DEED
from orders.services.claims import ClaimDecision


@transaction.atomic
def refund_ask(
    *,
    claim: Claim,
    decision: ClaimDecision,
    choice: BearerChoice | None,
    actor: User,
    now: datetime,
) -> Countersignature:
    """Ask finance to sign the refund of a claim, which stays open until then.

    Raises `ClaimAmountOutOfRange` and `BearerReasonMissing` as the decision
    itself would, and what `countersignature_ask` refuses.
    """
    refund_fen = granted_fen(claim.asked_fen, decision.refund_fen)
    if choice is not None:
        bearer_require_ground(claim, choice)
    facts: dict[str, object] = {
        "amount_fen": refund_fen,
        "asked_fen": claim.asked_fen,
        "order_no": claim.order_line.order.order_no,
        "note": decision.note,
        "bearer": decision.bearer,
        "bearer_note": decision.bearer_note,
    }
    if choice is not None:
        facts["choice"] = {
            "bearer": choice.bearer.value,
            "note": choice.note,
            "purchase_line_id": choice.purchase_line_id,
        }
    return countersignature_ask(
        deed=DEED, about=claim, facts=facts, reason=decision.for_finance, actor=actor, now=now
    )


def decision_of(asked: Countersignature) -> ClaimDecision:
    """The decision that finance is asked to sign."""
    facts = asked.facts
    return ClaimDecision(
        approve=True,
        refund_fen=facts["amount_fen"],
        note=facts["note"],
        bearer=facts["bearer"],
        bearer_note=facts["bearer_note"],
        for_finance=asked.reason,
    )


def choice_of(asked: Countersignature) -> BearerChoice | None:
    """Who was to bear it, where that was said together with the decision."""
    choice = asked.facts.get("choice")
    if choice is None:
        return None
    return BearerChoice(
        bearer=LossBearer(choice["bearer"]),
        note=choice["note"],
        purchase_line_id=choice["purchase_line_id"],
    )
