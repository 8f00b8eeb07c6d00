"""Which refunds of claims need a second person, and which wait for one."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet, Sum

from leaders.models.countersignatures import Countersignature, CountersignatureState
from orders.models.claims import Claim

DEED = "refund"
# The kind of thing a countersignature of a claim is about.
OBJECT_TYPE = "claim"


def needs_signature(claim: Claim, refund_fen: int) -> bool:
    """Whether finance signs a refund: above `SERVICE_REFUND_MAX_FEN` for the whole order.

    What other claims of the order have paid back counts, so that a large
    refund is not made of small ones.
    """
    paid_fen: int = (
        Claim.objects.filter(order_line__order_id=claim.order_line.order_id)
        .exclude(pk=claim.pk)
        .aggregate(fen=Sum("refund__amount_fen", default=0))["fen"]
    )
    limit_fen: int = settings.SERVICE_REFUND_MAX_FEN
    return paid_fen + refund_fen > limit_fen


def signature_waiting(claim_id: int) -> Countersignature | None:
    """What finance has been asked about a claim and has not answered yet."""
    return _of([claim_id]).filter(state=CountersignatureState.WAITING).first()


def signature_last(claim_id: int) -> Countersignature | None:
    """What finance was asked about a claim last, however it ended."""
    return _of([claim_id]).select_related("asked_by", "decided_by").order_by("-pk").first()


def claims_waiting(claim_ids: Iterable[int]) -> frozenset[int]:
    """Those of these claims that wait for finance."""
    waiting = _of(claim_ids).filter(state=CountersignatureState.WAITING)
    return frozenset(int(key) for key in waiting.values_list("object_id", flat=True))


def _of(claim_ids: Iterable[int]) -> QuerySet[Countersignature]:
    return Countersignature.objects.filter(
        deed=DEED, object_type=OBJECT_TYPE, object_id__in=[str(key) for key in claim_ids]
    )
