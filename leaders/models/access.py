"""Who may do more than a role: helpers of a leader, and rights borrowed for a while."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.accounts import Role
from leaders.models.leaders import Leader


class PickupHelper(models.Model):
    """Somebody who hands out goods for a leader, and sees nothing else of theirs."""

    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="helpers", verbose_name=_("leader")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="pickup_help",
        verbose_name=_("log-in"),
    )
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pickup helper")
        verbose_name_plural = _("pickup helpers")
        ordering = ["leader", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("since")),
                name="pickup_helper_ends_after_it_began",
                violation_error_message=_("Help ends after it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.user_id}"


class Elevation(models.Model):
    """Rights of another role, borrowed for a while with a written reason."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="elevations",
        verbose_name=_("log-in"),
    )
    role = models.CharField(_("role"), max_length=16, choices=Role)
    reason = models.CharField(_("reason"), max_length=300)
    begun_at = models.DateTimeField(_("begun at"))
    ends_at = models.DateTimeField(_("ends at"))
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, help_text=_("Given back before its time was up.")
    )

    class Meta:
        verbose_name = _("elevation")
        verbose_name_plural = _("elevations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begun_at")),
                name="elevation_ends_after_it_began",
                violation_error_message=_("Borrowed rights end after they began."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="elevation_has_reason",
                violation_error_message=_("Say why you need these rights."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="elevation_role_known",
                violation_error_message=_("Unknown role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
