"""Claims: what can be claimed of a line, a resident's own, and those that wait for an answer."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import F, Prefetch, QuerySet, Sum

from orders.domain.claims import ClaimableLine
from orders.models.catalogue import Sku
from orders.models.claims import Claim, ClaimPhoto, ClaimState
from orders.models.orders import OrderLine, OrderState
from orders.models.payments import RefundLine, RefundReason, RefundState
from orders.models.residents import Resident

CLAIMABLE_STATES = (OrderState.FROZEN, OrderState.COMPLETED)
# Pieces that never came, and money that went back for them.
NOT_DELIVERED = (RefundReason.SHORTAGE, RefundReason.GROUP_NOT_REACHED)


def order_line_of_resident(*, resident_id: int, order_no: str, line_no: int) -> OrderLine | None:
    """A line of one of the resident's own orders; None for anybody else's."""
    return (
        OrderLine.objects.select_related("order__campaign", "order__leader", "sku")
        .filter(order__resident_id=resident_id, order__order_no=order_no, line_no=line_no)
        .first()
    )


def claimable_lines(lines: Iterable[OrderLine]) -> Mapping[int, ClaimableLine]:
    """What can still be claimed of lines, by their key, in three queries."""
    rows = list(lines)
    ids = [line.pk for line in rows]
    missing = RefundLine.objects.filter(order_line__in=ids, refund__reason__in=NOT_DELIVERED)
    short = dict(missing.values_list("order_line_id").annotate(pieces=Sum("qty")).order_by())
    light = RefundLine.objects.filter(
        order_line__in=ids, refund__reason=RefundReason.SHORT_WEIGHT
    ).exclude(refund__state=RefundState.CLOSED)
    light_fen = dict(light.values_list("order_line_id").annotate(fen=Sum("amount_fen")).order_by())
    standing = Claim.objects.filter(order_line__in=ids).exclude(state=ClaimState.REJECTED)
    claimed = {
        line_id: (share_bp, fen)
        for line_id, share_bp, fen in standing.order_by()
        .values_list("order_line_id")
        .annotate(share_bp=Sum(F("qty") * F("defect_bp")), fen=Sum("asked_fen"))
    }
    return {
        line.pk: ClaimableLine(
            qty=line.qty,
            amount_fen=line.amount_fen,
            # A line that fell out never came, whatever the refunds say.
            short_qty=line.qty if line.is_void else short.get(line.pk, 0),
            claimed_bp=claimed.get(line.pk, (0, 0))[0],
            claimed_fen=claimed.get(line.pk, (0, 0))[1],
            light_fen=light_fen.get(line.pk, 0),
        )
        for line in rows
    }


def promised_g(line: OrderLine, qty: int) -> int:
    """What so many pieces of a line were sold as, in grams."""
    return line.sku.weight_g * qty


def tolerance_bp(sku: Sku) -> int:
    """How much lighter than sold these goods may be before the rules owe something."""
    return sku.tolerance_bp or int(settings.CLAIM_WEIGHT_TOLERANCE_BP)


def claims_of_resident(resident: Resident) -> QuerySet[Claim]:
    """A resident's own claims, the newest first."""
    return (
        Claim.objects.filter(order_line__order__resident=resident)
        .select_related("order_line__order", "refund")
        .order_by("-filed_at", "-pk")
    )


def claims_with_photos() -> QuerySet[Claim]:
    """Every claim with what an answer needs to be seen."""
    photos = ClaimPhoto.objects.order_by("pk")
    return Claim.objects.select_related(
        "order_line__order__campaign", "order_line__order__leader", "order_line__sku", "refund"
    ).prefetch_related(Prefetch("photos", queryset=photos))
