"""Who bears what an approved claim costs (承担方), and what follows from it.

A supplier is asked by a supplier claim, as for anything else that was accepted
and turned out bad; a leader's next statement is smaller by the loss. What the
warehouse, a driver or the operator bears is written down and moves no money.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.claim_liability import leader_loss_fen
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.services.day_guard import run_locked
from fulfillment.services.supplier_claims import supplier_claim_raise
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.claim_errors import BearerNotPossible, BearerReasonMissing
from orders.domain.accounts import leader_payable
from orders.domain.claims import WHOLE_BP
from orders.domain.ledger import loss_borne
from orders.models.claims import Claim, ClaimKind, ClaimState, LeaderStance, LossBearer
from orders.models.payments import Refund
from orders.services.ledger import transfers_post

NOTE_LENGTH = 200
CAUSES = {
    ClaimKind.SPOILED: Cause.QUALITY,
    ClaimKind.DAMAGED: Cause.DAMAGED,
    ClaimKind.MISSING: Cause.SHORT,
    ClaimKind.WRONG_ITEM: Cause.WRONG,
    ClaimKind.LIGHT_WEIGHT: Cause.WEIGHT,
    ClaimKind.OTHER: Cause.QUALITY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerChoice:
    """Who bears it and why; of several suppliers the purchase line says which."""

    bearer: LossBearer
    note: str = ""
    purchase_line_id: int | None = None


@transaction.atomic
def bearer_choose(*, claim_id: int, choice: BearerChoice, actor: User, now: datetime) -> Claim:
    """Say who bears what an approved claim paid back; once.

    Raises `BearerNotPossible` if nothing was paid back or it is settled who
    bears it, `BearerReasonMissing` if a leader who did not agree is to bear it
    without a reason, and `SupplierClaimNotPossible` where the supplier cannot
    be asked.
    """
    claim = Claim.objects.select_related("order_line__order__leader", "refund").get(pk=claim_id)
    # The run before anything of it: a supplier's claim rests on a case of the run.
    run = _run_locked(claim)
    bearer_require_ground(claim, choice)
    chosen = Claim.objects.filter(
        pk=claim_id, state=ClaimState.APPROVED, bearer="", refund__isnull=False
    ).update(bearer=choice.bearer, bearer_note=choice.note.strip())
    if not chosen or claim.refund is None:
        raise BearerNotPossible(_("It is settled already who bears this."), claim_id=claim_id)
    if choice.bearer == LossBearer.LEADER:
        _leader_loss(claim, claim.refund, now)
    elif choice.bearer == LossBearer.SUPPLIER:
        _supplier_asked(claim, claim.refund, run, choice, actor, now)
    audit(
        action="claim.bearer_chosen",
        about=claim,
        actor=actor,
        now=now,
        facts={"bearer": choice.bearer, "refund_no": claim.refund.out_refund_no},
        reason=choice.note,
    )
    claim.refresh_from_db()
    return claim


def bearer_require_ground(claim: Claim, choice: BearerChoice) -> None:
    """Raise `BearerReasonMissing` if a leader who did not agree is to bear it without a reason."""
    has_ground = claim.leader_stance == LeaderStance.AGREES or choice.note.strip()
    if choice.bearer == LossBearer.LEADER and not has_ground:
        raise BearerReasonMissing(_("The leader has not agreed. Say why they bear it."))


def _run_locked(claim: Claim) -> CutoffRun | None:
    campaign_id = claim.order_line.order.campaign_id
    run_id = CutoffRun.objects.filter(campaign_id=campaign_id).values_list("pk", flat=True).first()
    return None if run_id is None else run_locked(run_id)


def _leader_loss(claim: Claim, refund: Refund, now: datetime) -> None:
    """Take the loss off the leader's next statement; it waits as long as the sale does."""
    line, leader = claim.order_line, claim.order_line.order.leader
    sale = CommissionEntry.objects.filter(
        order_line=line, leader=leader, kind=CommissionKind.SALE
    ).first()
    loss_fen = leader_loss_fen(refund.amount_fen, sale.rate_bp if sale else 0)
    if not loss_fen:
        return
    is_held = sale is not None and sale.state == CommissionState.HELD
    CommissionEntry.objects.create(
        leader=leader,
        order_line=line,
        kind=CommissionKind.LOSS,
        state=CommissionState.HELD if is_held else CommissionState.RELEASED,
        cause=refund.out_refund_no,
        plan_code=sale.plan_code if sale else "",
        rate_bp=WHOLE_BP - (sale.rate_bp if sale else 0),
        base_fen=refund.amount_fen,
        amount_fen=loss_fen,
        hold_until=sale.hold_until if sale is not None and is_held else now,
        created_at=now,
    )
    draft = loss_borne(
        refund_no=refund.out_refund_no,
        order_no=line.order.order_no,
        bearer=leader_payable(leader.code),
        amount_fen=loss_fen,
        business_date=timezone.localdate(now),
    )
    transfers_post(drafts=[draft], now=now)


def _supplier_asked(
    claim: Claim,
    refund: Refund,
    run: CutoffRun | None,
    choice: BearerChoice,
    actor: User,
    now: datetime,
) -> None:
    """Open the case a supplier claim rests on, decided as the desk has decided."""
    if run is None:
        raise BearerNotPossible(_("No supplier is known for these goods."), claim_id=claim.pk)
    case = ExceptionCase.objects.create(
        event_id=uuid5(NAMESPACE_URL, f"claim:{claim.pk}"),
        run=run,
        stage=Stage.AFTER_SALES,
        cause=CAUSES[ClaimKind(claim.kind)],
        sku_id=claim.order_line.sku_id,
        purchase_line_id=choice.purchase_line_id,
        claim=claim,
        qty=claim.qty,
        note=claim.description[:NOTE_LENGTH],
        proposed_bearer=Bearer.SUPPLIER,
        bearer=Bearer.SUPPLIER,
        state=ExceptionCaseState.DECIDED,
        decision_note=choice.note,
        found_at=claim.filed_at,
        decided_at=now,
        decided_by=actor,
    )
    supplier_claim_raise(
        case_id=case.pk,
        share_bp=max(1, claim.defect_bp * refund.amount_fen // max(1, claim.asked_fen)),
        now=now,
    )
