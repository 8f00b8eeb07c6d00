"""Agreements between two leaders that one sells for the other (帮卖); one step, never two."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from leaders.errors import ResaleAgreedAlready, ResalePartnerUnknown, ResaleRateTooHigh
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.models.resales import Resale
from leaders.selectors.commission_plans import plan_of_leader
from leaders.selectors.resales import SELLING_STATES
from leaders.services.audit import audit


def resale_agree(
    *, owner: Leader, reseller_code: str, rate_bp: int, actor: User, now: datetime
) -> Resale:
    """Let another leader sell for the owner at a share of the sales, in basis points.

    Raises `ResalePartnerUnknown` for nobody, for the owner and for a leader
    who sells nothing at present, `ResaleRateTooHigh` where the owner would
    give away more than their own plan brings, and `ResaleAgreedAlready`.
    """
    reseller = Leader.objects.filter(code=reseller_code.strip(), state__in=SELLING_STATES).first()
    if reseller is None or reseller.pk == owner.pk:
        raise ResalePartnerUnknown("No other leader who sells at present has this code.")
    own_bp = plan_of_leader(owner).rate_bp
    if rate_bp > own_bp:
        raise ResaleRateTooHigh(
            "The share is above your own commission; you would pay for every sale.",
            rate_bp=rate_bp,
            own_bp=own_bp,
        )
    try:
        return _insert(owner, reseller, rate_bp, actor, now)
    except IntegrityError as error:
        raise ResaleAgreedAlready("You two have agreed already; end that first.") from error


@transaction.atomic
def resale_end(*, leader: Leader, resale_id: int, actor: User, now: datetime) -> bool:
    """End an agreement from either side; return whether that changed anything.

    What was sold before stays sold at the agreed rate.
    """
    changed = Resale.objects.filter(
        Q(owner=leader) | Q(reseller=leader), pk=resale_id, ended_at__isnull=True
    ).update(ended_at=now)
    if changed:
        resale = Resale.objects.get(pk=resale_id)
        audit(action="resale.ended", about=resale, actor=actor, now=now)
    return bool(changed)


@transaction.atomic
def _insert(owner: Leader, reseller: Leader, rate_bp: int, actor: User, now: datetime) -> Resale:
    resale = Resale.objects.create(owner=owner, reseller=reseller, rate_bp=rate_bp, agreed_at=now)
    facts = {"owner": owner.code, "reseller": reseller.code, "rate_bp": rate_bp}
    audit(action="resale.agreed", about=resale, actor=actor, now=now, facts=facts)
    return resale
