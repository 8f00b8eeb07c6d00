"""Figures of a campaign that is over, added up once so that reports read few rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.catalogue import Sku


class CampaignFigures(models.Model):
    """What the figures of reports are made of, as `fulfillment.domain.kpis` names the parts."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.PROTECT, related_name="figures", verbose_name=_("campaign")
    )
    city = models.CharField(_("city"), max_length=60)
    delivery_date = models.DateField(_("delivery date"))
    parts = models.JSONField(_("parts"))
    added_up_at = models.DateTimeField(_("added up at"))

    class Meta:
        verbose_name = _("campaign figures")
        verbose_name_plural = _("campaign figures")
        ordering = ["-delivery_date", "pk"]
        indexes = [
            models.Index(fields=["delivery_date", "city"], name="campaign_figures_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}"


class LeaderFigures(models.Model):
    """One leader in one campaign."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="leader_figures",
        verbose_name=_("campaign"),
    )
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="figures", verbose_name=_("leader")
    )
    delivery_date = models.DateField(_("delivery date"))
    orders = models.PositiveIntegerField(_("orders"))
    residents = models.PositiveIntegerField(_("residents"))
    pieces = models.PositiveIntegerField(_("pieces"))
    paid_fen = models.PositiveBigIntegerField(_("paid (fen)"))
    refunded_fen = models.PositiveBigIntegerField(_("refunded (fen)"))
    short_pieces = models.PositiveIntegerField(_("short pieces"))
    claims = models.PositiveIntegerField(_("claims"))

    class Meta:
        verbose_name = _("leader figures")
        verbose_name_plural = _("leader figures")
        ordering = ["campaign", "leader"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "leader"],
                name="leader_figures_unique",
                violation_error_message=_("This leader's figures are added up already."),
            ),
        ]
        indexes = [models.Index(fields=["delivery_date"], name="leader_figures_by_day")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.leader_id}"


class SkuFigures(models.Model):
    """One SKU in one campaign."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="sku_figures", verbose_name=_("campaign")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="figures", verbose_name=_("SKU")
    )
    delivery_date = models.DateField(_("delivery date"))
    lines = models.PositiveIntegerField(_("lines"))
    pieces = models.PositiveIntegerField(_("pieces"))
    paid_fen = models.PositiveBigIntegerField(_("paid (fen)"))
    cost_fen = models.PositiveBigIntegerField(_("cost (fen)"))
    refunded_fen = models.PositiveBigIntegerField(_("refunded (fen)"))
    short_pieces = models.PositiveIntegerField(_("short pieces"))
    claims = models.PositiveIntegerField(_("claims"))

    class Meta:
        verbose_name = _("SKU figures")
        verbose_name_plural = _("SKU figures")
        ordering = ["campaign", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "sku"],
                name="sku_figures_unique",
                violation_error_message=_("This SKU's figures are added up already."),
            ),
        ]
        indexes = [models.Index(fields=["delivery_date"], name="sku_figures_by_day")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.sku_id}"
