"""Figures of a campaign that is over, added up once so that reports read few rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
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


class PointFigures(models.Model):
    """One pickup point in one campaign."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="point_figures", verbose_name=_("campaign")
    )
    pickup_point = models.ForeignKey(
        PickupPoint,
        on_delete=models.PROTECT,
        related_name="figures",
        verbose_name=_("pickup point"),
    )
    delivery_date = models.DateField(_("delivery date"))
    orders = models.PositiveIntegerField(_("orders"))
    served_orders = models.PositiveIntegerField(
        _("orders with goods"), help_text=_("Of which at least one piece came.")
    )
    pieces = models.PositiveIntegerField(_("pieces"))
    given_pieces = models.PositiveIntegerField(
        _("pieces given"), help_text=_("Allocated, or something else instead.")
    )
    paid_fen = models.PositiveBigIntegerField(_("paid (fen)"))
    refunded_fen = models.PositiveBigIntegerField(_("refunded (fen)"))

    class Meta:
        verbose_name = _("pickup point figures")
        verbose_name_plural = _("pickup point figures")
        ordering = ["campaign", "pickup_point"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "pickup_point"],
                name="point_figures_unique",
                violation_error_message=_("This pickup point's figures are added up already."),
            ),
        ]
        indexes = [models.Index(fields=["delivery_date"], name="point_figures_by_day")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.pickup_point_id}"


class CohortFigures(models.Model):
    """Residents of a city whose first order was paid in one week, and those who came again.

    Weeks begin on Monday and are named by it; in week 0 all of them ordered.
    """

    city = models.CharField(_("city"), max_length=60)
    first_week = models.DateField(_("week of the first order"))
    weeks_after = models.PositiveSmallIntegerField(_("weeks after it"))
    residents = models.PositiveIntegerField(_("residents"))

    class Meta:
        verbose_name = _("cohort figures")
        verbose_name_plural = _("cohort figures")
        ordering = ["city", "first_week", "weeks_after"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "first_week", "weeks_after"],
                name="cohort_figures_unique",
                violation_error_message=_("This cohort's figures are added up already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.first_week} +{self.weeks_after}"
