"""Levels of leaders: earned by own sales and service, never by recruiting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.commission_plans import CommissionPlan


class LeaderLevel(models.Model):
    """What a leader keeps up over 30 days to stand on it, and the plan it earns."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    rank = models.PositiveSmallIntegerField(
        _("rank"), unique=True, help_text=_("The lowest level has the smallest rank.")
    )
    commission_plan = models.ForeignKey(
        CommissionPlan,
        on_delete=models.PROTECT,
        related_name="levels",
        verbose_name=_("commission plan"),
    )
    min_orders = models.PositiveIntegerField(_("orders in 30 days"), default=0)
    min_buyers = models.PositiveIntegerField(_("buyers in 30 days"), default=0)
    max_claim_bp = models.PositiveIntegerField(
        _("claims at most (basis points of lines)"), null=True, blank=True
    )
    min_on_time_bp = models.PositiveIntegerField(
        _("counted in time at least (basis points of deliveries)"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("leader level")
        verbose_name_plural = _("leader levels")
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(max_claim_bp__isnull=True) | models.Q(max_claim_bp__lte=10_000))
                & (models.Q(min_on_time_bp__isnull=True) | models.Q(min_on_time_bp__lte=10_000)),
                name="leader_level_shares_at_most_whole",
                violation_error_message=_("A share is at most 10,000 basis points."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
