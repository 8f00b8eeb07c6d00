"""The frozen demand of a campaign: what was paid when the clock struck."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.campaigns import Campaign, Offer


class DemandSnapshot(models.Model):
    """Immutable totals of a campaign's paid lines and the hash over them."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.PROTECT, related_name="demand", verbose_name=_("campaign")
    )
    lines_hash = models.CharField(_("hash"), max_length=64)
    orders = models.PositiveIntegerField(_("orders"))
    lines = models.PositiveIntegerField(_("lines"))
    pieces = models.PositiveIntegerField(_("pieces"))
    paid_fen = models.PositiveBigIntegerField(_("paid (fen)"))
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("demand snapshot")
        verbose_name_plural = _("demand snapshots")

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.lines_hash[:8]}"


class DemandLine(models.Model):
    """Pieces of one offer in the snapshot."""

    snapshot = models.ForeignKey(
        DemandSnapshot,
        on_delete=models.PROTECT,
        related_name="demand_lines",
        verbose_name=_("demand snapshot"),
    )
    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, related_name="demand_line", verbose_name=_("offer")
    )
    qty = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("demand line")
        verbose_name_plural = _("demand lines")
        ordering = ["snapshot", "offer"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(qty__gt=0),
                name="demand_line_qty_positive",
                violation_error_message=_("The quantity must be positive."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.qty}"
