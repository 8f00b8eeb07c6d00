"""Goods that never reached the leader: paid back without each resident having to ask."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.errors import CaseUndecided
from fulfillment.models.exceptions import ExceptionCase, ExceptionCaseState
from fulfillment.selectors.handover_refunds import residents_due
from fulfillment.services.claim_signatures import refund_ask
from fulfillment.services.day_guard import run_locked
from leaders.models.accounts import User
from orders.domain.claims import WITHOUT_PHOTO, ClaimRequest
from orders.selectors.claim_signatures import needs_signature
from orders.services.claims import ClaimDecision, claim_decide, claim_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentsRefunded:
    """How many order lines, pieces and fen were paid back, and how many lines finance signs."""

    lines: int
    pieces: int
    fen: int
    waiting: int = 0


@transaction.atomic
def residents_refund(*, case_id: int, actor: User, now: datetime) -> ResidentsRefunded:
    """Pay the residents back whom a decided difference of the handover hits; safe to repeat.

    A claim is filed and approved for each of them, so that they read why and
    how much. What they have claimed themselves is not paid twice; what is
    above the limit of a refund waits for finance to sign.

    Raises
    ------
    CaseUndecided
        If nobody has decided the case yet.
    RefundExceedsPaid
        If a payment has given back too much already; then nothing is paid.
    """
    case = ExceptionCase.objects.select_related("drop").get(pk=case_id)
    run_locked(case.run_id)
    case.refresh_from_db(fields=["state", "qty", "bearer"])
    if case.state != ExceptionCaseState.DECIDED:
        raise CaseUndecided(_("Decide first who bears it."), case_id=case_id)
    words = _("These pieces did not reach your pickup point. The money goes back.")
    pieces = fen = waiting = 0
    due = residents_due(case)
    for row in due:
        claim = claim_file(
            resident_id=row.line.order.resident_id,
            request=ClaimRequest(
                order_no=row.line.order.order_no,
                line_no=row.line.line_no,
                kind=WITHOUT_PHOTO,
                qty=row.qty,
                description="",
                photos=(),
                request_key=f"handover {case.pk} {row.line.pk} {row.line.claims.count()}",
            ),
            now=now,
            asks_leader=False,
        ).claim
        # Who bears it is decided in the case, and asked for there.
        decision = ClaimDecision(
            approve=True,
            refund_fen=claim.asked_fen,
            note=words,
            bearer=case.bearer,
            bearer_note=_("Exception %(number)d") % {"number": case.pk},
            for_finance=words,
        )
        if needs_signature(claim, claim.asked_fen):
            refund_ask(claim=claim, decision=decision, choice=None, actor=actor, now=now)
            waiting += 1
            continue
        claim_decide(claim_id=claim.pk, decision=decision, actor=actor, now=now)
        pieces, fen = pieces + row.qty, fen + claim.asked_fen
    return ResidentsRefunded(lines=len(due) - waiting, pieces=pieces, fen=fen, waiting=waiting)
