"""How the demand of a day builds up (销售曲线), learnt from campaigns that are over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.campaigns import Campaign
from orders.models.catalogue import Sku


class SkuBuildUp(models.Model):
    """How one SKU of a campaign that is over sold in each step of the window.

    `pieces_by_step` has one figure for each of `orders.domain.demand_history.STEPS`.
    Bounded is what sold out or was sold in a slot only.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="build_ups", verbose_name=_("campaign")
    )
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="build_ups", verbose_name=_("SKU")
    )
    pieces_by_step = models.JSONField(_("pieces by step"))
    is_bounded = models.BooleanField(_("sold out, or sold in a slot"))

    class Meta:
        verbose_name = _("build-up of a SKU")
        verbose_name_plural = _("build-ups of SKUs")
        ordering = ["campaign", "sku"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "sku"],
                name="sku_build_up_unique_in_campaign",
                violation_error_message=_("This campaign already has the build-up of this SKU."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.sku_id}"


class DemandCurve(models.Model):
    """The share of a day's paid pieces that is in, by the part of the sales window that is over.

    `shares_bp` has one entry per step of the window, growing to 10,000.
    """

    city = models.CharField(_("city"), max_length=60)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), null=True, blank=True, help_text=_("Empty: every day of the week.")
    )
    shares_bp = models.JSONField(_("shares (basis points)"))
    days = models.PositiveIntegerField(_("campaigns learnt from"))
    error_bp = models.PositiveIntegerField(
        _("mean error (basis points)"),
        null=True,
        blank=True,
        help_text=_("Of days it had not seen; empty while there are too few."),
    )
    learnt_at = models.DateTimeField(_("learnt at"))

    class Meta:
        verbose_name = _("demand curve")
        verbose_name_plural = _("demand curves")
        ordering = ["city", "weekday"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "weekday"],
                name="demand_curve_unique",
                nulls_distinct=False,
                violation_error_message=_("This city already has a curve of that weekday."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} {self.weekday}"
