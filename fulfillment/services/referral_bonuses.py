"""The referral bonus: off unless set, a fixed sum, once per pair, and never a share of sales.

It is earned by the work of the new leader: a number of completed orders of
their own residents. Nobody earns on who the new leader brings in turn, and
no figure sums what they sell.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from fulfillment.models.settlement import CommissionEntry, CommissionKind
from leaders.models.invites import Referral
from leaders.models.leaders import LeaderState
from leaders.services.audit import audit
from orders.domain.ledger import bonus_held
from orders.models.orders import OrderState
from orders.services.ledger import transfers_post

PLAN_CODE = "referral"


def referral_bonuses_due(*, now: datetime) -> int:
    """Pay every bonus that has been earned, each by itself; return how many."""
    if settings.REFERRAL_BONUS_FEN <= 0:
        return 0
    completed = Count("referee__orders", filter=Q(referee__orders__state=OrderState.COMPLETED))
    earned = (
        Referral.objects.filter(bonus_at__isnull=True)
        .exclude(referrer__state=LeaderState.QUIT)
        .annotate(completed=completed)
        .filter(completed__gte=settings.REFERRAL_BONUS_ORDERS)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(_earn(referral_id, now) for referral_id in list(earned))


@transaction.atomic
def _earn(referral_id: int, now: datetime) -> bool:
    """Book one bonus; whoever comes second finds it booked."""
    amount_fen = settings.REFERRAL_BONUS_FEN
    changed = Referral.objects.filter(pk=referral_id, bonus_at__isnull=True).update(
        bonus_fen=amount_fen, bonus_at=now
    )
    if not changed:
        return False
    referral = Referral.objects.select_related("referrer", "referee").get(pk=referral_id)
    CommissionEntry.objects.create(
        leader=referral.referrer,
        referral=referral,
        kind=CommissionKind.BONUS,
        plan_code=PLAN_CODE,
        rate_bp=0,
        base_fen=amount_fen,
        amount_fen=amount_fen,
        # The orders behind it are past their after-sales window.
        hold_until=now,
        created_at=now,
    )
    draft = bonus_held(
        referee_code=referral.referee.code,
        leader_code=referral.referrer.code,
        amount_fen=amount_fen,
        business_date=timezone.localdate(now),
    )
    transfers_post(drafts=[draft], now=now)
    audit(
        action="referral.bonus_earned",
        about=referral.referrer,
        actor=None,
        now=now,
        facts={"referee": referral.referee.code, "fen": amount_fen},
    )
    return True
