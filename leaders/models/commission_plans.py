"""Commission plans: what a leader earns on each sale and how long it is held."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommissionPlan(models.Model):
    """A rate in basis points and the days between arrival and release."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    rate_bp = models.PositiveIntegerField(
        _("rate (basis points)"), help_text=_("1000 basis points are 10 %.")
    )
    hold_days = models.PositiveSmallIntegerField(_("days held after arrival"), default=3)
    is_default = models.BooleanField(
        _("default"),
        default=False,
        help_text=_("For leaders who have no plan of their own and whose level has none."),
    )

    class Meta:
        verbose_name = _("commission plan")
        verbose_name_plural = _("commission plans")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="commission_plan_one_default",
                violation_error_message=_("Another plan is the default."),
            ),
            models.CheckConstraint(
                condition=models.Q(rate_bp__lte=3000),
                name="commission_plan_rate_at_most_30_percent",
                violation_error_message=_("A commission rate is at most 30 %."),
            ),
            models.CheckConstraint(
                condition=models.Q(hold_days__range=(1, 15)),
                name="commission_plan_hold_1_to_15_days",
                violation_error_message=_("Commission is held for 1 to 15 days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
