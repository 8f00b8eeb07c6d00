"""Reasons, kinds, columns and dimensions of reports in words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fulfillment.selectors.report_tables import Dimension, LeaderSort, SkuSort
from orders.models.claims import ClaimKind
from orders.models.payments import RefundReason

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SKU_SORTS: dict[SkuSort, "_StrOrPromise"] = {
    SkuSort.PAID: _("Sales"),
    SkuSort.MARGIN: _("Margin"),
    SkuSort.PIECES: _("Pieces"),
    SkuSort.SHORT: _("Short rate"),
    SkuSort.REFUND: _("Refund rate"),
    SkuSort.CLAIM: _("Claim rate"),
}
LEADER_SORTS: dict[LeaderSort, "_StrOrPromise"] = {
    LeaderSort.PAID: _("Sales"),
    LeaderSort.ORDERS: _("Orders"),
    LeaderSort.RESIDENTS: _("Resident days"),
    LeaderSort.VALUE: _("Order value"),
    LeaderSort.SHORT: _("Short rate"),
    LeaderSort.REFUND: _("Refund rate"),
    LeaderSort.CLAIM: _("Claim rate"),
}
DIMENSIONS: dict[Dimension, "_StrOrPromise"] = {
    Dimension.ROUTE: _("Route"),
    Dimension.DRIVER: _("Driver"),
    Dimension.VEHICLE: _("Vehicle"),
}


def refund_reason_words(reason: str) -> str:
    """Why money went back."""
    return str(RefundReason(reason).label) if reason in RefundReason.values else reason


def claim_kind_words(kind: str) -> str:
    """What was wrong."""
    return str(ClaimKind(kind).label) if kind in ClaimKind.values else kind
