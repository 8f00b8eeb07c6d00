"""One claim from many sides at once: the rule, the leader, the desk."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic, sleep
from types import SimpleNamespace
from unittest.mock import patch

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from fulfillment.services import claim_decisions
from fulfillment.services.claim_decisions import (
    claim_answer,
    claim_approve_by_rule,
    claims_decide_due,
)
from leaders.models.accounts import Role
from orders.domain.claims import ClaimRequest
from orders.models.claims import Claim, ClaimState, LeaderStance
from orders.models.orders import OrderLine
from orders.models.payments import Refund
from orders.services.claim_words import leader_answer
from orders.services.claims import ClaimDecision, claim_decide, claim_file
from tests.concurrency.race import PATIENCE_S, Runner, race, values
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played


@dataclass(frozen=True, slots=True)
class Filed:
    """Open claims of one resident, and a moment at which their leader has kept silent."""

    claims: list[Claim]
    now: datetime


def filed(many: int) -> Filed:
    """Claim a tenth of a line of a played day, so many times."""
    run = played()
    line = (
        OrderLine.objects.select_related("order")
        .filter(allocation__run=run, allocation__short_qty=0)
        .earliest("pk")
    )
    noon = datetime.combine(run.campaign.delivery_date, time(12))
    now = timezone.make_aware(noon)
    for number in range(many):
        claim_file(
            resident_id=line.order.resident_id,
            request=ClaimRequest(
                order_no=line.order.order_no,
                line_no=line.line_no,
                kind="missing",
                qty=1,
                description="",
                photos=(),
                request_key=f"race {number}",
            ),
            now=now,
        )
        Claim.objects.update(defect_bp=1, asked_fen=1)
    claims = Claim.objects.select_related("order_line__order__campaign", "order_line__sku")
    return Filed(claims=list(claims.order_by("pk")), now=now + timedelta(hours=3))


def rule_against_rule(*, processes: int, guarded: bool = True) -> int:
    """Let each process approve another claim of one resident; return how many it made."""
    open_claims = filed(processes)

    def approve(runner: Runner) -> bool:
        return claim_approve_by_rule(open_claims.claims[runner.number], open_claims.now)

    unlocked = patch.object(claim_decisions, "claims_lock", lambda _resident_id: None)
    # Three claims of a resident are no reason to look closer here.
    with patch.object(settings, "CLAIM_RISK_CLAIMS", 99):
        race(
            approve,
            processes=processes,
            sleep_at={"claim.decided": 0.3},
            without=[] if guarded else [unlocked],
        )
    return Claim.objects.filter(is_automatic=True).count()


def leader_against_rule(*, guarded: bool = True) -> tuple[str, str]:
    """Let the leader disagree between the rule's look and its word; return state and stance."""
    open_claims = filed(1)
    claim = open_claims.claims[0]
    Claim.objects.update(leader_stance=LeaderStance.AGREES, leader_answered_at=open_claims.now)
    leader = claim.order_line.order.leader
    actor = UserFactory.create(role=Role.LEADER)

    def meet(runner: Runner) -> int:
        if runner.number:
            return claims_decide_due(now=open_claims.now)
        # A leader's word is given once; here it is the first, seen late by the rule.
        Claim.objects.update(leader_stance="", leader_answered_at=None)
        leader_answer(
            claim_id=claim.pk,
            leader=leader,
            stance=LeaderStance.DISAGREES,
            note="我看是好的",
            actor=actor,
            now=open_claims.now - timedelta(hours=2),
        )
        return 0

    def decide_late(*, claim_id: int, decision: ClaimDecision, actor: None, now: datetime) -> Claim:
        deadline = monotonic() + PATIENCE_S
        while not Claim.objects.filter(leader_stance=LeaderStance.DISAGREES).exists():
            assert monotonic() < deadline
            sleep(0.01)
        return claim_decide(claim_id=claim_id, decision=decision, actor=actor, now=now)

    late: list[AbstractContextManager[object]] = [
        patch.object(claim_decisions, "claim_decide", decide_late)
    ]
    if not guarded:
        late.append(patch("orders.services.claims.leader_agrees", lambda _now: Q()))
    race(meet, processes=2, without=late)
    claim.refresh_from_db()
    return claim.state, claim.leader_stance


def desk_against_rule(*, processes: int, guarded: bool = True) -> tuple[int, int]:
    """Let desks reject what a rule approves; return how many were heard, and refunds made."""
    open_claims = filed(1)
    claim = open_claims.claims[0]
    desk = UserFactory.create(role=Role.SERVICE)

    def decide(runner: Runner) -> bool:
        if runner.number == 0:
            return claim_approve_by_rule(claim, open_claims.now)
        claim_answer(
            claim_id=claim.pk,
            decision=ClaimDecision(approve=False, note="照片看不出问题"),
            choice=None,
            actor=desk,
            now=open_claims.now,
        )
        return True

    everything = patch(
        "orders.services.claims.CLAIM_LIFECYCLE",
        SimpleNamespace(sources_of=lambda _new: list(ClaimState)),
    )
    outcomes = race(
        decide,
        processes=processes,
        sleep_at={"claim.decided": 0.1},
        without=[] if guarded else [everything],
    )
    return values(outcomes).count(True), Refund.objects.filter(claim__isnull=False).count()
