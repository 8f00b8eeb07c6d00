"""The queue of the service desk: claims by the time that is left to answer them."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from leaders.models.leaders import Leader
from orders.models.claims import Claim, ClaimState

# What the desk may look at: waiting for an answer, paid back without a bearer, decided.
WAITING, UNBORNE, DECIDED = "waiting", "unborne", "decided"
SHOWN = (WAITING, UNBORNE, DECIDED)


def claims_queued(show: str, query: str = "") -> QuerySet[Claim]:
    """Claims of the desk with what a row shows; those due first on top.

    `due_at` is when the next word is due: the first one after
    `CLAIM_FIRST_ANSWER_MINUTES`, the decision by the claim's own time. `query`
    is an order number, a leader's code, or a part of a SKU's name.
    """
    claims = {
        WAITING: Claim.objects.filter(state=ClaimState.FILED),
        UNBORNE: Claim.objects.filter(state=ClaimState.APPROVED, bearer="", refund__isnull=False),
        DECIDED: Claim.objects.exclude(state=ClaimState.FILED),
    }[show]
    if query:
        claims = claims.filter(
            Q(order_line__order__order_no__iexact=query)
            | Q(order_line__order__leader__code__iexact=query)
            | Q(order_line__sku_name__icontains=query)
        )
    order = ("due_at", "filed_at", "pk") if show == WAITING else ("-decided_at", "-pk")
    return (
        claims.annotate(due_at=_due_at())
        .select_related("order_line__order__leader", "order_line__order__campaign", "refund")
        .order_by(*order)
    )


def next_waiting(claim: Claim) -> Claim | None:
    """The claim to look at after this one."""
    return claims_queued(WAITING).exclude(pk=claim.pk).first()


def claims_of_leader(leader: Leader) -> QuerySet[Claim]:
    """Claims about a leader's orders, those that wait for their word first."""
    waits = Case(When(state=ClaimState.FILED, leader_stance="", then=0), default=1)
    return (
        Claim.objects.filter(order_line__order__leader=leader)
        .select_related("order_line__order", "refund")
        .order_by(waits, "-filed_at", "-pk")
    )


def _due_at() -> Case:
    first = F("filed_at") + timedelta(minutes=settings.CLAIM_FIRST_ANSWER_MINUTES)
    decision = F("filed_at") + timedelta(hours=settings.CLAIM_DECIDE_HOURS)
    return Case(
        When(replied_at__isnull=True, then=first),
        default=Coalesce(F("decide_by"), decision),
        output_field=DateTimeField(),
    )
