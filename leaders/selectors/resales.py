"""Who may sell for whom (帮卖)."""

from django.db.models import Q, QuerySet

from leaders.domain.lifecycle import LeaderState
from leaders.models.leaders import Leader
from leaders.models.resales import Resale

SELLING_STATES = (LeaderState.TRIAL, LeaderState.ACTIVE)


def resale_in_force(*, owner_id: int, reseller_code: str) -> Resale | None:
    """The agreement by which a leader sells for an owner; None once either has ended it.

    A reseller who is suspended or gone sells for nobody.
    """
    return (
        Resale.objects.select_related("reseller")
        .filter(
            owner_id=owner_id,
            reseller__code=reseller_code,
            reseller__state__in=SELLING_STATES,
            ended_at__isnull=True,
        )
        .first()
    )


def resales_between(leader: Leader) -> QuerySet[Resale]:
    """The agreements that name a leader on either side, ended ones too."""
    return Resale.objects.filter(Q(owner=leader) | Q(reseller=leader))


def resales_made_by(owner: Leader) -> QuerySet[Resale]:
    """The agreements in which others sell for this leader, the newest first."""
    return Resale.objects.filter(owner=owner).select_related("reseller").order_by("-pk")


def resales_offered_to(reseller: Leader) -> QuerySet[Resale]:
    """The agreements that hold in which this leader sells for others, by the owner's code."""
    held = Resale.objects.filter(reseller=reseller, ended_at__isnull=True)
    return held.select_related("owner").order_by("owner__code")
