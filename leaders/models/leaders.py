"""Leaders (团长), the people who run a group and a pickup point."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.commission_plans import CommissionPlan
from leaders.models.levels import LeaderLevel


class LeaderState(models.TextChoices):
    """Where a leader stands; the legal moves are in `leaders.domain.lifecycle`."""

    TRIAL = "trial", _("Trial")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    QUIT = "quit", _("Quit")


class Leader(models.Model):
    """A service provider paid by commission; never a reseller of the goods."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leader",
        verbose_name=_("log-in"),
    )
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    state = models.CharField(
        _("state"), max_length=16, choices=LeaderState, default=LeaderState.TRIAL
    )
    commission_plan = models.ForeignKey(
        CommissionPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaders",
        verbose_name=_("own commission plan"),
        help_text=_("Empty: the level's plan, else the default."),
    )
    level = models.ForeignKey(
        LeaderLevel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaders",
        verbose_name=_("level"),
    )
    joined_at = models.DateTimeField(_("joined at"))

    class Meta:
        verbose_name = _("leader")
        verbose_name_plural = _("leaders")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=LeaderState.values),
                name="leader_state_known",
                violation_error_message=_("Unknown leader state."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
