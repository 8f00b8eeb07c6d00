"""What is known of a trip's return: differences at the door, totes still with leaders."""

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import NullIf

from fulfillment.domain.exceptions import Cause
from fulfillment.models.delivery import Stop
from fulfillment.models.exceptions import ExceptionCase, Stage
from fulfillment.models.handover import HandoverState
from fulfillment.models.warehouse import Tote, ToteState


def stops_open() -> QuerySet[Stop]:
    """Stops whose end nobody has entered; a leader's word alone is no end."""
    return Stop.objects.filter(Q(handover__isnull=True) | Q(handover__state=HandoverState.PENDING))


def handover_cases(drop_id: int) -> dict[tuple[int, Cause], int]:
    """(SKU, cause) → pieces of a drop that exceptions found at the door explain."""
    rows = (
        ExceptionCase.objects.filter(drop_id=drop_id, stage=Stage.HANDOVER, sku__isnull=False)
        .order_by()
        .values("sku_id", "cause")
        .annotate(pieces=Sum("qty"))
        .values_list("sku_id", "cause", "pieces")
    )
    return {(sku_id, Cause(cause)): pieces for sku_id, cause, pieces in rows if sku_id}


def totes_with_leader(leader_id: int, *, except_trip_id: int) -> QuerySet[Tote]:
    """Totes a leader has, the longest first, without those a trip has just brought.

    Totes without a plate come first: one with a plate is seen when it is used again.
    """
    return (
        Tote.objects.filter(state=ToteState.DELIVERED, drop__pickup_point__leader_id=leader_id)
        .exclude(drop__stops__trip_id=except_trip_id)
        .order_by(NullIf(F("plate_no"), Value("")).asc(nulls_first=True), "pk")
    )
