"""Log-ins and the role each one works in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leaders.domain.elevations import Borrowed


class Role(models.TextChoices):
    """What a log-in is for; one person with two jobs has two log-ins."""

    LEADER = "leader", _("Leader")
    WAREHOUSE = "warehouse", _("Warehouse")
    DISPATCHER = "dispatcher", _("Dispatcher")
    BUYER = "buyer", _("Buyer")
    DRIVER = "driver", _("Driver")
    RECRUITER = "recruiter", _("Recruiter")
    SERVICE = "service", _("Service")
    FINANCE = "finance", _("Finance")
    HELPER = "helper", _("Pickup helper")
    RECEIVER = "receiver", pgettext_lazy("role", "Receiver")
    SORTER = "sorter", pgettext_lazy("role", "Sorter")
    COMPLIANCE = "compliance", _("Compliance")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A log-in. Staff reach the admin; the role decides which pages open."""

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.LEADER)

    # No column: what `selectors.access` found for this object.
    borrowed: Borrowed | None

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="user_role_known",
                violation_error_message=_("Unknown role."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
