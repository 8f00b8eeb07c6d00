"""How often a payment provider failed us, for whoever watches the platform."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GatewayFaultKind(models.TextChoices):
    """In which way an answer did not come."""

    SILENT = "silent", _("No answer")
    NOT_GENUINE = "not_genuine", _("Not genuine")
    BROKEN = "broken", _("Error of the provider")


class GatewayFault(models.Model):
    """One row for each provider and kind, counting for ever.

    Web and workers run in many processes on several machines; only the database
    counts for all of them. Faults are rare, or they are bounded by time-outs.
    """

    provider = models.CharField(_("provider"), max_length=20)
    kind = models.CharField(_("kind"), max_length=16, choices=GatewayFaultKind)
    faults = models.PositiveBigIntegerField(_("faults"))

    class Meta:
        verbose_name = _("fault of a payment provider")
        verbose_name_plural = _("faults of payment providers")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind"],
                name="gateway_fault_one_row_per_kind",
                violation_error_message=_("This kind of fault is counted already."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=GatewayFaultKind.values),
                name="gateway_fault_kind_known",
                violation_error_message=_("Unknown kind of fault."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"
