"""The queue of the service desk: claims that wait for an answer, by the time that is left."""

from django.db.models import F, QuerySet

from orders.models.claims import Claim, ClaimState


def claims_waiting() -> QuerySet[Claim]:
    """Claims nobody has decided, the one that is due first on top."""
    return (
        Claim.objects.filter(state=ClaimState.FILED)
        .select_related("order_line__order__leader", "order_line__sku")
        .order_by(F("decide_by").asc(nulls_first=True), "filed_at", "pk")
    )
